"""Export of operations, to the person it is about."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from audit.values import label_of
from merging.permissions import TAKE_OVER
from operations.jobs import job_kinds
from operations.models import AuditEntry, AuditValue, Job, Notice, Proposal
from operations.notices import notice_kinds
from operations.trail import act_text, any_reason_text

from .export import Export


def export_rows(export: Export) -> None:
    notices = Notice.objects.filter(person__in=export.people).order_by("created_at", "pk")
    shown: Any = {
        "kind": _("kind"), "created_at": _("written on"), "sent_at": _("sent on"),
        "refused": _("what the mail server said"),
    }  # fmt: skip
    export.rows(notices, _("Messages to you"), shown, say={"kind": _subject})
    jobs = Job.objects.filter(by__in=export.people).order_by("created_at", "pk")
    shown = {"kind": _("kind"), "created_at": _("started on"), "state": _("state")}
    export.rows(jobs, _("Long jobs you started"), shown, say={"kind": _title})
    _trail(export)


def _subject(kind: str) -> StrOrPromise:
    return notice_kinds[kind].subject if kind in notice_kinds else kind


def _title(kind: str) -> StrOrPromise:
    return job_kinds[kind].title if kind in job_kinds else kind


def _trail(export: Export) -> None:
    ids = [person.public_id for person in export.people]
    about_me = Q(subject_kind="user", subject_id__in=ids) | Q(values__person_id__in=ids)
    entries = AuditEntry.objects.filter(about_me | Q(by__in=export.people)).distinct().order_by("at", "pk")
    shown: Any = {"at": _("when"), "act": _("act"), "by": _("by"), "reason": _("reason")}
    export.rows(
        entries,
        _("What was done about you, and what you did"),
        shown,
        say={"act": act_text, "reason": any_reason_text},
        kept=("before", "after"),
    )
    values = AuditValue.objects.filter(person_id__in=ids).order_by("pk")
    shown = {"field": _("field"), "before": _("before"), "after": _("after")}
    title = _("Your names, addresses and numbers in those entries")
    export.rows(values, title, shown, say={"field": label_of}, kept=("before", "after"))
    _proposals(export)


def _proposals(export: Export) -> None:
    """Add proposals.

    Of a request to take somebody over, unless it was confirmed, only what was typed: whom it found, and that
    the other agency said no, are told to nobody who asks.
    """
    mine = Q(proposed_by__in=export.people) | Q(decided_by__in=export.people)
    asked = Q(act=TAKE_OVER, proposed_by__in=export.people)
    quiet = asked & (Q(outcome=None) | ~Q(outcome=Proposal.Outcome.CONFIRMED))
    proposals = Proposal.objects.order_by("proposed_at", "pk")
    title = _("What you proposed or decided with somebody")
    shown: Any = {
        "act": _("act"), "proposed_by": _("proposed by"), "proposed_at": _("proposed on"),
        "decided_by": _("decided by"), "decided_at": _("decided on"), "outcome": _("outcome"),
    }  # fmt: skip
    export.rows(proposals.filter(mine & ~quiet), title, shown, say={"act": act_text}, kept=("payload",))
    typed = ("public_id", "act", "payload", "proposed_at", "expires_at")
    rows: Any = [{**row, "act": act_text(row["act"])} for row in proposals.filter(quiet).values(*typed)]
    export.summed(Proposal, title, rows, {"act": _("act"), "proposed_at": _("proposed on")})

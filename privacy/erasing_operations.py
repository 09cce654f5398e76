"""Erasure in operations, which knows no people's signals."""

from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from operations import results
from operations.models import AuditEntry, AuditValue, Errand, Job, Notice, Proposal

from .erasing_people import ACTS, HISTORY
from .erasure import Erasure


def erase(erasure: Erasure) -> None:
    _messages(erasure)
    _jobs(erasure)
    _trail(erasure)


def _messages(erasure: Erasure) -> None:
    notices = Notice.objects.filter(person__in=erasure.people)
    erasure.remove(notices.filter(sent_at=None), _("Messages that were not sent yet"))
    erasure.clear(notices.exclude(refused=""), _("What mail servers said about your address"), refused="")
    erasure.keep(
        notices, _("That a person whose name was erased was told something, and when"), HISTORY, "person"
    )
    errands = _errands_that_name(erasure)
    erasure.clear(errands, _("Error messages that hold your address"), error="")


def _errands_that_name(erasure: Erasure) -> QuerySet[Errand]:
    named = Q(pk=None)
    for person in erasure.people:
        if person.email:
            named |= Q(error__icontains=person.email)
    return Errand.objects.filter(named)


def _jobs(erasure: Erasure) -> None:
    jobs = Job.objects.filter(by__in=erasure.people)
    kept = Job.objects.filter(Q(by__in=erasure.people) | Q(subject_id__in=erasure.ids)).exclude(result="")
    deletions = [partial(results.delete, name) for name in kept.values_list("result", flat=True)]
    erasure.files(_("Files you had made"), deletions)
    erasure.clear(kept, _("Links to such files"), result="", result_name="")
    erasure.keep(jobs, _("Which long jobs a person whose name was erased started"), ACTS, "by")


def _trail(erasure: Erasure) -> None:
    values: QuerySet[AuditValue] = AuditValue.objects.filter(person_id__in=erasure.ids)
    text = _("Your names, addresses and numbers in the audit trail")
    erasure.clear(values.exclude(salt=None), text, salt=None, before=None, after=None)
    erasure.keep(values, _("Which entries were about a person whose name was erased"), ACTS, "person_id")
    mine = Q(by__in=erasure.people)
    erasure.keep(AuditEntry.objects.filter(mine), _("What a person whose name was erased did"), ACTS, "by")
    decided: Any = Q(proposed_by__in=erasure.people) | Q(decided_by__in=erasure.people)
    proposals = Proposal.objects.filter(decided)
    erasure.keep(
        proposals,
        _("What a person whose name was erased proposed or decided"),
        ACTS,
        "proposed_by",
        "decided_by",
    )

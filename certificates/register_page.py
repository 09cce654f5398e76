"""The register's page of one certificate: verdict, facts, what may be done about it, what happened."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from locales.dates import day_text, end_text, instant_text
from operations import clock, clock_guard, proposals
from operations.codes import grouped
from operations.models import Proposal
from people.models import User

from . import chains, corrections, permissions, words
from .acts import acts
from .forms_life import AsOfForm, form_of
from .models import Certificate, CertificateEvent, Readmission, TrainingGiver, TrainingKind
from .public_page import CLOCK_BEHIND, NOT_PROVED
from .state import State, in_force, state_at
from .views import summary

Kind = CertificateEvent.Kind
LOOK = {Kind.REVOKED: "gone", Kind.VOIDED: "gone", Kind.SUSPENDED: "stop", Kind.ENDED: "stop"}


def way_up(certificate: Certificate | None = None) -> list[dict[str, str]]:
    crumbs = [{"text": _("Register of certificates"), "href": reverse("certificates:register")}]
    if certificate is not None:
        href = reverse("certificates:one", args=[certificate.public_id])
        crumbs.append({"text": grouped(certificate.short_code), "href": href})
    return crumbs


def certificate_page(request: HttpRequest, certificate: Certificate) -> dict[str, Any]:
    """Return what the pages of a certificate and of a proposal about it show."""
    agency = certificate.bearer.agency or {}
    language = get_language() or "az"
    shown = summary(certificate)
    checked = None if shown["state"] == words.NOT_CHECKED else shown["certificate_state"]
    verdict = words.verdict(checked)
    if clock_guard.is_behind(certificate.issued_at):
        verdict = replace(verdict, text=str(CLOCK_BEHIND))
    elif not hasattr(certificate, "check_record"):
        verdict = replace(verdict, text=str(NOT_PROVED))
    return {
        **shown,
        "neighbours": chains.neighbours(certificate),
        "names": certificate.bearer.names or {},
        "recognised": recognised_words(certificate),
        "agency": agency.get(language) or agency.get("az", ""),
        "verdict": verdict,
        "framed": checked is not None and checked.state is State.VALID,
        "section": "register",
    }


def recognised_words(certificate: Certificate) -> list[StrOrPromise]:
    """Return what other training a certificate rests on, and where that was decided; nothing where an exam was passed."""
    if not certificate.is_recognised:
        return []
    shown = certificate.award.evidence["shown"][0]["recognition"]
    training = shown["training"]
    return [
        TrainingKind(training["kind"]).label,
        TrainingGiver(training["giver"]).label,
        day_text(date.fromisoformat(training["day"])),
        shown["reference"],
    ]


def whose_training(user: Any, certificate: Certificate) -> User | None:
    """Return the holder, where `user` may propose to recognise other training of theirs."""
    holder = certificate.award.person.surviving
    return holder if permissions.can_propose_recognition(user, [holder]) else None


def what_may_be_done(user: Any, certificate: Certificate) -> list[dict[str, Any]]:
    """Return a row an act: its form where `user` may ask for it now, else why not."""
    waiting = {
        each.act: each for each in proposals.waiting(subject_id=certificate.public_id).filter(act__in=acts)
    }
    rows = []
    for act in acts.values():
        proposal = waiting.get(act.code)
        shut: StrOrPromise = act.shut(certificate)
        if not shut and not permissions.can_propose(user, act.propose_permission, certificate):
            shut = permissions.NOT_ONES_OWN
        rows.append(
            {"act": act, "proposal": proposal, "shut": "" if proposal else shut, "form": form_of(act)}
        )
    return sorted(rows, key=lambda row: bool(row["shut"]))


def what_may_be_corrected(user: Any, certificate: Certificate) -> list[dict[str, Any]]:
    """Return a row for the name and for the agency: the way to its form, to the proposal that waits, or why not."""
    person = certificate.award.person.surviving
    waiting = corrections.waiting_for([person]).first()
    shut: StrOrPromise = ""
    if certificate not in corrections.current_of([person.pk])[person.pk]:
        shut = _("What it says stays: it is not in force, or was erased.")
    elif not permissions.can_propose_correction(user, person):
        shut = permissions.NOT_OF_ONESELF
    return [
        {
            "title": title,
            "shut": "" if waiting else shut,
            "waits": reverse("certificates:correction", args=[waiting.public_id]) if waiting else "",
            "href": reverse("certificates:correct", args=[certificate.public_id, what]),
        }
        for what, title in corrections.TITLES.items()
        if waiting is None or waiting.reason_category == what
    ]


def history_of(certificate: Certificate) -> list[dict[str, Any]]:
    """Return what happened, newest first, with who decided; what is still to come stands first, as planned."""
    events = list(
        certificate.events.defer("statement")
        .select_related("by", "proposal__proposed_by", "proposal__decided_by", "undoes", "successor")
        .order_by("number")
    )
    now = clock.now()
    state = state_at(certificate, now).state
    standing = in_force(events, now, now) if state is State.SUSPENDED else []
    rows = [
        {
            "look": "plan", "at": event.until, "title": _("The suspension ends by itself"),
            "lines": [_("To end it early: two registrars. Longer: only anew, after its end.")],
        }
        for event in standing
        if event.until is not None
    ]  # fmt: skip
    end = certificate.rules_end_at
    if end and now < end < certificate.valid_to and state in {State.VALID, State.NOT_YET, State.SUSPENDED}:
        rows.append(
            {
                "look": "plan", "at": end, "title": _("Ends because its rules have changed"),
                "lines": [_("Unless it is renewed before.")],
            }
        )  # fmt: skip
    happened = [(event.recorded_at, _row(event)) for event in reversed(events)]
    happened += [(each.recorded_at, _readmitted(each)) for each in _readmissions(certificate)]
    rows += [row for _at, row in sorted(happened, key=lambda pair: pair[0], reverse=True)]
    rows.append({"look": "ok", "at": certificate.issued_at, "title": _("Issued"), "lines": [], "event": None})
    return rows


def _row(event: CertificateEvent) -> dict[str, Any]:
    lines: list[StrOrPromise] = [event.get_reason_display(), who_decided(event)]
    if event.until is not None:
        lines.insert(1, _("until %(end)s") % {"end": end_text(event.until)})
    if event.kind == Kind.REVOKED and event.reach is not None:
        lines.insert(1, event.get_reach_display())
    if event.undoes is not None:
        undone = event.undoes
        lines.insert(
            1, _("undone: %(what)s, %(when)s")
            % {"what": undone.get_kind_display(), "when": instant_text(undone.effective_at)},
        )  # fmt: skip
    if abs(event.recorded_at - event.effective_at) > timedelta(minutes=1):
        lines.append(_("recorded on %(when)s") % {"when": instant_text(event.recorded_at)})
    return {
        "look": LOOK.get(Kind(event.kind), "ok"),
        "at": event.effective_at,
        "title": words.EVENTS[event.kind],
        "lines": [line for line in lines if line],
        "successor": event.successor,
        "event": event,
    }


def _readmissions(certificate: Certificate) -> QuerySet[Readmission]:
    """Return those of the holder for the same qualification."""
    found = Readmission.objects.filter(
        person__in=User.objects.records_of(certificate.award.person.surviving.pk),
        qualification=certificate.qualification_version.qualification_id,
    )
    return found.select_related("proposal__proposed_by", "proposal__decided_by")


def _readmitted(readmission: Readmission) -> dict[str, Any]:
    first_day = day_text(clock.first_day(readmission.opens_at))
    return {
        "look": "ok",
        "at": readmission.recorded_at,
        "title": _("Readmitted from %(day)s on.") % {"day": first_day},
        "lines": [readmission.get_reason_display(), _two(readmission.proposal)],
    }


def who_decided(event: CertificateEvent) -> StrOrPromise:
    if event.proposal is not None and event.proposal.decided_by is not None:
        return _two(event.proposal)
    return _("Decided by %(name)s.") % {"name": event.by.get_short_name()} if event.by else ""


def _two(proposal: Proposal) -> StrOrPromise:
    return _("Proposed by %(first)s, confirmed by %(second)s.") % {
        "first": proposal.proposed_by.get_short_name(),
        "second": proposal.decided_by.get_short_name() if proposal.decided_by else "",
    }


def as_of(certificate: Certificate, form: AsOfForm) -> StrOrPromise:
    """Return the state at the end of a day, as known at the end of another, in a sentence; empty until it is asked."""
    if not form.is_bound or not form.is_valid():
        return ""
    on, known = form.cleaned_data["on"], form.cleaned_data["known"] or clock.today()
    if certificate.issued_at > _end(known):
        return _("As known at the end of %(known)s: not issued yet.") % {"known": day_text(known)}
    found = state_at(certificate, _end(on), known_at=_end(known))
    return _("At the end of %(day)s, as known at the end of %(known)s: %(state)s.") % {
        "day": day_text(on),
        "known": day_text(known),
        "state": words.STATES[found.state]
        if found.until is None or found.state is not State.SUSPENDED
        else _("%(state)s until %(end)s")
        % {"state": words.STATES[found.state], "end": end_text(found.until)},
    }


def _end(day: date) -> datetime:
    return min(clock.end_of(day) - timedelta(microseconds=1), max(clock.now(), clock.start_of(day)))

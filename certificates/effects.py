"""Changes that the confirmation of a proposed act would bring, in words: for who decides about it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_stubs_ext import StrOrPromise

from locales.dates import day_text, end_text
from operations import clock
from operations.codes import grouped

from .models import Certificate, CertificateEvent
from .state import State, state_at, state_from_events
from .words import STATES

Reach = CertificateEvent.Reach

# Filled by clearance: the certificate and whether it is lost -> duties it opens or closes, decisions that rest on it.
on_duties: list[Callable[[Certificate, bool], list[StrOrPromise]]] = []


def _duties(certificate: Certificate, *, lost: bool) -> list[StrOrPromise]:
    return [line for ask in on_duties for line in ask(certificate, lost)]


def of_revocation(certificate: Certificate, payload: Mapping[str, Any]) -> list[StrOrPromise]:
    return [
        *_reach(certificate, payload["reach"]),
        _("Once confirmed, the public page says revoked at once, and the signed list reports it."),
        *_duties(certificate, lost=True),
    ]


def _reach(certificate: Certificate, reach: str) -> list[StrOrPromise]:
    code = certificate.qualification_version.qualification.code
    if reach == Reach.CERTIFICATE:
        return [_("It applies to this certificate only: the exam of %(code)s stays open.") % {"code": code}]
    others = [each for each in of_holder(certificate) if each.pk != certificate.pk]
    named = ", ".join(f"{grouped(each.short_code)} ({STATES[state_at(each).state]})" for each in others)
    with_others = ngettext(
        "Another certificate is revoked along: %(which)s.",
        "Other certificates are revoked along: %(which)s.",
        len(others),
    )
    return [
        _(
            "It applies to the whole qualification %(code)s: its exams stay closed until two "
            "registrars readmit the person."
        )
        % {"code": code},
        *([with_others % {"which": named}] if others else []),
    ]


def of_holder(certificate: Certificate) -> list[Certificate]:
    """Return those of the same qualification that are neither revoked nor void, newest first."""
    held = Certificate.objects.held_by(certificate.award.person.surviving).order_by("-pk")
    same = held.filter(
        qualification_version__qualification=certificate.qualification_version.qualification_id
    )
    found = same.prefetch_related("events").defer("statement")
    return [each for each in found if state_at(each).state not in {State.REVOKED, State.VOID}]


def of_suspension(certificate: Certificate, payload: Mapping[str, Any]) -> list[StrOrPromise]:
    until = day_text(date.fromisoformat(payload["last_day"]))
    return [
        _("Suspended until the end of %(day)s; then it is in force again by itself.") % {"day": until},
        *_duties(certificate, lost=True),
    ]


def of_reinstatement(certificate: Certificate, payload: Mapping[str, Any]) -> list[StrOrPromise]:
    undone = CertificateEvent.objects.filter(public_id__in=payload["undoes"]).select_related("certificate")
    lines: list[StrOrPromise] = [
        _("Undone: %(what)s, certificate %(code)s.")
        % {"what": event.get_kind_display(), "code": grouped(event.certificate.short_code)}
        for event in undone.order_by("certificate_id", "number")
    ]
    return [
        *lines,
        *_afterwards(certificate, {event.pk for event in undone}),
        *_duties(certificate, lost=False),
    ]


def _afterwards(certificate: Certificate, undone: Collection[int]) -> list[StrOrPromise]:
    """Say what it is then, where it is not valid again."""
    now = clock.now()
    others = [event for event in certificate.events.all() if event.pk not in undone]
    found = state_from_events(certificate.valid_from, certificate.valid_to, others, now, now)
    if found.state is State.VALID:
        return []
    if found.state is State.SUSPENDED and found.until is not None:
        said = {"end": end_text(found.until)}
        return [_("It stays suspended until %(end)s; then it is in force again by itself.") % said]
    return [_("Its state is then: %(state)s.") % {"state": STATES[found.state]}]


def of_voiding(certificate: Certificate, payload: Mapping[str, Any]) -> list[StrOrPromise]:
    return [
        _("It counts as never issued, also for the past. Its page and the signed list say so at once."),
        *_duties(certificate, lost=True),
    ]


def of_correction(certificates: Sequence[Certificate]) -> list[StrOrPromise]:
    """`certificates`: those that are replaced; with events."""
    lines: list[StrOrPromise] = []
    for certificate in certificates:
        found = state_at(certificate)
        said = {
            "code": grouped(certificate.short_code),
            "qualification": certificate.qualification_version.qualification.code,
            "day": day_text(clock.last_day(certificate.valid_to)),
        }
        lines.append(
            _("%(code)s (%(qualification)s, last day %(day)s) is replaced by a new one for the same days.")
            % said
        )
        if found.state is State.SUSPENDED and found.until is not None:
            lines.append(
                _("The new certificate is suspended for as long as the earlier one was: until %(end)s.")
                % {"end": end_text(found.until)}
            )
    if certificates:
        lines.append(
            _("Once confirmed, the earlier certificates are no longer in force, and the signed list says so.")
        )
    return lines


def of_readmission(certificate: Certificate, payload: Mapping[str, Any]) -> list[StrOrPromise]:
    code = certificate.qualification_version.qualification.code
    day = day_text(date.fromisoformat(payload["first_day"]))
    return [
        _("Exams of %(code)s open again from %(day)s on.") % {"code": code, "day": day},
        _("What was revoked stays revoked: the qualification is earned anew."),
    ]

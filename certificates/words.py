"""Words for a certificate's state, said to whoever checks it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from locales.dates import day_text, end_text, instant_text
from operations import clock, clock_guard

from .checking import Examination, ListSeen, SlowProofs, ViewCheck
from .models import Certificate, CertificateCheck, CertificateEvent
from .state import CertificateState, State

SEALS = {
    State.VOID: "revoked",
    State.REVOKED: "revoked",
    State.SUPERSEDED: "superseded",
    State.ENDED: "ended",
    State.SUSPENDED: "suspended",
    State.EXPIRED: "expired",
    State.NOT_YET: "notyet",
    State.VALID: "valid",
}
STATES = {
    State.VALID: gettext_lazy("valid"),
    State.EXPIRED: gettext_lazy("expired"),
    State.NOT_YET: gettext_lazy("not yet in force"),
    State.SUSPENDED: gettext_lazy("suspended"),
    State.ENDED: gettext_lazy("ended early"),
    State.SUPERSEDED: gettext_lazy("replaced"),
    State.REVOKED: gettext_lazy("revoked"),
    State.VOID: gettext_lazy("void"),
}
# What happened, as the title of an entry in the history of a certificate.
EVENTS: dict[str, StrOrPromise] = {
    CertificateEvent.Kind.REVOKED: gettext_lazy("Revoked"),
    CertificateEvent.Kind.SUSPENDED: gettext_lazy("Suspended"),
    CertificateEvent.Kind.REINSTATED: gettext_lazy("Reinstated"),
    CertificateEvent.Kind.SUPERSEDED: gettext_lazy("Superseded"),
    CertificateEvent.Kind.ENDED: gettext_lazy("Ended early"),
    CertificateEvent.Kind.VOIDED: gettext_lazy("Void from the start"),
    CertificateEvent.Kind.ERASED: gettext_lazy("Erased at the person's request"),
}
TAGS = {
    State.VALID: "ok",
    State.EXPIRED: "warn",
    State.NOT_YET: "none",
    State.SUSPENDED: "warn",
    State.SUPERSEDED: "none",
    State.ENDED: "warn",
    State.REVOKED: "bad",
    State.VOID: "bad",
}


NOT_CHECKED = gettext_lazy("could not be checked")


def told(certificate: Certificate, certificate_state: CertificateState) -> tuple[StrOrPromise, str]:
    """State and colour of its tag in lists. What was not verified as a whole yet, or did not verify last night, and all
    while our clock is behind, is called nothing else.
    """
    record = getattr(certificate, "check_record", None)
    if record is None or record.failed or clock_guard.is_behind(certificate.issued_at):
        return NOT_CHECKED, "warn"
    return STATES[certificate_state.state], TAGS[certificate_state.state]


@dataclass(frozen=True, kw_only=True)
class PageVerdict:
    """`seal` picks colour and figure; `advice` says what to do, `meaning` what the result says and not."""

    seal: str
    title: str
    text: str
    advice: str
    meaning: tuple[str, ...]


def verdict(
    certificate_state: CertificateState | None, criteria: str = "", left_on: date | None = None
) -> PageVerdict:
    """The answer in words; None where a check could not be completed. `criteria`: what the signed statement says the
    holder has shown; `left_on`: when a registrar left it as it is, though the exam counted no longer as passed.
    """
    if certificate_state is None:
        return PageVerdict(
            seal="unknown",
            title=_("It could not be checked"),
            text=_("A signature or a signed list does not agree with the register, or is out of date."),
            advice=_(
                "Do not treat the certificate as valid. Check again in five minutes, or ask the issuer."
            ),
            meaning=(
                _("This page says neither valid nor revoked. What is not certain is never shown as valid."),
                _(
                    "You can still scan the QR code on paper. Your own device checks its signature, but "
                    "cannot tell whether the certificate was revoked."
                ),
            ),
        )
    title, text, advice = _words(certificate_state)
    return PageVerdict(
        seal=SEALS[certificate_state.state],
        title=title,
        text=text,
        advice=advice,
        meaning=_meaning(certificate_state.state, criteria, left_on),
    )


def _meaning(state: State, criteria: str, left_on: date | None) -> tuple[str, ...]:
    evidence = _("Anyone can check that a certificate is genuine. Who checked is not recorded.")
    if state in {State.REVOKED, State.ENDED, State.SUSPENDED, State.VOID}:
        decided = _("The issuer has decided so. If the decision is changed, this page says so at once.")
        return decided, evidence
    powers = _(
        "The certificate by itself gives no powers: the holder's agency decides who may do which task."
    )
    if left_on is not None:
        criteria += " " + _(
            "After it was issued the result of the exam was changed, and it no longer counted as passed; a registrar "
            "decided on %(day)s that the certificate stays as it is."
        ) % {"day": day_text(left_on)}
    return f"{criteria} {powers}".strip(), evidence


# title, what it means, what to do; %(instant)s is when it began, %(day)s the last day before it
WORDS = {
    State.VALID: (
        gettext_lazy("This certificate is valid"),
        gettext_lazy("Issued by the programme, not expired, not suspended, not revoked."),
        gettext_lazy("Check the identity of the person in front of you separately."),
    ),
    State.EXPIRED: (
        gettext_lazy("This certificate has expired"),
        gettext_lazy("Its last day was %(day)s."),
        gettext_lazy(
            "Do not rely on it for a new task. Ask the holder whether there is a newer certificate."
        ),
    ),
    State.NOT_YET: (
        gettext_lazy("This certificate is not yet in force"),
        gettext_lazy("It will be valid from %(instant)s."),
        gettext_lazy("Do not rely on it before then."),
    ),
    State.SUSPENDED: (
        gettext_lazy("This certificate is suspended"),
        gettext_lazy(
            "From %(instant)s until %(end)s; then it is in force again by itself. The reason is not "
            "shown here."
        ),
        gettext_lazy("Do not rely on it during this time. A suspension is not proof of misconduct."),
    ),
    State.ENDED: (
        gettext_lazy("This certificate has ended early"),
        gettext_lazy("Not in force since %(instant)s. This is not the fault of the holder."),
        gettext_lazy(
            "Do not rely on it for a new task. Ask the holder whether there is a newer certificate."
        ),
    ),
    State.SUPERSEDED: (
        gettext_lazy("This certificate has been replaced"),
        gettext_lazy("Another certificate has stood in its place since %(instant)s."),
        gettext_lazy("Ask the holder for the newer certificate."),
    ),
    State.VOID: (
        gettext_lazy("This certificate is void from the start"),
        gettext_lazy("It counts as never issued. The reason is not shown here."),
        gettext_lazy("Do not rely on this certificate, nor on anything that rested on it."),
    ),
    State.REVOKED: (
        gettext_lazy("This certificate has been revoked"),
        gettext_lazy("Not in force since %(instant)s. The reason is not shown here."),
        gettext_lazy("Do not rely on this certificate."),
    ),
}


def _words(certificate_state: CertificateState) -> tuple[str, str, str]:
    title, text, advice = WORDS[certificate_state.state]
    when = {
        "instant": instant_text(certificate_state.since),
        "end": end_text(certificate_state.until) if certificate_state.until else "",
        "day": day_text(clock.last_day(certificate_state.since)),
    }
    return str(title), str(text) % when, str(advice)


def check_lines(examination: Examination) -> list[dict[str, str]]:
    """Return what was checked, for components/checks.html: tick, cross and warning sign."""
    lines = [
        _line(examination, check, title, text)
        for check, title, text in (
            (
                ViewCheck.STATEMENT,
                _("The digital signature of the certificate is genuine"),
                _("Ed25519, checked just now"),
            ),
            (
                ViewCheck.FACTS,
                _("The register says what was signed"),
                _("Qualification, number, days, edition; compared just now"),
            ),
            (
                ViewCheck.EVENTS,
                _("Everything recorded about it later is signed"),
                _("Each record is tied to the one before; checked just now"),
            ),
            (
                ViewCheck.REVOCATION,
                _("The signed list of revocations agrees with the register"),
                _list_text(examination.revocation),
            ),
            (
                ViewCheck.SUSPENSION,
                _("The signed list of suspensions agrees with the register"),
                _list_text(examination.suspension),
            ),
        )
    ]
    if examination.certificate_state is not None:
        lines.append(_in_force_line(examination.certificate_state))
    lines.append(_slow_line(examination.slow))
    return lines


def _line(examination: Examination, check: ViewCheck, title: str, text: str) -> dict[str, str]:
    if check in examination.held:
        return {"state": "ok", "title": title, "text": text}
    return {"state": "wait", "title": title, "text": _("could not be checked")}


def _list_text(seen: ListSeen | None) -> str:
    if seen is None:
        return ""
    return _("List no. %(number)s, signed on %(signed)s, good until %(until)s; its signature was checked just now") % {
        "number": seen.number,
        "signed": instant_text(seen.signed_at),
        "until": instant_text(seen.valid_until),
    }  # fmt: skip


def _in_force_line(certificate_state: CertificateState) -> dict[str, str]:
    if certificate_state.state is State.VALID:
        return {"state": "ok", "title": _("Within its days, not suspended, not revoked"), "text": ""}
    text = _("since %(instant)s") % {"instant": instant_text(certificate_state.since)}
    return {
        "state": "no",
        "title": _("Not in force: %(state)s") % {"state": STATES[certificate_state.state]},
        "text": text,
    }


def _slow_line(record: SlowProofs | None) -> dict[str, str]:
    title = _("Credential and signed PDF verified as a whole")
    if record is None:
        return {"state": "wait", "title": title, "text": _("not yet")}
    outcomes = {record.credential, record.document}
    if CertificateCheck.Outcome.FAILED in outcomes:
        return {"state": "no", "title": title, "text": _at(record.checked_at)}
    if CertificateCheck.Outcome.ERASED in outcomes:
        return {"state": "wait", "title": title, "text": _("erased at the person's request")}
    return {"state": "ok", "title": title, "text": _at(record.checked_at)}


def _at(instant: datetime) -> str:
    return _("at issue and every night; last on %(instant)s") % {"instant": instant_text(instant)}


# What an appeal against an event is called.
APPEALS: dict[str, StrOrPromise] = {
    CertificateEvent.Kind.REVOKED: gettext_lazy("Appeal against the revocation"),
    CertificateEvent.Kind.SUSPENDED: gettext_lazy("Appeal against the suspension"),
    CertificateEvent.Kind.VOIDED: gettext_lazy("Appeal against declaring it void"),
    CertificateEvent.Kind.ENDED: gettext_lazy("Appeal against its early end"),
}

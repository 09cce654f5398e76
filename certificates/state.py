"""The state of a certificate at an instant, as known at an instant: one function for every page and check."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from operations import clock

from .models import Certificate, CertificateEvent

Kind = CertificateEvent.Kind


class State(StrEnum):
    """Strongest first."""

    VOID = "void"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    NOT_YET = "not-yet"
    VALID = "valid"


BY_EVENT = {
    Kind.VOIDED: State.VOID,
    Kind.REVOKED: State.REVOKED,
    Kind.SUPERSEDED: State.SUPERSEDED,
    Kind.SUSPENDED: State.SUSPENDED,
}
ENDED_BY_REINSTATEMENT = {Kind.VOIDED, Kind.REVOKED, Kind.SUSPENDED}


@dataclass(frozen=True, kw_only=True)
class CertificateState:
    """`since`: when the state began. `until`: when a valid one ends. `reason`: a category, of an event."""

    state: State
    since: datetime
    until: datetime | None = None
    reason: str = ""


def state_at(
    certificate: Certificate, instant: datetime | None = None, *, known_at: datetime | None = None
) -> CertificateState:
    """Return what holds at `instant` (now), going by what was known at `known_at` (now).

    Reads `certificate.events`: prefetch them for lists. Half-open: at `valid_to` it has expired.
    """
    now = clock.now()
    return state_from_events(
        certificate.valid_from,
        certificate.valid_to,
        certificate.events.all(),
        instant or now,
        known_at or now,
    )


def state_from_events(
    valid_from: datetime,
    valid_to: datetime,
    events: Iterable[CertificateEvent],
    instant: datetime,
    known_at: datetime,
) -> CertificateState:
    """An event counts from its instant, voiding from the start; a reinstatement ends what came before it."""
    in_force: dict[str, CertificateEvent] = {}
    for event in sorted(events, key=_in_order):
        if event.recorded_at > known_at or (event.kind != Kind.VOIDED and event.effective_at > instant):
            continue
        if event.kind == Kind.REINSTATED:
            in_force = {kind: e for kind, e in in_force.items() if kind not in ENDED_BY_REINSTATEMENT}
        else:
            in_force.setdefault(event.kind, event)
    for kind, state in BY_EVENT.items():
        if kind in in_force:
            since = valid_from if kind == Kind.VOIDED else in_force[kind].effective_at
            return CertificateState(state=state, since=since, reason=in_force[kind].reason)
    if instant >= valid_to:
        return CertificateState(state=State.EXPIRED, since=valid_to)
    if instant < valid_from:
        return CertificateState(state=State.NOT_YET, since=valid_from)
    return CertificateState(state=State.VALID, since=valid_from, until=valid_to)


def _in_order(event: CertificateEvent) -> tuple[datetime, datetime, int]:
    return event.effective_at, event.recorded_at, event.pk

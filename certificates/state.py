"""The state of a certificate at an instant, as known at an instant: one function for every page and check.

`register.in_state` says the same to the database: change both together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from operations import clock

from .models import Certificate, CertificateEvent

Kind = CertificateEvent.Kind


class State(StrEnum):
    """Strongest first."""

    VOID = "void"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    ENDED = "ended"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    NOT_YET = "not-yet"
    VALID = "valid"


BY_EVENT: Mapping[str, State] = {
    Kind.VOIDED: State.VOID,
    Kind.REVOKED: State.REVOKED,
    Kind.SUPERSEDED: State.SUPERSEDED,
    Kind.ENDED: State.ENDED,
    Kind.SUSPENDED: State.SUSPENDED,
}
# What a *reinstated* may undo. A supersession stays: its successor holds, and would hold beside it.
UNDOABLE = frozenset({Kind.VOIDED, Kind.REVOKED, Kind.ENDED, Kind.SUSPENDED})


class EventRow(Protocol):
    """Columns of an event that the state needs: the model has them, and `read_model.KeptEvent`."""

    @property
    def pk(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def effective_at(self) -> datetime: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def until(self) -> datetime | None: ...
    @property
    def undoes_id(self) -> int | None: ...


@dataclass(frozen=True, kw_only=True)
class CertificateState:
    """`since`: when the state began. `until`: when one that is valid, or will be, ends, by its days, by an event that is
    announced or because its rules have changed, or when a suspension ends by itself. `reason`: a category, of an event.
    """

    state: State
    since: datetime
    until: datetime | None = None
    reason: str = ""


def state_at(
    certificate: Certificate, instant: datetime | None = None, *, known_at: datetime | None = None
) -> CertificateState:
    """Return what holds at `instant` (now), going by what was known at `known_at` (now).

    Reads `certificate.events`: prefetch them for lists. Half-open: at `valid_to` it has expired. Where `with_rules_end`
    has fetched when its rules end it, `until` says so, as known now.
    """
    now = clock.now()
    found = state_from_events(
        certificate.valid_from,
        certificate.valid_to,
        certificate.events.all(),
        instant or now,
        known_at or now,
    )
    return found if known_at else until_rules_end(found, certificate.rules_end_at)


def until_rules_end(found: CertificateState, ends_at: datetime | None) -> CertificateState:
    """Return the state with the instant at which changed rules end it, unless it is renewed before: only the event that is
    recorded then makes it *ended*.
    """
    if ends_at is None or found.state not in (State.VALID, State.NOT_YET):
        return found
    return replace(found, until=min(found.until or ends_at, ends_at))


def state_from_events(
    valid_from: datetime,
    valid_to: datetime,
    events: Iterable[EventRow],
    instant: datetime,
    known_at: datetime,
) -> CertificateState:
    """An event counts from its instant, voiding from the start, and until what undoes it or its own end."""
    events = tuple(events)
    counting = in_force(events, instant, known_at)
    for kind, state in BY_EVENT.items():
        found = [event for event in counting if event.kind == kind]
        if found:
            first = min(found, key=_in_order)
            return CertificateState(
                state=state,
                since=valid_from if kind == Kind.VOIDED else first.effective_at,
                until=max((event.until for event in found if event.until), default=None),
                reason=first.reason,
            )
    if instant >= valid_to:
        return CertificateState(state=State.EXPIRED, since=valid_to)
    if instant < valid_from:
        until = valid_from if in_force(events, valid_from, known_at) else None
        until = until or _known_end(events, valid_from, valid_to, known_at)
        return CertificateState(state=State.NOT_YET, since=valid_from, until=until)
    until = _known_end(events, instant, valid_to, known_at)
    return CertificateState(state=State.VALID, since=valid_from, until=until)


def _known_end[E: EventRow](
    events: Iterable[E], instant: datetime, valid_to: datetime, known_at: datetime
) -> datetime:
    """Return when one that is valid at `instant` ceases to be, by an announced event or by its days."""
    begins = sorted(event.effective_at for event in events if instant < event.effective_at < valid_to)
    return next((each for each in begins if in_force(events, each, known_at)), valid_to)


def in_force[E: EventRow](events: Iterable[E], instant: datetime, known_at: datetime) -> list[E]:
    """Return the events that make a state at `instant`, as known: begun, not ended by themselves, not undone."""
    known = [event for event in events if event.recorded_at <= known_at]
    reinstated = [e for e in known if e.kind == Kind.REINSTATED and e.effective_at <= instant]
    undone = {event.undoes_id for event in reinstated}
    return [
        event
        for event in known
        if _counts(event, instant) and (event.pk not in undone or event.kind not in UNDOABLE)
    ]


def _counts(event: EventRow, instant: datetime) -> bool:
    if event.kind not in BY_EVENT:
        return False
    begun = event.kind == Kind.VOIDED or event.effective_at <= instant
    return begun and (event.until is None or instant < event.until)


def _in_order(event: EventRow) -> tuple[datetime, datetime, int]:
    return event.effective_at, event.recorded_at, event.pk

"""The state at an instant, without a database."""

from datetime import datetime, timedelta
from itertools import count

import pytest

from certificates.models import CertificateEvent
from certificates.state import CertificateState, State, state_from_events
from operations.clock import BAKU

Kind = CertificateEvent.Kind
FIRST = datetime(2026, 1, 1, tzinfo=BAKU)
END = datetime(2028, 1, 1, tzinfo=BAKU)
INSTANT = timedelta(microseconds=1)
_keys = count(1)


def day(number: float) -> datetime:
    return FIRST + timedelta(days=number)


def event(kind: str, effective: float, recorded: float | None = None) -> CertificateEvent:
    return CertificateEvent(
        pk=next(_keys),
        kind=kind,
        reason="complaint",
        effective_at=day(effective),
        recorded_at=day(effective if recorded is None else recorded),
    )


def at(instant: datetime, *events: CertificateEvent, known_at: datetime = END) -> CertificateState:
    return state_from_events(FIRST, END, events, instant, known_at)


def states(days: list[float], *events: CertificateEvent) -> list[State]:
    return [at(day(number), *events).state for number in days]


def test_validity_is_half_open():
    assert [at(instant).state for instant in (FIRST - INSTANT, FIRST, END - INSTANT, END)] == [
        State.NOT_YET, State.VALID, State.VALID, State.EXPIRED,
    ]  # fmt: skip


def test_valid_says_from_when_until_when():
    assert at(day(9)) == CertificateState(state=State.VALID, since=FIRST, until=END)


@pytest.mark.parametrize(
    "kinds, state",
    [
        ([Kind.SUSPENDED], State.SUSPENDED),
        ([Kind.SUPERSEDED, Kind.SUSPENDED], State.SUPERSEDED),
        ([Kind.SUSPENDED, Kind.SUPERSEDED, Kind.REVOKED], State.REVOKED),
        ([Kind.VOIDED, Kind.REVOKED, Kind.SUSPENDED, Kind.SUPERSEDED], State.VOID),
        ([Kind.ERASED], State.VALID),
    ],
)
def test_stronger_state_wins_in_whatever_order(kinds: list[str], state: State):
    events = [event(kind, number) for number, kind in enumerate(kinds)]
    assert at(day(9), *events).state == at(day(9), *reversed(events)).state == state


def test_expired_stays_revoked_or_suspended():
    assert at(END, event(Kind.REVOKED, 5)).state == State.REVOKED
    assert at(END, event(Kind.SUSPENDED, 5)).state == State.SUSPENDED


def test_event_counts_from_its_instant():
    revoked = event(Kind.REVOKED, 5)
    assert states([4, 5], revoked) == [State.VALID, State.REVOKED]
    assert at(day(6), revoked) == CertificateState(state=State.REVOKED, since=day(5), reason="complaint")


def test_event_announced_for_later_does_not_count_yet():
    assert states([1, 8], event(Kind.SUSPENDED, 8, recorded=1)) == [State.VALID, State.SUSPENDED]


def test_void_is_void_from_the_start():
    voided = event(Kind.VOIDED, 5)
    assert states([0, 4, 6], voided) == [State.VOID] * 3
    assert at(day(6), voided).since == FIRST


def test_reinstatement_ends_suspension_and_revocation():
    events = [event(Kind.SUSPENDED, 2), event(Kind.REVOKED, 3), event(Kind.REINSTATED, 5)]
    assert states([1, 2, 4, 5], *events) == [State.VALID, State.SUSPENDED, State.REVOKED, State.VALID]


def test_reinstatement_takes_back_a_voiding_in_error():
    events = [event(Kind.VOIDED, 2), event(Kind.REINSTATED, 5)]
    assert states([1, 4, 5], *events) == [State.VOID, State.VOID, State.VALID]


def test_reinstatement_does_not_end_a_supersession():
    assert states([6], event(Kind.SUPERSEDED, 2), event(Kind.REINSTATED, 5)) == [State.SUPERSEDED]


def test_reinstatement_at_the_same_instant_counts_after_what_it_undoes():
    undone = [event(Kind.REVOKED, 2, recorded=2), event(Kind.REINSTATED, 2, recorded=3)]
    assert states([2, 4], *undone) == [State.VALID, State.VALID]


def test_revoked_again_after_a_reinstatement():
    events = [event(Kind.REVOKED, 2), event(Kind.REINSTATED, 4), event(Kind.REVOKED, 6)]
    assert states([3, 5, 7], *events) == [State.REVOKED, State.VALID, State.REVOKED]
    assert at(day(7), *events).since == day(6)


def test_second_suspension_does_not_move_the_beginning_of_the_first():
    assert at(day(9), event(Kind.SUSPENDED, 2), event(Kind.SUSPENDED, 5)).since == day(2)


def test_what_was_not_known_does_not_count():
    late = event(Kind.REVOKED, 2, recorded=8)
    assert at(day(5), late, known_at=day(7)).state == State.VALID
    assert at(day(5), late, known_at=day(8)).state == State.REVOKED

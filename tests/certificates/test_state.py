"""The state at an instant, without a database."""

from datetime import datetime, timedelta
from itertools import count
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.models import CertificateEvent
from certificates.state import BY_EVENT, UNDOABLE, CertificateState, State, state_from_events
from operations.clock import BAKU

Kind = CertificateEvent.Kind
FIRST = datetime(2026, 1, 1, tzinfo=BAKU)
END = datetime(2028, 1, 1, tzinfo=BAKU)
INSTANT = timedelta(microseconds=1)
_keys = count(1)


def day(number: float) -> datetime:
    return FIRST + timedelta(days=number)


def event(
    kind: str,
    effective: float,
    recorded: float | None = None,
    *,
    until: float | None = None,
    undoes: CertificateEvent | None = None,
) -> CertificateEvent:
    """A suspension lasts to the end of all tests unless told."""
    if kind == Kind.SUSPENDED and until is None:
        until = 10_000
    return CertificateEvent(
        pk=next(_keys),
        kind=kind,
        reason="complaint",
        effective_at=day(effective),
        recorded_at=day(effective if recorded is None else recorded),
        until=None if until is None else day(until),
        undoes_id=undoes.pk if undoes else None,
    )


def reinstated(undoes: CertificateEvent, effective: float, recorded: float | None = None) -> CertificateEvent:
    return event(Kind.REINSTATED, effective, recorded, undoes=undoes)


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
        ([Kind.SUSPENDED, Kind.ENDED], State.ENDED),
        ([Kind.ENDED, Kind.SUPERSEDED], State.SUPERSEDED),
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


def test_valid_says_what_is_announced_to_end_it():
    ended = event(Kind.ENDED, 30, recorded=1)
    assert at(day(2), ended).until == day(30)
    assert at(day(2), ended, known_at=day(0)).until == END
    assert at(day(2), ended, reinstated(ended, 20, recorded=1)).until == END


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


def test_suspension_ends_by_itself():
    suspended = event(Kind.SUSPENDED, 2, until=5)
    assert states([1, 2, 4.999, 5], suspended) == [State.VALID, State.SUSPENDED, State.SUSPENDED, State.VALID]
    assert at(day(3), suspended) == CertificateState(
        state=State.SUSPENDED, since=day(2), until=day(5), reason="complaint"
    )


def test_two_suspensions_end_with_the_later_one():
    both = [event(Kind.SUSPENDED, 2, until=6), event(Kind.SUSPENDED, 4, until=8)]
    assert states([3, 5, 7, 8], *both) == [State.SUSPENDED] * 3 + [State.VALID]
    assert (at(day(5), *both).since, at(day(5), *both).until) == (day(2), day(8))


@pytest.mark.parametrize("kind", sorted(UNDOABLE))
def test_reinstatement_undoes_what_it_names_from_its_instant_on(kind: str):
    undone = event(kind, 2)
    events = [undone, reinstated(undone, 5)]
    assert states([4, 5], *events) == [BY_EVENT[kind], State.VALID]


def test_reinstatement_undoes_nothing_else():
    first, second = event(Kind.SUSPENDED, 2), event(Kind.REVOKED, 3)
    assert states([5], first, second, reinstated(second, 5)) == [State.SUSPENDED]
    assert states([5], first, second, reinstated(first, 5)) == [State.REVOKED]


def test_suspension_whose_end_was_announced_does_not_lift_a_later_revocation():
    """Suspended on day 10, reinstated in advance for day 24, revoked on day 15: it was valid again on day 25."""
    suspended = event(Kind.SUSPENDED, 10)
    lifted = reinstated(suspended, 24, recorded=10)
    revoked = event(Kind.REVOKED, 15)
    assert states([9, 12, 16, 25], suspended, lifted, revoked) == [
        State.VALID, State.SUSPENDED, State.REVOKED, State.REVOKED,
    ]  # fmt: skip


def test_reinstatement_does_not_end_a_supersession():
    superseded = event(Kind.SUPERSEDED, 2)
    assert states([6], superseded, reinstated(superseded, 5)) == [State.SUPERSEDED]


def test_reinstatement_at_the_same_instant_counts_after_what_it_undoes():
    revoked = event(Kind.REVOKED, 2)
    assert states([2, 4], revoked, reinstated(revoked, 2, recorded=3)) == [State.VALID, State.VALID]


def test_reinstatement_counts_from_when_it_is_known():
    revoked = event(Kind.REVOKED, 2)
    events = [revoked, reinstated(revoked, 2, recorded=6)]
    assert at(day(4), *events, known_at=day(5)).state == State.REVOKED
    assert at(day(4), *events, known_at=day(6)).state == State.VALID


def test_revoked_again_after_a_reinstatement():
    first = event(Kind.REVOKED, 2)
    events = [first, reinstated(first, 4), event(Kind.REVOKED, 6)]
    assert states([3, 5, 7], *events) == [State.REVOKED, State.VALID, State.REVOKED]
    assert at(day(7), *events).since == day(6)


def test_second_suspension_does_not_move_the_beginning_of_the_first():
    assert at(day(9), event(Kind.SUSPENDED, 2), event(Kind.SUSPENDED, 5)).since == day(2)


def test_what_was_not_known_does_not_count():
    late = event(Kind.REVOKED, 2, recorded=8)
    assert at(day(5), late, known_at=day(7)).state == State.VALID
    assert at(day(5), late, known_at=day(8)).state == State.REVOKED


DAYS = st.integers(-3, 12)
HISTORIES = st.lists(
    st.tuples(st.sampled_from(Kind.values), DAYS, DAYS, st.integers(1, 9), st.integers(0, 9)), max_size=8
)
STRENGTH = list(State)


def history(drawn: list[tuple[str, int, int, int, int]]) -> list[CertificateEvent]:
    """Events as drawn; a reinstatement names any of those before it, whatever its kind."""
    made: list[CertificateEvent] = []
    for kind, effective, recorded, lasts, named in drawn:
        if kind == Kind.REINSTATED and not made:
            continue
        undoes = made[named % len(made)] if kind == Kind.REINSTATED else None
        until = effective + lasts if kind == Kind.SUSPENDED else None
        made.append(event(kind, effective, recorded, until=until, undoes=undoes))
    return made


@settings(max_examples=400)
@given(drawn=HISTORIES, instant=DAYS, known=DAYS, shuffled=st.randoms(use_true_random=False))
def test_no_order_of_events_brings_back_what_none_undoes(
    drawn: list[tuple[str, int, int, int, int]], instant: int, known: int, shuffled: Random
):
    events = history(drawn)
    found = at(day(instant), *events, known_at=day(known))
    lifted = {
        each.undoes_id
        for each in events
        if each.kind == Kind.REINSTATED
        and each.effective_at <= day(instant)
        and each.recorded_at <= day(known)
    }
    standing = [
        BY_EVENT[each.kind]
        for each in events
        if each.kind in BY_EVENT
        and each.recorded_at <= day(known)
        and (each.kind == Kind.VOIDED or each.effective_at <= day(instant))
        and (each.until is None or day(instant) < each.until)
        and (each.pk not in lifted or each.kind == Kind.SUPERSEDED)
    ]
    by_days = State.NOT_YET if instant < 0 else State.VALID
    assert found.state == min([*standing, by_days], key=STRENGTH.index)
    shuffled.shuffle(events)
    assert at(day(instant), *events, known_at=day(known)) == found

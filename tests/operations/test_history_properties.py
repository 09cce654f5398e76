"""Whatever people do in whatever order: what was known stays known, and nothing overlaps."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from operations import clock
from operations.history import HistoryError, revise
from people.models import Agency, Posting, Role, Unit, User

START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = range(8)
TICK = timedelta(microseconds=1)
day = st.sampled_from(DAYS).map(lambda n: START + timedelta(days=n))
end = day | st.none()
which = st.integers(0, 9)
unit = st.sampled_from([0, 1])

type Fact = tuple[datetime, datetime | None, int]  # from, to, unit


class Histories(RuleBasedStateMachine):
    """Model: `known[T]` is what the person's timeline said right after the act at T."""

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        self.user = User.objects.create(family_name="Məmmədova", given_name="Aytən")
        self.agency = Agency.objects.create(code="agency", kind="other", name="agency")
        self.units = [Unit.objects.create(agency=self.agency, code=c, name=c) for c in "ab"]
        self.role = Role.objects.create(code="XXX", name="x")
        self.now = START + timedelta(days=100)
        self.known: dict[datetime, set[Fact]] = {}

    def said(self, known_at: datetime | None = None) -> set[Fact]:
        return {fact(row) for row in Posting.objects.filter(user=self.user).timeline(known_at=known_at)}

    def live(self, n: int) -> Posting | None:
        rows = list(Posting.objects.filter(user=self.user).timeline())
        return rows[n % len(rows)] if rows else None

    def act(self, expected: list[Fact], **change: Any) -> None:
        """A revision makes exactly `expected` true, or is refused and changes nothing."""
        self.now += timedelta(minutes=1)
        before = self.said()
        with clock.at(self.now):
            try:
                revise(**change, by=self.user)
            except HistoryError:
                assert self.said() == before
                assert not sound(expected), expected
            else:
                assert sound(expected), expected
                assert self.said() == set(expected)
        self.known[self.now] = self.said()

    def rest(self, *rows: Posting) -> list[Fact]:
        return list(self.said() - {fact(row) for row in rows})

    @rule(start=day, stop=end, unit=unit)
    def record(self, start: datetime, stop: datetime | None, unit: int) -> None:
        row = Posting(
            user=self.user, agency=self.agency, unit=self.units[unit], role=self.role, main=None,
            valid_from=start, valid_to=stop,
        )  # fmt: skip
        self.act([*self.rest(), fact(row)], insert=[row])

    @rule(n=which, start=day, stop=end)
    def correct(self, n: int, start: datetime, stop: datetime | None) -> None:
        if row := self.live(n):
            new = row.revised(valid_from=start, valid_to=stop)
            self.act([*self.rest(row), fact(new)], withdraw=[row], insert=[new])

    @rule(n=which)
    def withdraw(self, n: int) -> None:
        if row := self.live(n):
            self.act(self.rest(row), withdraw=[row])

    @rule(n=which, since=day, unit=unit)
    def transfer(self, n: int, since: datetime, unit: int) -> None:
        if row := self.live(n):
            new = [row.revised(valid_to=since), row.revised(valid_from=since, unit=self.units[unit])]
            self.act([*self.rest(row), *map(fact, new)], withdraw=[row], insert=new)

    @rule(n=which, m=which, since=day)
    def correct_transfer(self, n: int, m: int, since: datetime) -> None:
        a, b = self.live(n), self.live(m)
        if a and b and a.pk != b.pk:
            new = [a.revised(valid_to=since), b.revised(valid_from=since)]
            self.act([*self.rest(a, b), *map(fact, new)], withdraw=[a, b], insert=new)

    @invariant()
    def the_past_stays(self) -> None:
        before: set[Fact] = set()
        for instant, then in getattr(self, "known", {}).items():
            assert self.said(instant - TICK) == before, "one instant ends what the next begins"
            assert self.said(instant) == then
            assert sound(list(then))
            before = then

    @invariant()
    def at_is_what_the_timeline_covers(self) -> None:
        known = list(getattr(self, "known", {}).items())
        for instant, then in known[-1:]:
            for moment in (
                START + timedelta(days=n) + step for n in DAYS for step in (-TICK, 0 * TICK, TICK)
            ):
                rows = Posting.objects.filter(user=self.user).at(moment, known_at=instant)
                covering = {f for f in then if f[0] <= moment and (f[1] is None or moment < f[1])}
                assert {fact(row) for row in rows} == covering and len(covering) <= 1


def fact(row: Posting) -> Fact:
    return (row.valid_from, row.valid_to, row.unit_id)


def sound(facts: list[Fact]) -> bool:
    if any(to is not None and to <= start for start, to, _ in facts):
        return False
    ordered = sorted(facts, key=lambda f: f[0])
    return all(a[1] is not None and a[1] <= b[0] for a, b in zip(ordered, ordered[1:], strict=False))


@pytest.mark.django_db
def test_histories_stay_sound_and_the_past_known() -> None:
    run_state_machine_as_test(
        Histories,
        settings=settings(max_examples=30, stateful_step_count=20, deadline=None, database=None),
    )

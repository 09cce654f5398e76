"""The story of a transfer that was entered late, and how changes are refused in words."""

from datetime import date, datetime
from typing import Any

import pytest

from operations.clock import first_day, last_day, start_of
from operations.history import HistoryError, Stale, revise
from people.models import Posting, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def posting(clock: Any, new_posting: Any, clerk: User) -> Posting:
    return revise(insert=[new_posting()], by=clerk)[0]


def moved(before: Posting, after: Posting, *, since: datetime, by: User) -> list[Posting]:
    """The day of a transfer was wrong: both sides move, in one step."""
    corrected = [before.revised(valid_to=since), after.revised(valid_from=since)]
    return revise(withdraw=[before, after], insert=corrected, by=by)


def transferred(posting: Posting, unit: Any, *, since: datetime, by: User) -> list[Posting]:
    rows = [posting.revised(valid_to=since), posting.revised(valid_from=since, unit=unit)]
    return revise(withdraw=[posting], insert=rows, by=by)


def story(user: User, known_at: datetime | None = None) -> list[tuple[str, date, date | None]]:
    return [
        (row.unit.code, first_day(row.valid_from), row.valid_to and last_day(row.valid_to))
        for row in Posting.objects.filter(user=user).timeline(known_at=known_at)
    ]


def day(month: int, number: int) -> datetime:
    return start_of(date(2026, month, number))


@pytest.fixture
def instants(clock: Any, posting: Posting, units: Any, clerk: User) -> tuple[datetime, ...]:
    """A transfer of 1 March entered on 20 March, corrected on 25 March and on 2 April."""
    clock.now = entered = day(3, 20)
    rows = transferred(posting, units[1], since=day(3, 1), by=clerk)
    clock.now = first = day(3, 25)
    rows = moved(*rows, since=day(3, 5), by=clerk)
    clock.now = second = day(4, 2)
    moved(*rows, since=day(3, 3), by=clerk)
    return entered, first, second


def test_what_was_known_at_each_instant_stays(instants: Any, inspector: User) -> None:
    baku = date(2025, 1, 1)
    before = [("baku", baku, None)]
    assert story(inspector, day(3, 19)) == before
    assert [story(inspector, known_at) for known_at in instants] == [
        [("baku", baku, date(2026, 2, 28)), ("ganja", date(2026, 3, 1), None)],
        [("baku", baku, date(2026, 3, 4)), ("ganja", date(2026, 3, 5), None)],
        [("baku", baku, date(2026, 3, 2)), ("ganja", date(2026, 3, 3), None)],
    ]
    assert story(inspector) == story(inspector, instants[-1])


def test_true_on_a_day_and_known_on_a_day_are_told_apart(instants: Any, inspector: User) -> None:
    at = Posting.objects.filter(user=inspector).at
    assert at(day(3, 10)).get().unit.code == "ganja"
    assert at(day(3, 10), known_at=day(3, 10)).get().unit.code == "baku"
    assert at(day(3, 2), known_at=day(3, 20)).get().unit.code == "ganja"
    assert at(day(3, 2)).get().unit.code == "baku"


def test_edits_tell_what_each_instant_took_back_and_said(instants: Any, inspector: User, clerk: User) -> None:
    edits = Posting.objects.filter(user=inspector).edits()
    assert [edit.at for edit in edits][1:] == list(instants)
    assert [(len(edit.withdrawn), len(edit.recorded)) for edit in edits] == [(0, 1), (1, 2), (2, 2), (2, 2)]
    assert {edit.by_id for edit in edits} == {clerk.pk}


def test_current_is_what_is_known_and_true_now(instants: Any, clock: Any, inspector: User) -> None:
    clock.now = day(3, 1)
    assert Posting.objects.filter(user=inspector).current().get().unit.code == "baku"
    clock.now = day(3, 3)
    assert Posting.objects.filter(user=inspector).current().get().unit.code == "ganja"


def test_stale_form_is_refused_and_changes_nothing(posting: Posting, units: Any, clerk: User) -> None:
    transferred(posting, units[1], since=day(3, 1), by=clerk)
    with pytest.raises(Stale, match="Somebody else has just changed this"):
        transferred(posting, units[2], since=day(3, 1), by=clerk)
    assert Posting.objects.count() == 3


def test_overlap_is_refused_in_words(posting: Posting, clerk: User) -> None:
    with pytest.raises(HistoryError) as refusal:
        revise(insert=[posting.revised(valid_from=day(5, 1), service_number=None, main=None)], by=clerk)
    assert str(refusal.value) == "Something else is already recorded for that time."


def test_end_before_the_beginning_is_refused_in_words(posting: Posting, clerk: User) -> None:
    with pytest.raises(HistoryError) as refusal:
        revise(withdraw=[posting], insert=[posting.revised(valid_to=posting.valid_from)], by=clerk)
    assert str(refusal.value) == "The end must come after the beginning."
    assert Posting.objects.get().withdrawn_at is None


def test_withdrawn_time_is_free_again(posting: Posting, clerk: User) -> None:
    revise(withdraw=[posting], by=clerk)
    assert revise(insert=[posting.revised()], by=clerk)[0].pk


def test_nothing_to_revise_changes_nothing(db: Any) -> None:
    assert revise(by=None) == []


@pytest.mark.parametrize("people", [1, 3])
def test_one_revision_of_many_rows_takes_constant_queries(
    people: int, clock: Any, new_posting: Any, django_assert_num_queries: Any
) -> None:
    from tests.factories import make_person

    posts = [
        new_posting(user=make_person("Quliyev", "Orxan"), service_number=f"AZ-{n}") for n in range(people)
    ]
    with django_assert_num_queries(4):  # savepoint, locks, insert, release
        revise(insert=posts, by=None)

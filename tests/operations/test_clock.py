from datetime import UTC, date, datetime, timedelta

import pytest

from operations import clock


def test_moved_clock_moves_business_facts_and_not_leases() -> None:
    then = datetime(2025, 1, 1, tzinfo=UTC)
    with clock.at(then):
        assert (clock.now(), clock.today()) == (then, date(2025, 1, 1))
        assert clock.real_now() - then > timedelta(days=300)
    assert clock.now() - clock.real_now() < timedelta(seconds=1)


def test_clock_moves_back_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), clock.at(datetime(2025, 1, 1, tzinfo=UTC)):
        raise ZeroDivisionError
    assert clock.now().year > 2025


def test_day_begins_at_midnight_in_baku() -> None:
    with clock.at(datetime(2026, 2, 28, 20, tzinfo=UTC)):
        assert clock.today() == date(2026, 3, 1)


def test_printed_days_and_instants_agree_on_every_day() -> None:
    """Baku's summer time before 2016 included."""
    day = date(1990, 1, 1)
    while day < date(2060, 1, 1):
        assert clock.first_day(clock.start_of(day)) == day == clock.last_day(clock.end_of(day))
        assert clock.end_of(day) > clock.start_of(day)
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 11, 24), 24, date(2028, 11, 24)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -12, date(2025, 1, 15)),
        (date(2026, 8, 27), 6, date(2027, 2, 27)),
    ],
)
def test_same_day_of_a_later_month(day: date, months: int, expected: date) -> None:
    assert clock.add_months(day, months) == expected


@pytest.mark.parametrize("day", [date.min, date.max])
def test_first_and_last_day_of_the_calendar_have_their_bounds(day: date) -> None:
    for bound in (clock.start_of(day), clock.end_of(day)):
        assert bound.astimezone(UTC).astimezone(clock.BAKU) == bound

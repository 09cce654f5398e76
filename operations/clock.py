"""The one clock of business facts.

Leases and beats of workers use real time: a moved clock must not disturb them.
Printed days and stored instants: validity is half-open, from 00:00 of the first day until before
24:00 of the last, in Baku. Nothing else converts between the two.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

BAKU = ZoneInfo("Asia/Baku")
FIRST, LAST = date(1, 1, 2), date(9999, 12, 30)  # days whose bounds stand in the calendar in every zone
_moved_to: ContextVar[datetime | None] = ContextVar("moved_to", default=None)


def now() -> datetime:
    """Return the instant of a business fact."""
    return _moved_to.get() or timezone.now()


def real_now() -> datetime:
    """Return real time, for leases, beats and the timetable alone."""
    return timezone.now()


def today() -> date:
    """Return the day in Baku."""
    return now().astimezone(BAKU).date()


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Make it `instant` inside the block, for seeding the demo and for tests."""
    token = _moved_to.set(instant)
    try:
        yield
    finally:
        _moved_to.reset(token)


def start_of(day: date) -> datetime:
    """Return the instant at which a day begins in Baku."""
    return datetime.combine(min(max(day, FIRST), LAST), time(), BAKU)


def end_of(last_day: date) -> datetime:
    """Return the instant at which a last day has passed: the next one begins."""
    return start_of(min(last_day, LAST) + timedelta(days=1))


def first_day(valid_from: datetime) -> date:
    return valid_from.astimezone(BAKU).date()


def last_day(valid_to: datetime) -> date:
    return (valid_to - timedelta(microseconds=1)).astimezone(BAKU).date()


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, day.day)

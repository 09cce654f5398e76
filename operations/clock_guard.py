"""A clock that cannot be relied on: one behind what is recorded, and one that leaps while a process runs.

Behind: nothing is signed, certificates could not be checked, clearance cannot be determined. A leap closes no exam.
Either stands in /readyz until the clock is right, or an operator has confirmed it (`manage.py confirm_clock`).
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Max, Model
from django.utils.translation import gettext_lazy as _

from . import clock
from .history import Recorded
from .models import AuditEntry, ClockConfirmation, ClockLeap

BEHIND = timedelta(minutes=2)
LEAP = timedelta(minutes=5)
SAME = timedelta(minutes=1)  # two processes measure one leap not quite alike
FRESH = 5.0  # seconds for which a process remembers the newest fact


class ClockBehind(ValidationError):
    """Raised before anything is signed: our clock is behind what is recorded."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The server's clock is behind what is already recorded: nothing is signed until the operator has put "
                "it right."
            )
        )


# --- behind ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KnownFacts:
    """`newest`: instant of the newest fact that counts. Facts read in between the two others were recorded by a clock
    that an operator has confirmed to have been wrong.
    """

    newest: datetime | None
    wrong_after: datetime | None
    wrong_until: datetime | None

    def counts(self, instant: datetime) -> bool:
        if self.wrong_after is None or self.wrong_until is None:
            return True
        return not self.wrong_after < instant <= self.wrong_until


_known: tuple[float, KnownFacts] | None = None
_trusting = 0
_facts: list[tuple[type[Model], str]] = []


def register_fact(model: type[Model], field: str) -> None:
    """Let `confirm_clock` look at this field too for instants that a wrong clock has recorded."""
    _facts.append((model, field))


def forget() -> None:
    """Ask for the newest fact anew."""
    global _known
    _known = None


@contextmanager
def trusted() -> Iterator[None]:
    """Let the clock be moved at will inside the block: for seeding and tests, in the whole process."""
    global _trusting
    _trusting += 1
    try:
        yield
    finally:
        _trusting -= 1


@contextmanager
def guarding() -> Iterator[None]:
    """Hold the clock against the facts inside the block, as if it were trusted by nobody: for tests."""
    global _trusting
    before, _trusting = _trusting, 0
    forget()
    try:
        yield
    finally:
        _trusting = before
        forget()


def known() -> KnownFacts:
    """Return the newest fact of the audit trail, asked at most once in FRESH seconds by each process."""
    global _known
    if _known is None or not 0 <= time.monotonic() - _known[0] < FRESH:
        _known = time.monotonic(), _ask()
    return _known[1]


def _ask() -> KnownFacts:
    confirmed = ClockConfirmation.objects.order_by("-pk").first()
    if confirmed is None:
        return KnownFacts(_newest_entry(0), None, None)
    newest = _newest_entry(confirmed.last_entry)
    return KnownFacts(max(filter(None, [newest, confirmed.at])), confirmed.at, confirmed.newest)


def _newest_entry(after: int) -> datetime | None:
    newest: datetime | None = (
        AuditEntry.objects.filter(pk__gt=after).order_by("-at").values_list("at", flat=True).first()
    )
    return newest


def behind_by(*read: datetime | None) -> timedelta:
    """Return how far the clock is behind the newest recorded fact; `read`: instants of facts at hand."""
    if _trusting:
        return timedelta()
    found = known()
    instants = [instant for instant in read if instant is not None and found.counts(instant)]
    newest = max(filter(None, [found.newest, *instants]), default=None)
    return newest - clock.now() if newest is not None else timedelta()


def is_behind(*read: datetime | None) -> bool:
    """Return whether the clock is more than two minutes behind; asks the database for nothing that is at hand."""
    return behind_by(*read) > BEHIND


def refuse_if_behind(*read: datetime | None) -> None:
    """Raise ClockBehind: before anything is signed."""
    if is_behind(*read):
        raise ClockBehind


# --- leaps ----------------------------------------------------------------------------------------


def _wall() -> float:
    return time.time()


def _monotonic() -> float:
    """Return seconds that also go on while the machine sleeps: waking up is no leap."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boottime is None else time.clock_gettime(boottime)


class LeapWatch:
    """Compares the wall clock with one that cannot be set, since it began."""

    def __init__(
        self, wall: Callable[[], float] = _wall, monotonic: Callable[[], float] = _monotonic
    ) -> None:
        self.wall, self.monotonic = wall, monotonic
        self.known: int | None = None  # the newest leap on record when it began
        self.start_over()

    def start_over(self) -> None:
        self.offset = self.wall() - self.monotonic()

    def leap(self) -> timedelta:
        """Return by how much the wall clock was set since: negative where it was set back."""
        return timedelta(seconds=self.wall() - self.monotonic() - self.offset)


watch = LeapWatch()


def observe() -> None:
    """Put a leap of this process on record, unless another process has told it. Each beat of a worker asks."""
    leap = watch.leap()
    if abs(leap) > LEAP and not _told(leap):
        ClockLeap.objects.create(seen_at=clock.real_now(), seconds=round(leap.total_seconds()))
    if abs(leap) > LEAP or watch.known is None:
        watch.known = _newest_leap()
        watch.start_over()


def _told(leap: timedelta) -> bool:
    since = ClockLeap.objects.filter(pk__gt=watch.known or 0).values_list("seconds", flat=True)
    return any(abs(timedelta(seconds=seconds) - leap) < SAME for seconds in since)


def _newest_leap() -> int:
    return ClockLeap.objects.aggregate(newest=Max("pk"))["newest"] or 0


def leapt() -> bool:
    """Return whether the clock has leapt and nobody has confirmed it: then time that is over closes nothing."""
    if not connection.in_atomic_block:  # a row that is rolled back would tell nobody
        observe()
    if abs(watch.leap()) > LEAP:
        return True
    return ClockLeap.objects.filter(confirmed_at=None).exists()


# --- in words, and confirmed ----------------------------------------------------------------------


def problem() -> str | None:
    """Return what is wrong with the clock, for /readyz."""
    by = behind_by()
    if by > BEHIND:
        return f"{int(by.total_seconds() // 60)} minutes behind what is recorded: nothing is signed"
    leap = ClockLeap.objects.filter(confirmed_at=None).order_by("-pk").first()
    if leap is not None:
        return f"was set by {leap.seconds // 60} minutes while running: no exam closes until confirm_clock"
    return None


def newest_recorded() -> datetime | None:
    """Return the newest instant of all facts, whichever clock recorded them."""
    histories = [(model, "recorded_at") for model in apps.get_models() if issubclass(model, Recorded)]
    facts: list[tuple[type[Model], str]] = [(AuditEntry, "at"), *histories, *_facts]
    found = [model._base_manager.aggregate(newest=Max(field))["newest"] for model, field in facts]
    return max(filter(None, found), default=None)

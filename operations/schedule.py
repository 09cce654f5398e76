"""Scheduled work: registered by name, claimed by one UPDATE, done as an errand.

After downtime a missed action runs once. So actions ask by level, not by edge: "expires within 90
days and has no notice yet".
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction

from . import clock
from .models import Errand, Timetable
from .outbox import ErrandStep, enqueue, register_errand

type Action = Callable[[datetime], object]


@dataclass(frozen=True)
class Scheduled:
    name: str
    every: timedelta
    at: time | None

    def after(self, instant: datetime) -> datetime:
        """Return the next run: one interval later, or at the hour in Baku where one is given."""
        if self.at is None:
            return instant + self.every
        start = datetime.combine(instant.astimezone(clock.BAKU).date(), self.at, clock.BAKU)
        while start <= instant:
            start += self.every
        return start


timetable: dict[str, Scheduled] = {}


def scheduled(name: str, *, every: timedelta, at: time | None = None) -> Callable[[Action], Action]:
    """Register `def remind(now)` with `@scheduled("certificates.remind", every=timedelta(days=1),
    at=time(6))`.

    `at` is an hour in Baku, for whole days. A failed run is tried five times.
    """
    if at is not None and every % timedelta(days=1):
        raise ValueError(f"{name}: an hour goes with whole days.")

    def decorate(action: Action) -> Action:
        timetable[name] = Scheduled(name, every, at)
        register_errand(
            name, ErrandStep("done", prepare=lambda errand: action(clock.now())), lane="long", tries=5
        )
        return action

    return decorate


def ring() -> None:
    """Enqueue what is due. Any number of workers may call it: the UPDATE lets one through."""
    now = clock.real_now()
    known = dict(Timetable.objects.values_list("name", "next_at"))
    new = [Timetable(name=name, next_at=now) for name in timetable if name not in known]
    if new:
        Timetable.objects.bulk_create(new, ignore_conflicts=True)
    for item in timetable.values():
        if item.name in known and known[item.name] <= now:
            _ring_one(item, known[item.name], now)


def _ring_one(item: Scheduled, due: datetime, now: datetime) -> None:
    with transaction.atomic():
        mine = Timetable.objects.filter(name=item.name, next_at=due).update(next_at=item.after(now))
        if mine:
            waiting = Errand.objects.filter(kind=item.name, state=Errand.State.OPEN, claimed_by="")
            waiting.delete()  # never two runs of one action waiting
            enqueue(item.name, now.isoformat())

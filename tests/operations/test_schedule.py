from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection

from operations import clock as product_clock
from operations import outbox, schedule
from operations.models import Errand, Timetable
from tests.databases import really_committed

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def timetable(kinds: Any) -> Iterator[dict[str, schedule.Scheduled]]:
    before = dict(schedule.timetable)
    schedule.timetable.clear()
    yield schedule.timetable
    schedule.timetable.clear()
    schedule.timetable.update(before)


@pytest.fixture
def runs(timetable: Any) -> list[datetime]:
    """A daily action at six in Baku, and when it ran."""
    runs: list[datetime] = []

    @schedule.scheduled("test.daily", every=DAY, at=time(6))
    def daily(now: datetime) -> None:
        runs.append(now)

    return runs


def due(instant: datetime) -> None:
    Timetable.objects.update(next_at=instant)


def test_first_run_is_at_once_and_the_next_at_its_hour_in_baku(runs: list[datetime], real_clock: Any) -> None:
    schedule.ring()  # learns of the action
    schedule.ring()
    assert outbox.work_off() == 1 and len(runs) == 1
    assert Timetable.objects.get().next_at == datetime(2026, 1, 11, 2, tzinfo=UTC)
    schedule.ring()
    assert outbox.work_off() == 0


def test_forty_missed_days_are_one_run(runs: list[datetime], real_clock: Any) -> None:
    schedule.ring()
    due(real_clock.now - 40 * DAY)
    for _ in range(3):
        schedule.ring()
    outbox.work_off()
    assert len(runs) == 1
    assert Timetable.objects.get().next_at == datetime(2026, 1, 11, 2, tzinfo=UTC)


def test_run_that_nobody_has_begun_is_replaced_not_doubled(runs: list[datetime], real_clock: Any) -> None:
    schedule.ring()
    for _ in range(3):
        due(real_clock.now)
        schedule.ring()
        real_clock.tick(minutes=1)
    assert Errand.objects.filter(kind="test.daily").count() == 1


def test_run_under_way_is_left_alone(runs: list[datetime], real_clock: Any) -> None:
    schedule.ring()
    due(real_clock.now)
    schedule.ring()
    under_way = outbox.claim("long")
    real_clock.tick(seconds=1)
    due(real_clock.now)
    schedule.ring()
    assert under_way is not None and Errand.objects.filter(pk=under_way.pk).exists()
    assert Errand.objects.filter(kind="test.daily").count() == 2


def test_action_gets_the_business_instant(runs: list[datetime], real_clock: Any) -> None:
    schedule.ring()
    due(real_clock.now)
    schedule.ring()
    with product_clock.at(datetime(2020, 1, 1, tzinfo=UTC)):
        outbox.work_off()
    assert runs == [datetime(2020, 1, 1, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("every", "at", "now", "after"),
    [
        (timedelta(minutes=10), None, datetime(2026, 1, 10, 8), datetime(2026, 1, 10, 8, 10)),
        (DAY, time(6), datetime(2026, 1, 10, 1), datetime(2026, 1, 10, 2)),
        (DAY, time(6), datetime(2026, 1, 10, 2), datetime(2026, 1, 11, 2)),
        (7 * DAY, time(6), datetime(2026, 1, 10, 8), datetime(2026, 1, 17, 2)),
        (
            DAY,
            time(1),
            datetime(2026, 1, 10, 20, 30),
            datetime(2026, 1, 10, 21),
        ),  # already 11 January in Baku
    ],
)
def test_next_run(every: timedelta, at: time | None, now: datetime, after: datetime) -> None:
    scheduled = schedule.Scheduled("x", every, at)
    assert scheduled.after(now.replace(tzinfo=UTC)) == after.replace(tzinfo=UTC)


def test_hour_goes_with_whole_days(timetable: Any) -> None:
    with pytest.raises(ValueError, match="whole days"):
        schedule.scheduled("test.odd", every=timedelta(hours=5), at=time(6))


@pytest.mark.parametrize("actions", [1, 3])
def test_ringing_when_nothing_is_due_is_one_query(
    actions: int, timetable: Any, django_assert_num_queries: Any
) -> None:
    for n in range(actions):
        schedule.scheduled(f"test.{n}", every=DAY)(lambda now: None)
    schedule.ring()
    Timetable.objects.update(next_at=product_clock.real_now() + DAY)
    with django_assert_num_queries(1):
        schedule.ring()


@really_committed
def test_four_ringers_at_once_are_one_run(runs: list[datetime]) -> None:
    schedule.ring()

    def ring() -> None:
        schedule.ring()
        connection.close()

    threads = [Thread(target=ring) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Errand.objects.filter(kind="test.daily").count() == 1

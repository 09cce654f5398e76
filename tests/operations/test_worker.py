import os
import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection

from operations import outbox, worker
from operations.models import Beat, Errand, Timetable
from operations.outbox import ErrandStep
from tests.databases import really_committed

pytestmark = pytest.mark.django_db


@pytest.fixture
def process(kinds: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process may serve as a worker, and is as before afterwards."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    monkeypatch.setattr(worker, "BEAT", 0.05)
    yield
    for thread in threading.enumerate():
        if thread.name in ("short", "long"):
            thread.join(10)
    worker._stop.clear()
    for number, handler in handlers.items():
        signal.signal(number, handler)


def terminate() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def test_attends_to_one_errand_after_another(kinds: Any) -> None:
    outbox.register_errand("test.work", ErrandStep("x"))
    for key in "ab":
        outbox.enqueue("test.work", key)
    assert [worker.attend_next("short") for _ in range(3)] == [True, True, False]
    assert Errand.objects.filter(state="done").count() == 2


def test_beat_shows_life_and_rings_the_timetable() -> None:
    worker.beat()
    worker.beat()
    assert Beat.objects.get().name.endswith(f":{os.getpid()}")
    assert Timetable.objects.filter(name="operations.prune").exists()


def test_database_that_is_away_ends_no_worker() -> None:
    def away() -> bool:
        raise OperationalError("the server closed the connection")

    assert worker.quietly(away) is False
    assert worker.quietly(lambda: True) is True


@really_committed
def test_both_lanes_work_until_the_process_is_told_to_stop(process: None) -> None:
    threads: list[str] = []

    def prepare(errand: Errand) -> None:
        threads.append(threading.current_thread().name)
        if len(threads) == 4:
            terminate()

    outbox.register_errand("test.short", ErrandStep("x", prepare=prepare))
    outbox.register_errand("test.long", ErrandStep("x", prepare=prepare), lane="long")
    for key in "ab":
        outbox.enqueue("test.short", key)
        outbox.enqueue("test.long", key)
    worker.serve(["short", "long"], poll=0.01)
    assert sorted(threads) == ["long", "long", "short", "short"]
    assert Errand.objects.filter(kind__startswith="test.", state="done").count() == 4


@really_committed
def test_told_to_stop_it_finishes_the_step_at_hand_and_releases(process: None) -> None:
    def prepare(errand: Errand) -> None:
        terminate()
        assert worker._stop.wait(30)  # it is at work still when it has been told

    outbox.register_errand("test.steps", ErrandStep("one", prepare=prepare), ErrandStep("two"))
    outbox.enqueue("test.steps", "a")
    worker.serve(["short"], poll=0.01)
    errand = Errand.objects.get(kind="test.steps")
    assert (errand.state, errand.done, errand.claimed_by) == ("open", ["one"], "")


@really_committed
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_lane_that_ends_by_itself_ends_the_process(process: None) -> None:
    def prepare(errand: Errand) -> None:
        connection.close()
        raise SystemExit  # not an Exception: nothing in the lane holds it

    outbox.register_errand("test.deadly", ErrandStep("x", prepare=prepare))
    outbox.enqueue("test.deadly", "a")
    with pytest.raises(SystemExit, match="A lane ended by itself"):
        worker.serve(["short", "long"], poll=0.01)

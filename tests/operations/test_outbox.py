"""Errands resume by the names of their steps, are claimed once, fall due again, and are given up in words."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from operations import clock as product_clock
from operations import outbox
from operations.models import Errand, Timetable
from operations.outbox import ErrandStep
from tests.databases import really_committed

pytestmark = pytest.mark.django_db


class Diary:
    """A kind of errand that notes what it does, and can be told to fail."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.failing = ""

    def step(self, name: str) -> ErrandStep:
        def prepare(errand: Errand) -> str:
            self.notes.append(f"prepare {name}")
            if self.failing == name:
                raise RuntimeError("the disk is full")
            return f"prepared {name}"

        def commit(errand: Errand, prepared: str) -> None:
            assert prepared == f"prepared {name}"
            self.notes.append(f"commit {name}")
            Timetable.objects.create(name=f"{errand.key} {name}", next_at=product_clock.real_now())

        return ErrandStep(name, commit=commit, prepare=prepare)


@pytest.fixture
def diary(kinds: Any) -> Diary:
    diary = Diary()
    outbox.register_errand("test.diary", *map(diary.step, ("one", "two", "three")), tries=3)
    return diary


def effects() -> list[str]:
    return list(Timetable.objects.order_by("name").values_list("name", flat=True))


def claimed(lane: str = "short") -> Errand:
    errand = outbox.claim(lane)
    assert errand is not None
    return errand


def let_time_pass(real_clock: Any) -> None:
    real_clock.tick(hours=2)


def test_the_same_key_twice_is_one_errand(diary: Diary) -> None:
    outbox.enqueue("test.diary", "a", colour="red")
    outbox.enqueue("test.diary", "a", colour="blue")
    outbox.enqueue("test.diary", "b")
    assert list(Errand.objects.order_by("pk").values_list("key", "payload")) == [
        ("a", {"colour": "red"}),
        ("b", {}),
    ]


def test_the_database_refuses_a_second_errand_of_one_key(diary: Diary) -> None:
    outbox.enqueue("test.diary", "a")
    with pytest.raises(IntegrityError), transaction.atomic():
        Errand.objects.create(kind="test.diary", key="a")


def test_an_errand_is_rolled_back_with_what_promised_it(diary: Diary) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.enqueue("test.diary", "a")
        raise ZeroDivisionError
    assert Errand.objects.count() == 0


def test_unknown_kind_is_not_enqueued(diary: Diary) -> None:
    with pytest.raises(KeyError):
        outbox.enqueue("test.unknown", "a")


def test_kind_is_registered_once_with_distinct_steps(diary: Diary) -> None:
    for steps in ([ErrandStep("x")], [ErrandStep("x"), ErrandStep("x")], []):
        with pytest.raises(ValueError):
            outbox.register_errand("test.diary" if len(steps) == 1 else "test.new", *steps)


def test_all_steps_are_done_in_order_and_the_errand_is_closed(diary: Diary) -> None:
    outbox.enqueue("test.diary", "a")
    outbox.attend(claimed())
    errand = Errand.objects.get()
    assert (errand.state, errand.done) == ("done", ["one", "two", "three"])
    assert (errand.claimed_by, errand.error, errand.closed_at is not None) == ("", "", True)
    assert diary.notes == [f"{what} {n}" for n in ("one", "two", "three") for what in ("prepare", "commit")]
    assert outbox.claim("short") is None


def test_not_before_its_time(diary: Diary, real_clock: Any) -> None:
    outbox.enqueue("test.diary", "a", due_at=real_clock.now + timedelta(hours=1))
    assert outbox.claim("short") is None
    let_time_pass(real_clock)
    assert claimed().key == "a"


def test_longest_due_is_claimed_first(diary: Diary, real_clock: Any) -> None:
    for key in ("a", "b"):
        outbox.enqueue("test.diary", key)
        real_clock.tick(seconds=1)
    Errand.objects.filter(key="a").update(due_at=real_clock.now)
    assert [claimed().key, claimed().key] == ["b", "a"]


def test_failure_waits_longer_each_time_and_resumes_at_its_step(diary: Diary, real_clock: Any) -> None:
    diary.failing = "two"
    outbox.enqueue("test.diary", "a")
    outbox.attend(claimed())
    errand = Errand.objects.get()
    assert (errand.state, errand.done, errand.tries) == ("open", ["one"], 1)
    assert errand.error == "RuntimeError: the disk is full" and len(errand.reference) == 8
    first_wait = errand.due_at - real_clock.now
    assert timedelta(seconds=1.5) <= first_wait <= timedelta(seconds=2.5)
    assert outbox.claim("short") is None
    real_clock.now = errand.due_at
    outbox.attend(claimed())
    second_wait = Errand.objects.get().due_at - real_clock.now
    assert timedelta(seconds=3) <= second_wait <= timedelta(seconds=5)
    diary.failing = ""
    real_clock.tick(seconds=5)
    outbox.attend(claimed())
    assert Errand.objects.get().state == "done"
    assert effects() == ["a one", "a three", "a two"]
    assert diary.notes.count("prepare one") == 1


def test_wait_is_at_most_an_hour_and_a_quarter(real_clock: Any, kinds: Any) -> None:
    outbox.register_errand("test.patient", ErrandStep("never", prepare=lambda errand: 1 / 0), tries=30)
    outbox.enqueue("test.patient", "a")
    Errand.objects.update(tries=25)
    outbox.attend(claimed())
    assert Errand.objects.get().due_at - real_clock.now <= timedelta(minutes=75)


def test_given_up_in_words_after_the_last_try_and_reopened_with_its_steps(
    diary: Diary, real_clock: Any
) -> None:
    diary.failing = "two"
    outbox.enqueue("test.diary", "a")
    for _ in range(3):
        outbox.attend(claimed())
        let_time_pass(real_clock)
    errand = Errand.objects.get()
    assert (errand.state, errand.done, errand.claimed_by) == ("given-up", ["one"], "")
    assert errand.error == "RuntimeError: the disk is full" and len(errand.reference) == 8
    assert outbox.claim("short") is None
    diary.failing = ""
    assert outbox.reopen(errand)
    assert claimed().done == ["one"]


def test_giving_up_tells_the_kind_in_the_same_transaction(kinds: Any) -> None:
    told: list[tuple[str, bool]] = []

    def on_give_up(errand: Errand) -> None:
        told.append((errand.reference, transaction.get_connection().in_atomic_block))

    outbox.register_errand(
        "test.short", ErrandStep("x", prepare=lambda errand: 1 / 0), tries=1, on_give_up=on_give_up
    )
    outbox.enqueue("test.short", "a")
    outbox.attend(claimed())
    assert told == [(Errand.objects.get().reference, True)]


def test_done_errand_is_not_reopened(diary: Diary) -> None:
    outbox.enqueue("test.diary", "a")
    outbox.work_off()
    assert not outbox.reopen(Errand.objects.get())
    assert Errand.objects.get().state == "done"


def test_step_that_succeeds_resets_the_tries(diary: Diary, real_clock: Any) -> None:
    diary.failing = "one"
    outbox.enqueue("test.diary", "a")
    for failing in ("one", "one", "two"):
        diary.failing = failing
        outbox.attend(claimed())
        let_time_pass(real_clock)
    errand = Errand.objects.get()
    assert (errand.state, errand.tries, errand.done) == ("open", 1, ["one"])


def test_failed_commit_leaves_neither_effect_nor_mark(kinds: Any) -> None:
    def commit(errand: Errand, prepared: None) -> None:
        Timetable.objects.create(name="effect", next_at=product_clock.real_now())
        raise RuntimeError

    outbox.register_errand("test.torn", ErrandStep("x", commit=commit))
    outbox.enqueue("test.torn", "a")
    outbox.attend(claimed())
    assert (effects(), Errand.objects.get().done) == ([], [])


def test_errand_of_a_dead_worker_falls_due_by_itself(diary: Diary, real_clock: Any) -> None:
    outbox.enqueue("test.diary", "a")
    first = claimed()
    assert outbox.claim("short") is None
    real_clock.tick(seconds=settings.ERRAND_LEASE.total_seconds())
    second = claimed()
    assert (second.pk, second.deaths, second.claimed_by != first.claimed_by) == (first.pk, 1, True)


def test_stalled_worker_writes_nothing_after_another_has_claimed(diary: Diary, real_clock: Any) -> None:
    outbox.enqueue("test.diary", "a")
    stalled = claimed()
    real_clock.tick(minutes=2)
    claimed()
    outbox.attend(stalled)
    assert effects() == []
    assert Errand.objects.get().state == "open"
    with pytest.raises(outbox.LeaseLost):
        outbox.keep(stalled)


def test_failure_of_a_stalled_worker_changes_nothing(diary: Diary, real_clock: Any) -> None:
    diary.failing = "one"
    outbox.enqueue("test.diary", "a")
    stalled = claimed()
    real_clock.tick(minutes=2)
    second = claimed()
    outbox.attend(stalled)
    errand = Errand.objects.get()
    assert (errand.error, errand.claimed_by, errand.tries) == ("", second.claimed_by, 2)


def test_long_prepare_keeps_its_lease(kinds: Any, real_clock: Any) -> None:
    def prepare(errand: Errand) -> None:
        for _ in range(4):
            real_clock.tick(seconds=40)
            outbox.keep(errand)
            assert outbox.claim("short") is None

    outbox.register_errand("test.long", ErrandStep("x", prepare=prepare))
    outbox.enqueue("test.long", "a")
    outbox.attend(claimed())
    assert Errand.objects.get().state == "done"


def test_errand_whose_worker_dies_each_time_is_given_up(diary: Diary, real_clock: Any) -> None:
    outbox.enqueue("test.diary", "a")
    for _ in range(3):
        claimed()
        real_clock.tick(minutes=2)
    outbox.attend(claimed())
    errand = Errand.objects.get()
    assert (errand.state, errand.error, errand.deaths) == ("given-up", "Its worker died each time.", 3)
    assert diary.notes == []


def test_kind_of_a_newer_release_is_left_to_it(diary: Diary) -> None:
    outbox.enqueue("test.diary", "a")
    del outbox.kinds["test.diary"]
    assert outbox.claim("short") is None


def test_lanes_do_not_take_from_each_other(diary: Diary) -> None:
    outbox.register_errand("test.slow", ErrandStep("x"), lane="long")
    outbox.enqueue("test.slow", "a")
    assert outbox.claim("short") is None
    assert claimed("long").kind == "test.slow"


def test_step_put_in_by_a_release_is_done_and_one_taken_out_is_not_missed(diary: Diary) -> None:
    outbox.enqueue("test.diary", "a")
    Errand.objects.update(done=["one", "three", "gone"])
    outbox.attend(claimed())
    assert (Errand.objects.get().state, effects()) == ("done", ["a two"])
    outbox.enqueue("test.diary", "b")
    Errand.objects.filter(key="b").update(done=["one", "two", "three"])
    outbox.attend(claimed())
    assert Errand.objects.get(key="b").state == "done"


def test_stopping_worker_releases_after_the_step_at_hand(diary: Diary) -> None:
    outbox.enqueue("test.diary", "a")
    outbox.attend(claimed(), stopping=lambda: diary.notes != [])
    errand = Errand.objects.get()
    assert (errand.state, errand.done, errand.claimed_by, errand.tries) == ("open", ["one"], "", 0)
    outbox.attend(claimed())
    assert (Errand.objects.get().state, Errand.objects.get().deaths) == ("done", 0)


def test_work_off_does_also_what_errands_enqueue(diary: Diary, kinds: Any) -> None:
    outbox.register_errand(
        "test.parent", ErrandStep("x", commit=lambda e, p: outbox.enqueue("test.diary", e.key))
    )
    outbox.enqueue("test.parent", "a")
    assert outbox.work_off() == 2
    assert effects() == ["a one", "a three", "a two"]


def test_work_off_says_what_failed(diary: Diary) -> None:
    diary.failing = "two"
    outbox.enqueue("test.diary", "a")
    with pytest.raises(outbox.WorkFailed, match="test.diary a: RuntimeError: the disk is full"):
        outbox.work_off()


def test_work_off_may_be_told_which_kinds(diary: Diary, kinds: Any) -> None:
    outbox.register_errand("test.other", ErrandStep("x"))
    outbox.enqueue("test.diary", "a")
    outbox.enqueue("test.other", "a")
    assert outbox.work_off(["test.other"]) == 1
    assert effects() == []


def test_idle_look_at_the_table_only_reads(diary: Diary, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert outbox.claim("short") is None


@really_committed
def test_claimers_never_share(diary: Diary) -> None:
    for n in range(60):
        outbox.enqueue("test.diary", str(n))
    got: list[int] = []

    def claim_all() -> None:
        while errand := outbox.claim("short"):
            got.append(errand.pk)
        connection.close()

    threads = [threading.Thread(target=claim_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(got), len(set(got))) == (60, 60)

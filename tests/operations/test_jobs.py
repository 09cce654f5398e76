"""Jobs: chunks, what is kept when something goes wrong, and who may see them."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from operations import clock as product_clock
from operations import jobs, outbox, results, scheduled, worker
from operations.models import Errand, Job
from people.models import User
from tests.databases import on_postgresql, really_committed
from tests.factories import client_of, make_person

from .test_history_together import together

pytestmark = pytest.mark.django_db
KIND, LONELY = "test.counting", "test.lonely"


class Counting:
    """A job that counts to its total, three a chunk; `fails` is raised once, `ended` remembers its ends."""

    def __init__(self) -> None:
        self.counted: list[int] = []
        self.ended: list[str] = []
        self.fails: list[Exception] = []
        self.prepared = 0

    def prepare(self, job: Job) -> list[int]:
        self.prepared += 1
        return list(range(job.done, min(job.done + 3, job.total or 7)))

    def commit(self, job: Job, numbers: list[int]) -> int:
        job.payload["last"] = numbers[-1] if numbers else None
        if self.fails:
            raise self.fails.pop(0)
        self.counted += numbers
        return len(numbers)

    def on_end(self, job: Job) -> None:
        self.ended.append(job.state)


@pytest.fixture
def counting(kinds: Any) -> Any:
    counting = Counting()
    jobs.register_job(
        KIND, title="Counting", commit=counting.commit, prepare=counting.prepare, on_end=counting.on_end
    )
    yield counting
    del jobs.job_kinds[KIND]


@pytest.fixture
def lonely(kinds: Any) -> Any:
    """A kind of which one is at work at a time, behind all others."""
    counting = Counting()
    jobs.register_job(LONELY, title="Rosters", commit=counting.commit, prepare=counting.prepare, alone=True)
    yield counting
    del jobs.job_kinds[LONELY]


def work() -> Errand:
    errand = outbox.claim(only=[KIND])
    assert errand is not None
    outbox.attend(errand)
    errand.refresh_from_db()
    return errand


def again(job: Job) -> Job:
    job.refresh_from_db()
    return job


def test_job_is_done_in_chunks_up_to_its_total(counting: Counting, officer: User, clock: Any) -> None:
    job = jobs.start(kind=KIND, by=officer, total=7)
    assert (job.state, job.done) == ("waiting", 0)
    assert work().state == "done"
    job = again(job)
    assert (job.state, job.done, job.total, job.closed_at) == ("done", 7, 7, clock.now)
    assert (counting.counted, counting.prepared, counting.ended) == (list(range(7)), 3, ["done"])
    assert job.payload == {"last": 6}


def test_job_without_total_ends_when_a_chunk_has_nothing_left(counting: Counting, officer: User) -> None:
    job = jobs.start(kind=KIND, by=officer)
    work()
    assert (again(job).state, job.done, job.total) == ("done", 7, None)


def test_start_is_rolled_back_with_its_transaction(counting: Counting, officer: User) -> None:
    from django.db import transaction

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.start(kind=KIND, by=officer)
        raise ZeroDivisionError
    assert (Job.objects.count(), Errand.objects.filter(kind=KIND).count()) == (0, 0)


def test_unknown_kind_is_refused_before_anything_is_written(officer: User) -> None:
    with pytest.raises(LookupError):
        jobs.start(kind="test.unknown", by=officer)
    assert Job.objects.count() == 0


def test_refusal_rolls_its_chunk_back_and_is_told_in_words(counting: Counting, officer: User) -> None:
    job = jobs.start(kind=KIND, by=officer, total=7)
    counting.fails = [jobs.JobRefused("Row 31 has no family name.")]
    assert work().state == "done"  # not tried again
    job = again(job)
    assert (job.state, job.error, job.done) == ("failed", "Row 31 has no family name.", 0)
    assert (job.payload, counting.ended) == ({}, ["failed"])


def test_refusal_speaks_the_owners_language(counting: Counting) -> None:
    owner = make_person(language="ru")

    def prepare(job: Job) -> None:
        raise jobs.JobRefused(gettext("You may not do this."))

    jobs.job_kinds[KIND] = jobs.JobKind("x", counting.commit, prepare, counting.on_end, lambda job: "")
    job = jobs.start(kind=KIND, by=owner)
    work()
    with translation.override("ru"):
        assert again(job).error == gettext("You may not do this.") != "You may not do this."


def test_accident_is_tried_again_from_the_last_chunk(
    counting: Counting, officer: User, real_clock: Any
) -> None:
    job = jobs.start(kind=KIND, by=officer, total=7)
    counting.fails = [OSError("the disk is away")]
    errand = work()
    assert (errand.state, again(job).state, job.done) == ("open", "running", 0)
    real_clock.tick(minutes=1)
    assert work().state == "done"
    assert (again(job).done, counting.counted) == (7, list(range(7)))


def test_five_accidents_in_a_row_end_the_job_with_a_reference(
    counting: Counting, officer: User, real_clock: Any
) -> None:
    job = jobs.start(kind=KIND, by=officer, total=7)
    counting.fails = [OSError("the disk is away")] * 5
    for _ in range(5):
        errand = work()
        real_clock.tick(hours=1)
    assert errand.state == "given-up"
    assert (again(job).state, counting.ended) == ("failed", ["failed"])
    assert errand.reference in job.error and "disk" not in job.error


def test_chunk_that_succeeds_lets_the_tries_begin_anew(
    counting: Counting, officer: User, real_clock: Any, monkeypatch: Any
) -> None:
    """A job of many chunks is not given up for deaths that lie chunks apart."""
    job = jobs.start(kind=KIND, by=officer, total=30)
    commit = counting.commit

    def commit_then_fail(job: Job, numbers: list[int]) -> int:
        if job.done and not job.payload.get("failed") == job.done and counting.prepared % 2 == 0:
            raise OSError("now and then")
        return commit(job, numbers)

    jobs.job_kinds[KIND] = jobs.JobKind(
        "x", commit_then_fail, counting.prepare, counting.on_end, lambda job: ""
    )
    attended = 0
    while again(job).closed_at is None:
        work()
        real_clock.tick(hours=1)
        attended += 1
    assert attended > jobs.TRIES
    assert (job.state, counting.counted) == ("done", list(range(30)))


def test_job_lets_others_go_first_after_its_slice(
    counting: Counting, officer: User, real_clock: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(jobs, "SLICE", -1.0)
    first = jobs.start(kind=KIND, by=officer, total=6)
    real_clock.tick(seconds=1)
    second = jobs.start(kind=KIND, by=officer, total=6)
    real_clock.tick(seconds=1)
    work()
    assert (again(first).state, first.done, again(second).done) == ("running", 3, 0)
    real_clock.tick(seconds=1)
    work()
    assert (again(first).done, again(second).done) == (3, 3)
    for _ in range(2):
        real_clock.tick(seconds=1)
        work()
    assert (again(first).state, again(second).state) == ("done", "done")


def claimed() -> str:
    errand = outbox.claim("long", only=[KIND, LONELY])
    return errand.key if errand else ""


def test_jobs_that_go_alone_are_worked_one_at_a_time(
    lonely: Counting, officer: User, real_clock: Any
) -> None:
    first = jobs.start(kind=LONELY, by=officer, total=6)
    real_clock.tick(seconds=1)
    second = jobs.start(kind=LONELY, by=officer, total=6)
    real_clock.tick(seconds=1)
    errand = outbox.claim("long", only=[LONELY])
    assert errand is not None and errand.key == first.public_id
    assert claimed() == ""  # another worker asks
    outbox.attend(errand)
    assert again(first).state == "done"
    assert claimed() == second.public_id
    real_clock.tick(hours=2)  # its worker has died
    assert claimed() == second.public_id


def test_jobs_that_go_alone_wait_for_all_others(
    lonely: Counting, counting: Counting, officer: User, real_clock: Any
) -> None:
    jobs.start(kind=LONELY, by=officer, total=6)
    real_clock.tick(hours=1)
    own_data = jobs.start(kind=KIND, by=officer, total=6)
    assert claimed() == own_data.public_id


def test_jobs_that_go_alone_let_others_go_first_after_each_chunk(
    lonely: Counting, counting: Counting, officer: User, real_clock: Any
) -> None:
    roster = jobs.start(kind=LONELY, by=officer, total=6)
    jobs.start(kind=LONELY, by=officer, total=6)  # waits: it is no other
    real_clock.tick(seconds=1)
    errand = outbox.claim("long", only=[LONELY])
    assert errand is not None
    own_data = jobs.start(kind=KIND, by=officer, total=6)
    outbox.attend(errand)
    assert (again(roster).state, roster.done) == ("running", 3)
    work()
    real_clock.tick(seconds=1)
    assert again(own_data).state == "done"
    assert claimed() == roster.public_id


@on_postgresql
@really_committed
def test_of_two_claims_at_once_one_goes_alone(lonely: Counting, officer: User) -> None:
    for _number in range(2):
        jobs.start(kind=LONELY, by=officer, total=6)
    keys: list[str] = []
    together(lambda: keys.append(claimed()), lambda: keys.append(claimed()))
    assert sorted(map(bool, keys)) == [False, True]


def test_told_to_stop_it_releases_after_the_chunk_at_hand(
    counting: Counting, officer: User, monkeypatch: Any
) -> None:
    job = jobs.start(kind=KIND, by=officer, total=7)
    monkeypatch.setattr(jobs, "stopping", lambda: True)
    errand = work()
    assert (errand.state, errand.claimed_by, errand.tries, again(job).done) == ("open", "", 0, 3)
    monkeypatch.setattr(jobs, "stopping", worker.stopping)
    work()
    assert (again(job).state, counting.counted) == ("done", list(range(7)))


def test_stalled_worker_cannot_write_what_another_has_done(
    counting: Counting, officer: User, real_clock: Any
) -> None:
    job = jobs.start(kind=KIND, by=officer, total=7)
    stalled = outbox.claim(only=[KIND])
    assert stalled is not None
    real_clock.tick(minutes=2)
    other = outbox.claim(only=[KIND])
    assert other is not None
    outbox.attend(stalled)
    assert (again(job).done, counting.counted) == (0, [])
    outbox.attend(other)
    assert (again(job).done, counting.counted) == (7, list(range(7)))


def test_cancel_before_the_start_ends_at_once(counting: Counting, officer: User) -> None:
    job = jobs.start(kind=KIND, by=officer, total=7)
    jobs.cancel(job=job, by=officer)
    assert (again(job).state, counting.ended) == ("cancelled", ["cancelled"])
    assert (work().state, counting.counted) == ("done", [])


def test_cancel_under_way_ends_before_the_next_chunk_and_restart_goes_on(
    counting: Counting, officer: User
) -> None:
    job = jobs.start(kind=KIND, by=officer, total=7)
    commit = counting.commit

    def commit_and_cancel(job: Job, numbers: list[int]) -> int:
        jobs.cancel(job=job, by=officer)
        return commit(job, numbers)

    jobs.job_kinds[KIND] = jobs.JobKind(
        "x", commit_and_cancel, counting.prepare, counting.on_end, lambda job: ""
    )
    work()
    assert (again(job).state, job.done) == ("cancelled", 3)
    jobs.job_kinds[KIND] = jobs.JobKind("x", commit, counting.prepare, counting.on_end, lambda job: "")
    jobs.restart(job=job, by=officer)
    assert (again(job).state, job.cancel_asked_at, job.error) == ("waiting", None, "")
    work()
    assert (again(job).state, counting.counted) == ("done", list(range(7)))
    assert counting.ended == ["cancelled", "done"]


def test_restart_works_where_the_errand_has_been_forgotten(counting: Counting, officer: User) -> None:
    job = jobs.start(kind=KIND, by=officer, total=7)
    counting.fails = [jobs.JobRefused("Not now.")]
    work()
    Errand.objects.filter(kind=KIND).delete()
    jobs.restart(job=job, by=officer)
    work()
    assert again(job).state == "done"


def test_job_that_is_done_is_not_restarted(counting: Counting, officer: User) -> None:
    job = jobs.start(kind=KIND, by=officer, total=1)
    work()
    with pytest.raises(jobs.JobRefused):
        jobs.restart(job=job, by=officer)


def test_only_the_owner_cancels_and_restarts(counting: Counting, officer: User, outsider: User) -> None:
    job = jobs.start(kind=KIND, by=officer, total=7)
    for act in (jobs.cancel, jobs.restart):
        with pytest.raises(PermissionDenied):
            act(job=job, by=outsider)
    assert again(job).state == "waiting"


# --- results ---------------------------------------------------------------------------------------


def keeping(counting: Counting, *, days: int = 7) -> None:
    def commit(job: Job, prepared: Any) -> int:
        jobs.keep_result(job, name="people.csv", content=b"a;b\r\n", days=days)
        return 0

    jobs.job_kinds[KIND] = jobs.JobKind("Counting", commit, lambda job: None, counting.on_end, lambda job: "")


def test_result_is_for_its_owner_until_it_expires(
    counting: Counting, officer: User, outsider: User, clock: Any
) -> None:
    keeping(counting)
    job = jobs.start(kind=KIND, by=officer)
    work()
    address = reverse("jobs:download", args=[job.public_id])
    response = client_of(officer).get(address)
    assert b"".join(response) == b"a;b\r\n"
    assert response.headers["Content-Disposition"] == 'attachment; filename="people.csv"'
    assert "no-store" in response.headers["Cache-Control"]
    assert client_of(outsider).get(address).status_code == 404
    assert again(job).expires_at == clock.now + timedelta(days=7)
    clock.tick(days=7)
    assert client_of(officer).get(address).status_code == 404


def test_expired_results_and_strays_are_deleted_by_the_timetable(
    own_files: None, counting: Counting, officer: User, clock: Any, real_clock: Any
) -> None:
    keeping(counting)
    job = jobs.start(kind=KIND, by=officer)
    work()
    stray, name = results.store(b"nobody's"), again(job).result
    real_clock.now = product_clock.timezone.now() + timedelta(days=2)
    scheduled.sweep_files(clock.now)
    assert (results.opened(stray), results.opened(name) is None) == (None, False)
    scheduled.prune_jobs(clock.tick(days=8))
    assert (results.opened(name), again(job).result) == (None, "")
    scheduled.prune_jobs(clock.tick(days=90))
    assert Job.objects.count() == 0


def test_result_of_a_rolled_back_chunk_is_not_the_jobs(counting: Counting, officer: User) -> None:
    def commit(job: Job, prepared: Any) -> int:
        jobs.keep_result(job, name="half.csv", content=b"half")
        raise jobs.JobRefused("No.")

    jobs.job_kinds[KIND] = jobs.JobKind("x", commit, lambda job: None, counting.on_end, lambda job: "")
    job = jobs.start(kind=KIND, by=officer)
    work()
    assert (again(job).state, job.result, job.expires_at) == ("failed", "", None)


def test_result_may_be_a_file(counting: Counting, officer: User, tmp_path: Any) -> None:
    path = tmp_path / "big.xlsx"
    path.write_bytes(b"x" * 100_000)

    def commit(job: Job, prepared: Any) -> int:
        jobs.keep_result(job, name="big.xlsx", content=path)
        return 0

    jobs.job_kinds[KIND] = jobs.JobKind("x", commit, lambda job: None, counting.on_end, lambda job: "")
    job = jobs.start(kind=KIND, by=officer)
    work()
    file = results.opened(again(job).result)
    assert file is not None and file.read() == b"x" * 100_000
    file.close()

"""The pages of jobs, as their owners and strangers meet them."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from operations import clock, jobs, outbox
from operations.models import Job
from people.models import User
from tests.elearning.pages import flat
from tests.factories import client_of, counted

pytestmark = pytest.mark.django_db
KIND = "test.pages"


@pytest.fixture(autouse=True)
def kind(kinds: Any) -> Iterator[None]:
    jobs.register_job(KIND, title="Export of people", commit=lambda job, prepared: 1)
    yield
    del jobs.job_kinds[KIND]


@pytest.fixture
def job(officer: User) -> Job:
    return jobs.start(kind=KIND, by=officer, total=3)


def address(name: str, job: Job) -> str:
    with translation.override("en"):
        return reverse(f"jobs:{name}", args=[job.public_id])


def test_stranger_is_led_to_the_sign_in_page(job: Job, client: Any) -> None:
    for url in ("/en/jobs/", address("one", job), address("download", job)):
        response = client.get(url)
        assert (response.status_code, "/en/account/login/" in response.url) == (302, True)


def test_another_persons_job_is_not_found(job: Job, outsider: User) -> None:
    client = client_of(outsider)
    assert [client.get(address(name, job)).status_code for name in ("one", "download")] == [404, 404]
    assert [client.post(address(name, job)).status_code for name in ("cancel", "restart")] == [404, 404]
    assert "Export of people" not in client.get("/en/jobs/").content.decode()


def test_page_shows_progress_and_refreshes_itself_without_script(job: Job, officer: User) -> None:
    Job.objects.filter(pk=job.pk).update(state="running", done=1)
    page = client_of(officer).get(address("one", job))
    text = flat(page.content)
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in text
    assert 'max="3" value="1"' in text and "1 of 3" in text
    assert "no-store" in page.headers["Cache-Control"]


def test_script_is_told_how_far_it_is(job: Job, officer: User) -> None:
    client = client_of(officer, headers={"accept": "application/json"})
    assert client.get(address("one", job)).json() == {
        "ended": False, "done": 0, "total": 3, "words": "Waits for its turn",
    }  # fmt: skip
    outbox.work_off([KIND])
    assert client.get(address("one", job)).json()["ended"] is True


def test_page_of_a_finished_job_does_not_refresh(job: Job, officer: User) -> None:
    outbox.work_off([KIND])
    text = client_of(officer).get(address("one", job)).content.decode()
    assert "refresh" not in text and "job.js" not in text and "3 of 3" in text


def test_owner_cancels_and_goes_on(job: Job, officer: User) -> None:
    client = client_of(officer)
    client.post(address("cancel", job))
    job.refresh_from_db()
    assert job.state == "cancelled"
    assert "Go on where it stopped" in client.get(address("one", job)).content.decode()
    client.post(address("restart", job))
    outbox.work_off([KIND])
    job.refresh_from_db()
    assert job.state == "done"
    page = client.post(address("restart", job), follow=True).content.decode()
    assert "Only work that failed or was cancelled can be started again." in page


def test_error_stands_on_the_page_in_words(job: Job, officer: User) -> None:
    Job.objects.filter(pk=job.pk).update(
        state="failed", closed_at=job.created_at, error="Row 31 has no family name."
    )
    assert "Row 31 has no family name." in client_of(officer).get(address("one", job)).content.decode()


def test_file_handed_out_once_goes_to_its_owner_and_then_is_gone(
    officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    kind = replace(jobs.job_kinds[KIND], once=lambda request, job: asked.append(job.pk))
    monkeypatch.setitem(jobs.job_kinds, KIND, kind)
    job = jobs.start(kind=KIND, by=officer, total=1)
    jobs.keep_result(job, name="sheets.pdf", content=b"codes")
    job.state, job.closed_at = Job.State.DONE, clock.now()
    job.save()
    client = client_of(officer)
    assert client.get(address("download", job)).status_code == 404  # by a link it is never fetched
    sent = client.post(address("take", job))
    assert (b"".join(sent.streaming_content), asked) == (b"codes", [job.pk])
    assert client.post(address("take", job)).status_code == 404


def test_changes_are_posts(job: Job, officer: User) -> None:
    client = client_of(officer)
    assert [client.get(address(name, job)).status_code for name in ("cancel", "restart")] == [405, 405]


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_pages_in_three_languages(job: Job, officer: User, language: str) -> None:
    client = client_of(officer)
    for url in (f"/{language}/jobs/", address("one", job).replace("/en/", f"/{language}/")):
        page = client.get(url)
        assert page.status_code == 200 and f'<html lang="{language}">' in page.content.decode()


def test_empty_list_says_what_will_come(officer: User) -> None:
    assert "What you export or import appears here." in client_of(officer).get("/en/jobs/").content.decode()


def test_list_takes_as_many_queries_for_three_as_for_one(officer: User) -> None:
    numbers = []
    for _ in range(2):
        client = client_of(officer)
        client.get("/en/jobs/")
        with counted() as queries:
            client.get("/en/jobs/")
        numbers.append(len(queries))
        for _ in range(2):
            jobs.start(kind=KIND, by=officer)
    assert numbers[0] == numbers[1]

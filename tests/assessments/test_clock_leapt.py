"""A clock that was set while the server ran closes no exam; after downtime exams close as they are due."""

from datetime import timedelta

import pytest

from assessments import actions
from assessments.refusals import ClockLeapt
from operations import clock
from operations.actions import confirm_clock
from operations.models import ClockLeap
from tests.factories import client_of

from .conftest import start
from .pages import address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
YEARS = timedelta(days=3 * 365)


@pytest.fixture
def leapt(db) -> None:
    ClockLeap.objects.create(seen_at=clock.now(), seconds=int(YEARS.total_seconds()))


def test_after_downtime_it_closes_as_due(attempt):
    with clock.at(attempt.due_at + YEARS):
        assert actions.close_overdue(clock.now()) == 1
    attempt.refresh_from_db()
    assert attempt.closed_at == attempt.ends_at()


def test_leap_closes_no_exam_and_once_confirmed_it_goes_on(attempt, officer, leapt):
    with clock.at(attempt.due_at + YEARS):
        assert actions.close_overdue(clock.now()) == 0
        with pytest.raises(ClockLeapt):
            actions.close_attempt(attempt=attempt, by=officer, confirmed=True)
    attempt.refresh_from_db()
    assert attempt.closed_at is None
    confirm_clock(reason="three years ahead for an hour", by=None)
    assert actions.close_overdue(clock.now()) == 0  # its time is not over
    assert actions.close_attempt(attempt=attempt, by=officer, confirmed=True).closed_at


def test_confirmed_clock_that_is_right_closes_what_is_due(attempt, leapt):
    with clock.at(attempt.due_at + timedelta(hours=1)):
        confirm_clock(reason="the clock was behind, and is right now", by=None)
        assert actions.close_overdue(clock.now()) == 1


def test_own_submission_in_time_is_taken(attempt, officer, leapt):
    """A leap back makes nobody wait: only what time closes stays open."""
    assert actions.close_attempt(attempt=attempt, by=officer, confirmed=True).closed_at


def test_pages_say_that_nothing_is_closed(attempt, officer, leapt):
    client = client_of(officer)
    with clock.at(attempt.due_at + YEARS):
        for answer in (
            client.get(address("attempt", attempt)), client.post(address("close", attempt), {"confirmed": "yes"}),
        ):  # fmt: skip
            assert answer.status_code == 503
            assert "Nothing is closed" in answer.text and "What you have saved is kept." in answer.text


def test_nothing_is_begun_by_a_clock_that_leapt(exam, officer, leapt):
    """It would end by the wrong clock."""
    with pytest.raises(ClockLeapt):
        start(exam, officer)

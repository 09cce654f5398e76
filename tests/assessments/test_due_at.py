"""The end of an attempt may be put off while it runs; nothing else of it changes."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from assessments import actions
from assessments.models import Attempt, Blueprint
from operations import clock
from people.models import User

from .conftest import start

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def refused(**change: Any) -> None:
    with pytest.raises(IntegrityError, match="attempt_append_only"), transaction.atomic():
        Attempt.objects.update(**change)


@pytest.mark.parametrize("by", [timedelta(microseconds=1), MINUTE, timedelta(days=40)])
def test_end_is_put_off(attempt: Attempt, by: timedelta) -> None:
    assert attempt.due_at is not None
    Attempt.objects.update(due_at=attempt.due_at + by)
    Attempt.objects.update(due_at=attempt.due_at + 2 * by)
    before = attempt.due_at
    attempt.refresh_from_db()
    assert attempt.due_at == before + 2 * by


@pytest.mark.parametrize("by", [timedelta(microseconds=1), MINUTE, timedelta(days=40)])
def test_end_never_comes_earlier(attempt: Attempt, by: timedelta) -> None:
    assert attempt.due_at is not None
    refused(due_at=attempt.due_at - by)
    refused(due_at=None)
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("UPDATE assessments_attempt SET due_at = started_at")


def test_putting_off_changes_nothing_else_along(attempt: Attempt) -> None:
    assert attempt.due_at is not None
    refused(due_at=attempt.due_at + MINUTE, started_at=clock.now() - MINUTE)
    refused(due_at=attempt.due_at + MINUTE, origin="enrolment:other")


@pytest.mark.parametrize(
    "change",
    [{"course_code": "C9", "edition_number": 1}, {"requirements": {"lessons": []}}],
)
def test_what_it_was_begun_from_never_changes(attempt: Attempt, change: dict[str, Any]) -> None:
    refused(**change)


def test_closed_attempt_keeps_its_end(attempt: Attempt, officer: User) -> None:
    actions.close_attempt(attempt=attempt, by=officer, confirmed=True)
    assert attempt.due_at is not None
    refused(due_at=attempt.due_at + MINUTE)


def test_attempt_without_a_limit_gets_none(practice: Blueprint, officer: User) -> None:
    start(practice, officer)
    refused(due_at=clock.now() + MINUTE)


def test_put_off_end_takes_answers_until_then(attempt: Attempt, officer: User) -> None:
    assert attempt.due_at is not None
    with clock.at(attempt.due_at + MINUTE):
        Attempt.objects.update(due_at=attempt.due_at + 2 * MINUTE)
        assert actions.close_overdue(clock.now()) == 0
        attempt.refresh_from_db()
        assert actions.close_attempt(attempt=attempt, by=officer, confirmed=True).closing == "submitted"

"""Closing stages and attempts, and the marks that closing makes."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from assessments import actions
from assessments.models import Attempt, Blueprint, Mark
from assessments.refusals import Closed, Unanswered
from assessments.scheduled import close_overdue
from assessments.signals import attempt_closed
from operations import clock
from people.models import User

from .conftest import start
from .walking import answer_all, open_stages, save, stage_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard() -> Iterator[list[Attempt]]:
    """Attempts that the signal told of."""
    told: list[Attempt] = []

    def listen(attempt: Attempt, **_more: Any) -> None:
        told.append(attempt)

    attempt_closed.connect(listen)
    yield told
    attempt_closed.disconnect(listen)


def close(attempt: Attempt, **more: Any) -> Attempt:
    return actions.close_attempt(attempt=attempt, by=attempt.person, **more)


# --- stages -------------------------------------------------------------------------------------------


def test_closing_a_stage_opens_the_next(attempt: Attempt) -> None:
    following = actions.close_stage(attempt=attempt, stage_code=stage_code(attempt), by=attempt.person)
    assert following is not None
    assert following.stage_code == stage_code(attempt, 2)
    assert open_stages(attempt) == [stage_code(attempt, 2)]


def test_stage_closed_twice_answers_the_same(attempt: Attempt) -> None:
    first, second = stage_code(attempt), stage_code(attempt, 2)
    for _click in range(2):
        following = actions.close_stage(attempt=attempt, stage_code=first, by=attempt.person)
        assert following is not None
        assert following.stage_code == second
    assert attempt.stages.count() == 2


def test_last_stage_leads_nowhere(attempt: Attempt) -> None:
    for number in (1, 2):
        following = actions.close_stage(
            attempt=attempt, stage_code=stage_code(attempt, number), by=attempt.person
        )
    assert following is None


def test_stage_not_open_cannot_be_closed(attempt: Attempt) -> None:
    with pytest.raises(Closed):
        actions.close_stage(attempt=attempt, stage_code=stage_code(attempt, 2), by=attempt.person)


def test_stage_of_a_closed_attempt_cannot_be_closed(attempt: Attempt) -> None:
    close(attempt, confirmed=True)
    with pytest.raises(Closed):
        actions.close_stage(attempt=attempt, stage_code=stage_code(attempt), by=attempt.person)


@pytest.mark.parametrize("cast", ["officer2", "coordinator", "outsider"])
def test_nobody_else_can_close(attempt: Attempt, cast: str, request: pytest.FixtureRequest) -> None:
    stranger = request.getfixturevalue(cast)
    with pytest.raises(PermissionDenied):
        actions.close_stage(attempt=attempt, stage_code=stage_code(attempt), by=stranger)
    with pytest.raises(PermissionDenied):
        actions.close_attempt(attempt=attempt, by=stranger, confirmed=True)
    assert Attempt.objects.open().count() == 1


# --- attempts -----------------------------------------------------------------------------------------


def test_all_right_passes_with_all_points(attempt: Attempt, heard: list[Attempt]) -> None:
    answer_all(attempt)
    closed = close(attempt)
    assert (closed.passed, closed.points, closed.points_max) == (True, 34, 34)
    assert closed.closing == "submitted"
    assert heard == [closed]
    assert open_stages(attempt) == []


def test_marks_are_written_by_question_with_competences(attempt: Attempt) -> None:
    answer_all(attempt)
    close(attempt)
    mark = Mark.objects.get(question_code=f"{stage_code(attempt)}-q1")
    assert (mark.points, mark.points_max, mark.critical_errors) == (8, 8, [])
    assert mark.competences == {"LAB-02": ["5.33", "5.33"], "LAB-04": ["2.67", "2.67"]}


def test_critical_error_fails_and_is_marked(attempt: Attempt) -> None:
    answer_all(attempt)
    save(
        attempt,
        {f"{stage_code(attempt, 2)}-q4": {f"{stage_code(attempt, 2)}-q4-b": "do"}},
        stage=stage_code(attempt, 2),
    )
    closed = close(attempt, confirmed=True)
    assert closed.passed is False
    assert closed.points == Decimal("30.00")
    assert Mark.objects.get(question_code=f"{stage_code(attempt, 2)}-q4").critical_errors == ["ERR-CONFRONT"]


def test_practice_is_marked_but_neither_passed_nor_failed(practice: Blueprint, officer: User) -> None:
    attempt = start(practice, officer)
    answer_all(attempt)
    closed = close(attempt)
    assert (closed.passed, closed.points) == (None, 17)


def test_unanswered_questions_are_named_before_closing(attempt: Attempt) -> None:
    prefix = stage_code(attempt)
    save(attempt, {f"{prefix}-q3": f"{prefix}-q3-b", f"{prefix}-q2": {"act": "present"}})
    with pytest.raises(Unanswered) as caught:
        close(attempt)
    other = stage_code(attempt, 2)
    assert caught.value.question_codes == [
        *(f"{prefix}-q{n}" for n in (1, 2, 4)),
        *(f"{other}-q{n}" for n in (1, 2, 3, 4)),
    ]
    closed = close(attempt, confirmed=True)
    assert (closed.passed, closed.points, closed.points_max) == (False, 3, 34)


def test_closing_twice_answers_the_same_once(attempt: Attempt, heard: list[Attempt]) -> None:
    first, second = close(attempt, confirmed=True), close(attempt)
    assert (second.closed_at, second.points) == (first.closed_at, first.points)
    assert len(heard) == 1
    assert Mark.objects.count() == 8


def test_receiver_that_fails_undoes_the_closing(attempt: Attempt) -> None:
    def refuse(**_more: Any) -> None:
        raise RuntimeError("no award today")

    attempt_closed.connect(refuse)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            close(attempt, confirmed=True)
    finally:
        attempt_closed.disconnect(refuse)
    assert Attempt.objects.open().count() == 1
    assert Mark.objects.count() == 0
    assert open_stages(attempt) == [stage_code(attempt)]


def test_time_over_closes_with_what_was_saved(attempt: Attempt, heard: list[Attempt]) -> None:
    assert attempt.due_at is not None
    save(attempt, {f"{stage_code(attempt)}-q3": f"{stage_code(attempt)}-q3-b"})
    close_overdue(attempt.due_at + timedelta(seconds=29))
    assert Attempt.objects.open().count() == 1  # answers may still be under way
    later = attempt.due_at + timedelta(hours=9)
    with clock.at(later):
        close_overdue(later)
        close_overdue(later)
    attempt.refresh_from_db()
    assert (attempt.closing, attempt.points, attempt.passed) == ("time", 2, False)
    assert attempt.closed_at == attempt.due_at + timedelta(seconds=30)
    assert len(heard) == 1


def test_attempt_that_cannot_be_closed_keeps_no_other_waiting(
    attempt: Attempt, exam: Blueprint, officer2: User
) -> None:
    other = start(exam, officer2)

    def refuse(attempt: Attempt, **_more: Any) -> None:
        if attempt.person_id != officer2.pk:
            raise RuntimeError("no award today")

    assert other.due_at is not None
    attempt_closed.connect(refuse)
    try:
        with clock.at(other.due_at + timedelta(hours=1)), pytest.raises(ExceptionGroup):
            close_overdue(clock.now())
    finally:
        attempt_closed.disconnect(refuse)
    assert list(Attempt.objects.open()) == [attempt]


def test_person_may_close_after_the_end_without_confirming(attempt: Attempt) -> None:
    assert attempt.due_at is not None
    with clock.at(attempt.due_at + timedelta(seconds=5)):
        closed = close(attempt)
    assert closed.closing == "time"
    assert closed.closed_at == attempt.due_at + timedelta(seconds=5)


def test_installation_closes_nothing_before_its_time(attempt: Attempt) -> None:
    with pytest.raises(PermissionDenied):
        actions.close_attempt(attempt=attempt, by=None, confirmed=True)


def test_closed_attempt_and_marks_never_change(attempt: Attempt) -> None:
    close(attempt, confirmed=True)
    for change in (
        lambda: Attempt.objects.update(points=Decimal(34)),
        lambda: Attempt.objects.update(closed_at=None),
        lambda: Mark.objects.update(points=8),
        lambda: Mark.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()

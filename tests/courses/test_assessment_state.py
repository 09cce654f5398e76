from datetime import timedelta

import pytest

from assessments.actions import close_attempt
from assessments.models import Blueprint
from courses.assessment_state import AssessmentState, assessment_states
from operations import clock
from people.models import User
from tests.assessments.conftest import start
from tests.assessments.walking import answer_all
from tests.factories import counted

pytestmark = pytest.mark.django_db


def state_of(person: User, blueprint: Blueprint) -> AssessmentState:
    return assessment_states(person.pk, [blueprint.pk])[blueprint.pk]


def test_before_the_first_attempt_one_can_start(officer: User, exam: Blueprint) -> None:
    found = state_of(officer, exam)
    assert (found.is_exam, found.can_start, found.retry_at, found.rules["pass_percent"]) == (
        True, True, None, 70,
    )  # fmt: skip


def test_open_attempt_is_gone_on_with(officer: User, officer2: User, exam: Blueprint) -> None:
    attempt = start(exam, officer)
    assert (state_of(officer, exam).open, state_of(officer, exam).can_start) == (attempt, False)
    assert state_of(officer2, exam).open is None


def test_failed_exam_can_be_tried_again_after_its_days(officer: User, exam: Blueprint) -> None:
    closed = close_attempt(attempt=start(exam, officer), by=officer, confirmed=True)
    again = closed.closed_at + timedelta(days=7)
    assert (state_of(officer, exam).retry_at, state_of(officer, exam).can_start) == (again, False)
    with clock.at(again):
        assert (state_of(officer, exam).retry_at, state_of(officer, exam).can_start) == (None, True)


def test_passed_exam_is_not_begun_again(officer: User, exam: Blueprint) -> None:
    attempt = start(exam, officer)
    answer_all(attempt)
    close_attempt(attempt=attempt, by=officer)
    found = state_of(officer, exam)
    assert (found.passed, found.can_start, found.retry_at) == (attempt, False, None)


def test_practice_can_be_repeated_at_once(officer: User, practice: Blueprint) -> None:
    close_attempt(attempt=start(practice, officer), by=officer, confirmed=True)
    assert state_of(officer, practice).can_start


def test_practice_was_worked_through_once_all_was_answered(officer: User, practice: Blueprint) -> None:
    close_attempt(attempt=start(practice, officer), by=officer, confirmed=True)
    assert not state_of(officer, practice).worked_through
    attempt = start(practice, officer)
    answer_all(attempt)
    close_attempt(attempt=attempt, by=officer)
    close_attempt(attempt=start(practice, officer), by=officer, confirmed=True)
    with counted() as queries:
        assert state_of(officer, practice).worked_through
    assert len(queries) == 2  # the rules and the attempts


def test_without_a_person_only_the_rules_are_known(exam: Blueprint) -> None:
    found = assessment_states(None, [exam.pk])[exam.pk]
    assert (found.open, found.closed, found.rules["minutes"]) == (None, None, 60)


def test_unknown_blueprints_are_left_out(officer: User) -> None:
    assert assessment_states(officer.pk, [0]) == {}

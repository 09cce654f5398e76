import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from assessments.actions import close_attempt
from assessments.models import Blueprint
from courses import actions
from courses.models import CoursePage, Enrolment
from courses.progress import progress_of
from people.models import User
from tests.assessments.conftest import start
from tests.assessments.walking import answer_all

from .factories import lesson_of, make_course, publish

pytestmark = pytest.mark.django_db


def test_progress_of_nobody_enrolled_is_empty(course: CoursePage, officer: User, outsider: User) -> None:
    assert progress_of(officer) == []
    assert progress_of(outsider) == []


def test_progress_counts_lessons_and_names_the_next(course: CoursePage, enrolment: Enrolment) -> None:
    actions.mark_read(enrolment=enrolment, lesson=lesson_of(course, "lesson-1"), by=None)
    with override("ru"):
        (progress,) = progress_of(enrolment.person)
    assert (progress.done, progress.total, progress.due_on) == (1, 3, None)
    assert progress.next is not None
    assert (progress.next.slug, progress.next.url) == ("lesson-2", "/ru/courses/c1/one/lesson-2/")
    assert progress.course.heading.plain == "Course C1 (ru)"
    assert [entry.item.slug for entry in progress.assessments] == ["practice", "exam"]
    assert not progress.finished


def test_progress_shows_an_open_attempt(course: CoursePage, enrolment: Enrolment, exam: Blueprint) -> None:
    attempt = start(exam, enrolment.person)
    (progress,) = progress_of(enrolment.person)
    assert [entry.state.open for entry in progress.assessments] == [None, attempt]


def test_progress_of_a_course_taken_down_is_not_shown(course: CoursePage, enrolment: Enrolment) -> None:
    course.unpublish()
    assert progress_of(enrolment.person) == []


def test_progress_needs_the_same_queries_for_one_and_three_courses(standards: None, officer: User) -> None:
    counts = []
    for code in ("C1", "C2", "C3"):
        course = make_course(code)
        publish(course)
        actions.enrol(person=officer, course=course, by=officer)
        progress_of(officer)  # fills the caches
        with CaptureQueriesContext(connection) as captured:
            progress_of(officer)
        counts.append(len(captured))
    assert counts == [counts[0]] * 3


def test_finished_means_all_read_and_the_exam_passed(
    course: CoursePage, enrolment: Enrolment, exam: Blueprint
) -> None:
    for number in (1, 2, 3):
        actions.mark_read(enrolment=enrolment, lesson=lesson_of(course, f"lesson-{number}"), by=None)
    assert not progress_of(enrolment.person)[0].finished
    attempt = start(exam, enrolment.person)
    answer_all(attempt)
    close_attempt(attempt=attempt, by=enrolment.person)
    assert progress_of(enrolment.person)[0].finished

from collections.abc import Iterator

import pytest
from django.utils.translation import override

from courses import actions
from courses.guards import why_not_delete
from courses.models import CoursePage, Enrolment

from .factories import LAW, assessment_of, lesson_of, make_lesson, module_of, publish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with override("en"):
        yield


def test_draft_without_records_may_go(course: CoursePage) -> None:
    assert why_not_delete(make_lesson(module_of(course, "one"), "draft")) == ""


def test_lesson_of_editions_must_stay(course: CoursePage) -> None:
    publish(course, legal_date=LAW.replace(year=2027))
    assert why_not_delete(lesson_of(course, "lesson-1")) == (
        "“Lesson lesson-1” cannot be deleted: it belongs to editions 1, 2, and an edition is kept as it "
        "was published."
    )


def test_module_and_course_must_stay_for_what_is_below(course: CoursePage, enrolment: Enrolment) -> None:
    actions.mark_read(enrolment=enrolment, lesson=lesson_of(course, "lesson-1"), by=None)
    assert "1 person has read it" in why_not_delete(module_of(course, "one"))
    assert "1 person has read it; 1 person follows it." in why_not_delete(course)


def test_published_assessment_must_stay(course: CoursePage) -> None:
    assert why_not_delete(assessment_of(course, "exam")) == ("“The exam” cannot be deleted: readers see it.")


def test_left_out_lesson_stays_for_its_edition(course: CoursePage) -> None:
    lesson = lesson_of(course, "lesson-2")
    publish(course, without=[lesson])
    assert "edition 1" in why_not_delete(lesson)

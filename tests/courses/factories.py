"""A small published course: two modules, three lessons, a practice and an exam."""

from datetime import date
from typing import Any

from assessments.models import Blueprint
from courses import actions
from courses.bodies import Stream, streams
from courses.models import AssessmentPage, CoursePage, Edition, LessonPage, ModulePage
from tests.factories import names

LAW = date(2026, 11, 24)


def body_of(text: str, *more: dict[str, Any]) -> dict[str, Stream]:
    return streams([{"paragraph": names(text)}, *more], seed=text)


def make_lesson(module: ModulePage, slug: str, *more: dict[str, Any], **changed: Any) -> LessonPage:
    values: dict[str, Any] = {
        "heading": names(f"Lesson {slug}"),
        "minutes": 10,
        "legal_date": LAW,
        "sources": ["THB-1"],
        "competences": ["LAB-02"],
        "body": body_of(f"Text of {slug}", *more),
        "by": None,
    }
    return actions.save_lesson(module=module, slug=slug, **(values | changed))


def make_course(
    code: str = "C1", *, lessons: int = 3, blueprints: list[Blueprint] | None = None
) -> CoursePage:
    """A draft: module "one" with all lessons but the last, module "two" with it and the assessments."""
    actions.save_catalog(by=None)
    course = actions.save_course(
        code=code, slug=code.lower(), heading=names(f"Course {code}"), summary=names("Summary"),
        audience=names("Inspectors"), minutes=40, legal_date=LAW, by=None,
    )  # fmt: skip
    one = actions.save_module(course=course, slug="one", heading=names("Module one"), by=None)
    two = actions.save_module(course=course, slug="two", heading=names("Module two"), by=None)
    for number in range(1, lessons):
        make_lesson(one, f"lesson-{number}")
    make_lesson(two, f"lesson-{lessons}")
    for blueprint in blueprints or []:
        actions.save_assessment_page(
            module=two, slug=blueprint.use, heading=names(f"The {blueprint.use}"), intro=names("Intro"),
            blueprint=blueprint, by=None,
        )  # fmt: skip
    return course


def publish(course: CoursePage, reason: str = "First", **changed: Any) -> Edition:
    values: dict[str, Any] = {"reason": reason, "material": False, "legal_date": LAW, "by": None}
    return actions.publish_edition(course=course, **(values | changed))


def lesson_of(course: CoursePage, slug: str) -> LessonPage:
    return LessonPage.objects.descendant_of(course).get(slug=slug)


def module_of(course: CoursePage, slug: str) -> ModulePage:
    return ModulePage.objects.child_of(course).get(slug=slug)


def assessment_of(course: CoursePage, slug: str) -> AssessmentPage:
    return AssessmentPage.objects.descendant_of(course).get(slug=slug)

"""A small published course: two modules, three lessons, a practice and an exam."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.test import Client

from assessments.actions import close_attempt
from assessments.models import Attempt, Blueprint
from courses import actions, reading
from courses.actions_assessment import start_assessment
from courses.actions_editions import confirm_edition, propose_edition, publish_edition
from courses.bodies import Stream, stream
from courses.edition_plan import EditionFacts, plan_of
from courses.models import AssessmentPage, CoursePage, Edition, Enrolment, LessonPage, ModulePage
from operations.models import Proposal
from people.models import User
from tests.assessments.walking import answer_all
from tests.factories import client_of, names

LAW = date(2026, 11, 24)
SHIPPED = Path("curriculum/data/courses")


@cache
def shipped_pages() -> list[dict[str, Any]]:
    """Return the pages of the courses that ship, as their files have them."""
    files = [path.read_text(encoding="utf-8") for path in sorted(SHIPPED.glob("*.yaml"))]
    courses = [yaml.load(text, yaml.CSafeLoader)["course"] for text in files]
    return [page for course in courses for module in course["modules"] for page in module["pages"]]


def body_of(text: str, *more: dict[str, Any]) -> Stream:
    return stream([{"paragraph": names(text)}, *more], seed=text)


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
        audience=names("Inspectors"), legal_date=LAW, by=None,
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
    return publish_edition(course=course, **(values | changed))


def facts(reason: str = "Clearer", **changed: Any) -> EditionFacts:
    values: dict[str, Any] = {"material": False, "legal_date": LAW, "languages": ["az", "en", "ru"]}
    return EditionFacts(reason=reason, **(values | changed))


def propose(course: CoursePage, by: User, reason: str = "Clearer", **changed: Any) -> Proposal:
    """Propose the edition; stale texts are ticked."""
    accepted = [text.key for text in plan_of(course).stale]
    return propose_edition(course=course, facts=facts(reason, **changed), accepted=accepted, by=by)


def publish_by_two(course: CoursePage, trainer: User, reviewer: User, **changed: Any) -> Edition:
    return confirm_edition(proposal=propose(course, trainer, **changed), by=reviewer)


def in_cms(person: User) -> Client:
    """Somebody signed in, who reads /cms/ in English."""
    client = client_of(person)
    client.cookies["nisane_language"] = "en"
    return client


def lesson_of(course: CoursePage, slug: str) -> LessonPage:
    return LessonPage.objects.descendant_of(course).get(slug=slug)


def module_of(course: CoursePage, slug: str) -> ModulePage:
    return ModulePage.objects.child_of(course).get(slug=slug)


def assessment_of(course: CoursePage, slug: str) -> AssessmentPage:
    return AssessmentPage.objects.descendant_of(course).get(slug=slug)


def outline(course: CoursePage) -> reading.Course:
    """The course as readers see it."""
    found = reading.outline(reading.generation(), course.slug, "en")
    assert found is not None
    return found


def begin(enrolment: Enrolment, use: str) -> Attempt:
    """The assessment of this use, begun from its page in the course."""
    course = outline(enrolment.course)
    page = next(item for item in course.assessments if item.use == use)
    return start_assessment(course=course, page=page, by=enrolment.person)


def do_what_is_required(enrolment: Enrolment) -> None:
    """Every lesson read, the practice case answered and closed."""
    for lesson in LessonPage.objects.live().descendant_of(enrolment.course):
        actions.mark_read(enrolment=enrolment, lesson=lesson, by=enrolment.person)
    practice = begin(enrolment, "practice")
    answer_all(practice)
    close_attempt(attempt=practice, by=enrolment.person, confirmed=True)

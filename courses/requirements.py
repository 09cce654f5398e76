"""Requirements of a course before its exam, and how far a person has come with them."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max

from assessments.models import Attempt, BlueprintVersion, Use
from people.models import User

from .models import LessonProgress
from .reading import Course, Item, following


@dataclass(frozen=True)
class ExamRequirements:
    """`lessons`, `practice`: required and not done yet. `done`: what was required, as an attempt freezes it.

    `waits_for_edition`: one person took something back from the course, perhaps what is required; two open it again.

    done: {lessons: [{lesson: slugs, revision, edition, read_at}], checks: [{lesson, check}], practice: [{attempt, blueprint, closed_at}]}; a
    part that was not required, or of which the course has nothing, is left out.
    """

    lessons: list[Item] = field(default_factory=list)
    practice: list[Item] = field(default_factory=list)
    done: dict[str, Any] = field(default_factory=dict)
    waits_for_edition: bool = False

    @property
    def met(self) -> bool:
        return not self.missing and not self.waits_for_edition

    @property
    def missing(self) -> list[Item]:
        return [*self.lessons, *self.practice]


def exam_requirements(person: User, course: Course, page: Item) -> ExamRequirements:
    """Return what the exam on this page of a course requires of the person; at most four queries.

    A lesson counts when the person has marked it as read in the course and answered each of its self-checks, a practice
    case when they closed it with every question answered. What an exam requires stands in its rules; practice requires
    nothing.
    """
    if page.use != Use.EXAM:
        return ExamRequirements()
    rules = BlueprintVersion.objects.filter(blueprint=page.blueprint_id).order_by("-number").first()
    requires = rules.rules["requires"] if rules else {}
    found = ExamRequirements(waits_for_edition=course.waits_for_edition)
    if requires.get("lessons"):
        _add_lessons(found, person, course)
    if requires.get("practice"):
        _add_practice(found, person, course)
    return found


def _add_lessons(found: ExamRequirements, person: User, course: Course) -> None:
    progress = LessonProgress.objects.filter(
        enrolment__person=person, enrolment__course=course.pk, enrolment__ended_at=None
    )
    rows = {row.lesson_id: row for row in progress.select_related("edition")}
    state = following(person.pk, course.pk)
    counting = [item for item in course.lessons if state and item.pk in rows and state.is_done(item)]
    found.lessons.extend(item for item in course.lessons if item not in counting)
    lessons = [_lesson(item, rows[item.pk]) for item in counting]
    if lessons:
        found.done["lessons"] = lessons
    checks = [{"lesson": _path(item), "check": code} for item in counting for code in item.checks]
    if checks:
        found.done["checks"] = checks


def _path(item: Item) -> str:
    return f"{item.module.slug}/{item.slug}"


def _lesson(item: Item, row: LessonProgress) -> dict[str, Any]:
    return {
        "lesson": _path(item),
        "revision": row.revision_id,
        "edition": row.edition.number,
        "read_at": row.read_at.isoformat(),
    }


def _add_practice(found: ExamRequirements, person: User, course: Course) -> None:
    pages = [item for item in course.assessments if item.use == Use.PRACTICE]
    closed = (
        Attempt.objects.taken_by(person.pk)
        .filter(blueprint__in=[item.blueprint_id for item in pages])
        .counting()
        .answered()
    )
    newest = closed.order_by().values("blueprint").annotate(newest=Max("pk")).values("newest")
    rows = Attempt.objects.filter(pk__in=newest).select_related("blueprint")
    done = {row.blueprint_id: row for row in rows}
    found.practice.extend(item for item in pages if item.blueprint_id not in done)
    practice = [_practice(done[item.blueprint_id]) for item in pages if item.blueprint_id in done]
    if practice:
        found.done["practice"] = practice


def _practice(attempt: Attempt) -> dict[str, Any]:
    assert attempt.closed_at is not None
    return {
        "attempt": attempt.public_id,
        "blueprint": attempt.blueprint.code,
        "closed_at": attempt.closed_at.isoformat(),
    }

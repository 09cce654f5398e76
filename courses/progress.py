"""Progress of a person in the courses they follow, for the home pages."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from people.models import User

from . import reading
from .assessment_state import AssessmentState, assessment_states
from .models import CoursePage, Enrolment


@dataclass(frozen=True)
class AssessmentProgress:
    """An assessment of a course and where the person stands in it."""

    item: reading.Item
    state: AssessmentState


@dataclass(frozen=True)
class CourseProgress:
    """A course somebody follows. `next` is the next lesson not done; None when all are. `done`: how many are."""

    course: reading.Course
    enrolment_id: str  # public id
    due_on: date | None
    done: int
    total: int
    next: reading.Item | None
    tasks_left: int  # of `next`, where it is marked as read: self-checks not answered
    assessments: list[AssessmentProgress]

    @property
    def finished(self) -> bool:
        """All lessons are done and every exam is passed."""
        exams = [a.state for a in self.assessments if a.state.is_exam]
        return self.done == self.total and all(state.passed for state in exams)


def progress_of(person: User) -> list[CourseProgress]:
    """The published courses a person follows, in the active language; constant queries."""
    number, language = reading.generation(), get_language() or "az"
    slugs = reading.slugs(number)
    enrolments = Enrolment.objects.open().filter(person=person, course__in=slugs).order_by("pk")
    courses = [
        (enrolment, course)
        for enrolment in enrolments.prefetch_related("progress", "checks_done")
        if (course := reading.outline(number, slugs[enrolment.course_id], language))
    ]
    blueprints = {item.blueprint_id or 0 for _enrolment, course in courses for item in course.assessments}
    found = assessment_states(person.pk, blueprints)
    return [_progress(enrolment, course, found) for enrolment, course in courses]


def withdrawn_courses(person: User) -> list[str]:
    """Return the headings of courses that a person follows and that were taken back, in the active language."""
    followed = Enrolment.objects.open().filter(person=person).values("course")
    pages = CoursePage.objects.not_live().filter(pk__in=followed, withdrawals__isnull=False)
    return [page.heading for page in pages.distinct().order_by("pk")]


def _progress(
    enrolment: Enrolment, course: reading.Course, found: dict[int, AssessmentState]
) -> CourseProgress:
    read = {row.lesson_id: row.revision_id for row in enrolment.progress.all()}
    answered = {(row.lesson_id, row.check_code) for row in enrolment.checks_done.all()}
    state = reading.Following(enrolment.pk, enrolment.public_id, read, answered)
    following = state.next_lesson(course)
    tasks = state.checks_done(following) if following and following.pk in read else []
    return CourseProgress(
        course=course,
        enrolment_id=enrolment.public_id,
        due_on=enrolment.due_on,
        done=state.count(course.lessons),
        total=len(course.lessons),
        next=following,
        tasks_left=tasks.count(False),
        assessments=[
            AssessmentProgress(item, found[item.blueprint_id])
            for item in course.assessments
            if item.blueprint_id in found
        ],
    )

"""The one next step of an officer, with its reason: lesson, practice, exam, result, field sheet, renewal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil

from assessments.models import Attempt
from assessments.readiness import readiness_of
from assessments.results import Result, result_of
from certificates.state import State
from courses import reading
from courses.progress import AssessmentProgress, CourseProgress
from operations import clock

from .duty_state import Due
from .overview import Held, Overview
from .rereading import rereading_of


class StepKind(StrEnum):
    ATTEMPT = "attempt"  # go on with what was begun
    BEGIN = "begin"  # a course that a duty needs
    LESSON = "lesson"
    PRACTICE = "practice"
    EXAM = "exam"
    WAIT = "wait"  # there are too few new cases for the exam
    REREAD = "reread"  # failed, and not yet the day of the next attempt
    MADE = "made"  # passed, the certificate is being made
    SHEET = "sheet"
    DONE = "done"
    RENEW = "renew"


@dataclass(frozen=True)
class Milestone:
    """A part of the way: "lessons", "practice", "exam", "sheet" or "renewal"; state "done", "now" or ""."""

    name: str
    state: str


@dataclass(frozen=True)
class NextStep:
    """`item`: the lesson or assessment it leads to. `held`: the certificate that is to be renewed, or holds.

    `retry_at`: when the next attempt may begin; `lessons`: to be read again until then.
    """

    kind: StepKind
    course: CourseProgress | None = None
    item: reading.Item | None = None
    attempt: Attempt | None = None
    due: Due | None = None
    held: Held | None = None
    lessons: Sequence[reading.Item] = ()
    retry_at: datetime | None = None
    again: bool = False  # the exam was not passed before
    result: Result | None = None  # of the newest closed attempt in the course

    @property
    def days_to_wait(self) -> int:
        left = self.retry_at - clock.now() if self.retry_at else timedelta()
        return max(ceil(left / timedelta(days=1)), 0)

    @property
    def left(self) -> int:
        """Lessons not done yet."""
        return self.course.total - self.course.done if self.course else 0

    @property
    def exam(self) -> AssessmentProgress | None:
        return exam_of(self.course) if self.course else None

    @property
    def practice(self) -> AssessmentProgress | None:
        return practice_of(self.course) if self.course else None

    @property
    def path(self) -> list[Milestone]:
        """Return the parts of the way that the course has, in order."""
        if self.course is None:
            return []
        names = ["lessons"]
        names += ["practice"] if self.practice else []
        names += ["exam"] if self.exam else []
        names += ["sheet"] if self.course.course.field_sheet_url else []
        names += ["renewal"] if self.exam else []
        now = names.index(self._now(names))
        return [Milestone(name, self._state(name, place, now)) for place, name in enumerate(names)]

    def _now(self, names: Sequence[str]) -> str:
        match self.kind:
            case StepKind.PRACTICE:
                wanted = "practice"
            case StepKind.EXAM | StepKind.REREAD | StepKind.WAIT:
                wanted = "exam"
            case StepKind.ATTEMPT:
                wanted = "exam" if self.attempt and self.attempt.blueprint.use == "exam" else "practice"
            case StepKind.MADE | StepKind.SHEET | StepKind.DONE:
                wanted = "sheet" if "sheet" in names else "renewal"
            case StepKind.RENEW:
                wanted = "renewal"
            case _:
                wanted = "lessons"
        return wanted if wanted in names else names[0]

    def _state(self, name: str, place: int, now: int) -> str:
        if place == now:
            return "now"
        lessons = name == "lessons" and self.left == 0
        tried = name == "practice" and self.practice is not None and self.practice.state.worked_through
        return "done" if place < now and (lessons or name not in ("lessons", "practice") or tried) else ""


def next_step_of(overview: Overview, language: str) -> NextStep | None:
    """Return the step; None for somebody without courses of whom no duty asks a certificate. Constant queries."""
    if overview.attempts:
        attempt = overview.attempts[0]
        course = next((one for one in overview.courses if _has(one, attempt)), None)
        return NextStep(StepKind.ATTEMPT, course, attempt=attempt, result=_result(course, language))
    if renewing := _renewing(overview):
        course, held = renewing
        return _in_course(course, overview, held, language)
    if under_way := [course for course in overview.courses if not is_done(course)]:
        first = min(under_way, key=lambda course: course.due_on or date.max)
        return _in_course(first, overview, None, language)
    followed = {course.course.url for course in overview.courses} | {""}
    if due := next((due for due in overview.due if due.way.course_url not in followed), None):
        return NextStep(StepKind.BEGIN, due=due)
    if overview.courses:
        return _in_course(overview.courses[-1], overview, None, language)
    return None


def exam_of(course: CourseProgress) -> AssessmentProgress | None:
    return next((found for found in course.assessments if found.state.is_exam), None)


def practice_of(course: CourseProgress) -> AssessmentProgress | None:
    return next((found for found in course.assessments if not found.state.is_exam), None)


def is_done(course: CourseProgress) -> bool:
    """Return whether its exam is passed and counts; a course without one is done when its lessons are."""
    exam = exam_of(course)
    return bool(exam.state.passed) if exam else course.done == course.total


def _has(course: CourseProgress, attempt: Attempt) -> bool:
    return any(found.item.blueprint_id == attempt.blueprint_id for found in course.assessments)


def _renewing(overview: Overview) -> tuple[CourseProgress, Held] | None:
    """Return the course whose certificate ends first within 90 days, where its exam is to be passed again."""
    courses = {course.course.code: course for course in overview.courses if not is_done(course)}
    ending = sorted((held for held in overview.held if held.warning), key=lambda held: held.days_left)
    found = ((courses.get(_course_code(held)), held) for held in ending)
    return next(((course, held) for course, held in found if course), None)


def _course_code(held: Held) -> str:
    return str(held.certificate.qualification_version.rules.get("course", ""))


def _in_course(course: CourseProgress, overview: Overview, held: Held | None, language: str) -> NextStep:
    step = NextStep(StepKind.DONE, course, held=held, result=_result(course, language))
    exam, practice = exam_of(course), practice_of(course)
    if is_done(course):
        return _after_pass(step, overview)
    failed = exam is not None and exam.state.closed is not None and exam.state.closed.passed is False
    if exam and failed and (exam.state.retry_at or exam.state.needs_release):
        lessons = rereading_of(course.course, step.result).lessons if step.result else []
        return replace(
            step, kind=StepKind.REREAD, item=exam.item, lessons=lessons, retry_at=exam.state.retry_at
        )
    if course.next:
        return replace(step, kind=StepKind.LESSON, item=course.next)
    if practice and not practice.state.worked_through:
        return replace(step, kind=StepKind.PRACTICE, item=practice.item)
    if exam:
        stands = readiness_of(exam.state.version, overview.person.pk)
        if stands.too_few_cases:
            return replace(step, kind=StepKind.WAIT, item=exam.item, retry_at=stands.opens_at)
        kind = StepKind.RENEW if held else StepKind.EXAM
        return replace(step, kind=kind, item=exam.item, again=failed)
    return step


def _after_pass(step: NextStep, overview: Overview) -> NextStep:
    assert step.course is not None
    code = step.course.course.code
    making = [
        award for award in overview.being_made if award.qualification_version.rules.get("course") == code
    ]
    held = next(
        (
            held
            for held in overview.held
            if _course_code(held) == code and held.certificate_state.state is State.VALID
        ),
        None,
    )
    sheet = StepKind.SHEET if step.course.course.field_sheet_url else StepKind.DONE
    return replace(step, kind=StepKind.MADE if making else sheet, held=held)


def _result(course: CourseProgress | None, language: str) -> Result | None:
    """Return the newest closed attempt in the course, the exam's before the practice's."""
    closed = [found.state.closed for found in course.assessments if found.state.closed] if course else []
    newest = max(closed, key=lambda attempt: (attempt.blueprint.use == "exam", attempt.pk), default=None)
    return result_of(newest, language) if newest else None

"""The one next step of an officer, with its reason: lesson, practice, exam, result, field sheet, renewal."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil

from assessments.models import Attempt, Use
from assessments.readiness import Readiness, readiness_of
from assessments.results import Result, result_of
from certificates import rules
from certificates.models import QualificationVersion
from certificates.state import State
from courses import reading
from courses.progress import AssessmentProgress, CourseProgress
from courses.standing import few_cases
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
    CLOSED = "closed"  # what the exam earns was taken away from the person
    WAIT = "wait"  # there are too few new cases for the exam
    EDITION = "edition"  # something was taken back from the course: its exam waits for the next edition
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

    `retry_at`: when the next attempt may begin, by `readiness`; `lessons`: to be read again until then.
    """

    kind: StepKind
    course: CourseProgress | None = None
    item: reading.Item | None = None
    attempt: Attempt | None = None
    due: Due | None = None
    held: Held | None = None
    lessons: Sequence[reading.Item] = ()
    retry_at: datetime | None = None
    readiness: Readiness | None = None
    again: bool = False  # the exam was not passed before
    result: Result | None = None  # of the newest closed attempt in the course

    @property
    def days_to_wait(self) -> int:
        left = self.retry_at - clock.now() if self.retry_at else timedelta()
        return max(ceil(left / timedelta(days=1)), 0)

    @property
    def few_cases(self) -> str:
        """Return when there are new cases of the exam, in words."""
        return few_cases(self.readiness) if self.readiness else ""

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
            case StepKind.EXAM | StepKind.REREAD | StepKind.WAIT | StepKind.EDITION | StepKind.CLOSED:
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
    """Return the step; None for somebody without courses of whom no duty asks a certificate. Constant queries.

    An exam that runs comes first; after one that was failed its lessons come before practice that was begun.
    """
    exams = [attempt for attempt in overview.attempts if attempt.blueprint.use == Use.EXAM]
    if exams:
        return _gone_on_with(exams[0], overview, language)
    if failed := [course for course in overview.courses if _must_wait(course)]:
        course = _due_first(failed)
        return _in_course(course, overview, next(iter(_ending(course, overview)), None), language)
    if overview.attempts:
        return _gone_on_with(overview.attempts[0], overview, language)
    if renewing := _renewing(overview):
        course, held = renewing
        return _in_course(course, overview, held, language)
    if under_way := [course for course in overview.courses if not is_done(course)]:
        return _in_course(_due_first(under_way), overview, None, language)
    followed = {course.course.url for course in overview.courses} | {""}
    helped = (due for due in overview.due if due.can_be_earned and due.way.course_url not in followed)
    if due := next(helped, None):
        return NextStep(StepKind.BEGIN, due=due)
    if overview.courses:
        return _in_course(overview.courses[-1], overview, None, language)
    return None


def exam_of(course: CourseProgress) -> AssessmentProgress | None:
    return next((found for found in course.assessments if found.state.is_exam), None)


def practice_of(course: CourseProgress) -> AssessmentProgress | None:
    return next((found for found in course.assessments if not found.state.is_exam), None)


def is_done(course: CourseProgress) -> bool:
    """Return whether its exam is passed and counts; a course without one, or whose exam would earn nothing now, is done
    when its lessons are.
    """
    exam = exam_of(course)
    if exam and exam.state.closed_because:
        return False
    return bool(exam.state.passed) if exam and not exam.state.shut else course.done == course.total


def _due_first(courses: Sequence[CourseProgress]) -> CourseProgress:
    return min(courses, key=lambda course: course.due_on or date.max)


def _is_failed(exam: AssessmentProgress | None) -> bool:
    return exam is not None and exam.state.closed is not None and exam.state.closed.passed is False


def _must_wait(course: CourseProgress) -> bool:
    """Return whether its exam was failed, and days or an assessor stand before the next attempt."""
    exam = exam_of(course)
    if exam is None or is_done(course) or not _is_failed(exam):
        return False
    return bool(exam.state.retry_at or exam.state.needs_release)


def _gone_on_with(attempt: Attempt, overview: Overview, language: str) -> NextStep:
    course = next((one for one in overview.courses if _has(one, attempt)), None)
    return NextStep(StepKind.ATTEMPT, course, attempt=attempt, result=newest_result(course, language))


def _has(course: CourseProgress, attempt: Attempt) -> bool:
    return any(found.item.blueprint_id == attempt.blueprint_id for found in course.assessments)


def _renewing(overview: Overview) -> tuple[CourseProgress, Held] | None:
    """Return the course whose certificate ends first within 90 days, where its exam is to be passed again."""
    courses = [course for course in overview.courses if not is_done(course)]
    found = [(course, held) for course in courses for held in _ending(course, overview)]
    return min(found, key=lambda pair: pair[1].days_left, default=None)


def _ending(course: CourseProgress, overview: Overview) -> list[Held]:
    """Return the certificates of a course that end within 90 days or by changed rules, the first to end first."""
    held = [
        held
        for held in overview.held
        if (held.warning or held.rules_changed)
        and course.course.code in _courses(held.certificate.qualification_version)
    ]
    return sorted(held, key=lambda held: held.days_left)


def _courses(version: QualificationVersion) -> list[str]:
    """Codes of the courses whose exams earn it."""
    found = rules.read(version)
    return found.courses() if found else []


def _in_course(course: CourseProgress, overview: Overview, held: Held | None, language: str) -> NextStep:
    step = NextStep(StepKind.DONE, course, held=held, result=newest_result(course, language))
    exam, practice = exam_of(course), practice_of(course)
    if is_done(course):
        return _after_pass(step, overview)
    if exam and exam.state.closed_because:
        return replace(step, kind=StepKind.CLOSED, item=exam.item)
    if exam and _must_wait(course):
        lessons = rereading_of(course.course, step.result).lessons if step.result else []
        return replace(
            step, kind=StepKind.REREAD, item=exam.item, lessons=lessons, retry_at=exam.state.begins_at,
            readiness=exam.state.readiness,
        )  # fmt: skip
    if course.next:
        return replace(step, kind=StepKind.LESSON, item=course.next)
    if practice and not practice.state.worked_through:
        return replace(step, kind=StepKind.PRACTICE, item=practice.item)
    if exam and not exam.state.shut:
        if course.course.waits_for_edition:
            return replace(step, kind=StepKind.EDITION, item=exam.item)
        stands = readiness_of(exam.state.version, overview.person.pk)
        if stands.too_few_cases:
            return replace(
                step, kind=StepKind.WAIT, item=exam.item, retry_at=stands.opens_at, readiness=stands
            )
        kind = StepKind.RENEW if held else StepKind.EXAM
        return replace(step, kind=kind, item=exam.item, again=_is_failed(exam))
    return step


def _after_pass(step: NextStep, overview: Overview) -> NextStep:
    assert step.course is not None
    code = step.course.course.code
    making = [award for award in overview.being_made if code in _courses(award.qualification_version)]
    held = next(
        (
            held
            for held in overview.held
            if code in _courses(held.certificate.qualification_version)
            and held.certificate_state.state is State.VALID
        ),
        None,
    )
    sheet = StepKind.SHEET if step.course.course.field_sheet_url else StepKind.DONE
    return replace(step, kind=StepKind.MADE if making else sheet, held=held)


def newest_result(course: CourseProgress | None, language: str) -> Result | None:
    """Return the result of the newest closed attempt in the course, the exam's before the practice's."""
    closed = [found.state.closed for found in course.assessments if found.state.closed] if course else []
    newest = max(closed, key=lambda attempt: (attempt.blueprint.use == "exam", attempt.pk), default=None)
    return result_of(newest, language) if newest else None

"""The result page of an exam: certificate, competences, what to read, what one may do now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import format_date
from django.db.models import F

from assessments.models import Attempt
from assessments.results import Result, result_of
from certificates.models import Award
from certificates.state import State
from courses import reading
from courses.models import Enrolment, LessonPage
from operations import clock
from people.models import Posting

from . import evidence
from .duty_state import DutyState, functions_of
from .overview import Held, certificates_held

APPEAL = timedelta(days=14)  # a proposed default, for the owner agency to confirm


@dataclass(frozen=True)
class ExamOutcome:
    """`earned`: its certificate as it stands now; None while it is being made (`award` is there) or where nothing
    was earned. `in_force`: certificates for the same exam that stay valid whatever the result.
    """

    attempt: Attempt
    result: Result
    award: Award | None
    earned: Held | None
    lessons: list[reading.Item]
    course: reading.Course | None
    functions: list[DutyState]
    in_force: list[Held]
    appeal_until: datetime

    @property
    def being_made(self) -> bool:
        return self.award is not None and self.earned is None


def outcome_of(attempt: Attempt, language: str) -> ExamOutcome:
    """Return the outcome of a closed exam, for the person who sat it (select blueprint, version and person first)."""
    result, person = result_of(attempt, language), attempt.person.surviving
    award = Award.objects.filter(cause=f"attempt:{attempt.public_id}").first()
    course = _course(attempt, language)
    held = certificates_held(person, clock.now())
    postings = list(
        evidence.with_leave(Posting.objects.current(), clock.now())
        .filter(user=person)
        .select_related("agency", "unit", "role")
        .order_by(F("main").desc(nulls_last=True), "pk")
    )
    return ExamOutcome(
        attempt=attempt,
        result=result,
        award=award,
        earned=next((each for each in held if award and each.certificate.award_id == award.pk), None),
        lessons=_lessons(course, result),
        course=course,
        functions=functions_of(person, postings) if result.passed else [],
        in_force=[each for each in held if _same_exam(each, attempt)],
        appeal_until=result.closed_at + APPEAL,
    )


def _course(attempt: Attempt, language: str) -> reading.Course | None:
    """The course the exam was begun from, as readers see it now."""
    kind, _colon, public_id = attempt.origin.partition(":")
    enrolment = Enrolment.objects.filter(public_id=public_id).first() if kind == "enrolment" else None
    if enrolment is None:
        return None
    number = reading.generation()
    slug = reading.slugs(number).get(enrolment.course_id)
    return reading.outline(number, slug, language) if slug else None


def _lessons(course: reading.Course | None, result: Result) -> list[reading.Item]:
    """First what treats a critical error that was made, then what teaches a weak competence, in the order of the course."""
    if course is None:
        return []
    pages = LessonPage.objects.filter(pk__in=[lesson.pk for lesson in course.lessons])
    rows = list(pages.values_list("pk", "critical_errors", "competences"))
    made, weak = {error.code for error in result.critical_errors}, set(result.weak)
    treating = {pk for pk, errors, _competences in rows if made & set(errors)}
    teaching = {pk for pk, _errors, competences in rows if weak & set(competences)}
    lessons = sorted(course.lessons, key=lambda lesson: lesson.pk not in treating)
    return [lesson for lesson in lessons if lesson.pk in treating | teaching]


@dataclass(frozen=True)
class Again:
    """The time when the next attempt may begin, in words of the language; in Baku."""

    day: int
    month: str
    weekday: str
    time: str


def again_of(retry_at: datetime | None, language: str) -> Again | None:
    """None where one may begin at once."""
    if retry_at is None or retry_at <= clock.now():
        return None
    at = retry_at.astimezone(clock.BAKU)
    words = [format_date(at, pattern, locale=language) for pattern in ("MMM", "EEEE")]
    return Again(at.day, words[0].rstrip("."), words[1], f"{at:%H:%M}")


def _same_exam(held: Held, attempt: Attempt) -> bool:
    rules = held.certificate.qualification_version.rules
    return (
        held.certificate_state.state is State.VALID
        and rules["blueprint"] == attempt.blueprint.code
        and held.certificate.award.cause != f"attempt:{attempt.public_id}"
    )

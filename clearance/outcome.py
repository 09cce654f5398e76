"""The result page of an exam: certificate, competences, what to read, what one may do now."""

from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date
from django.db.models import F

from assessments.appeals import is_open_to_appeal, last_day_of_appeal
from assessments.models import Appeal, Attempt
from assessments.readiness import Readiness, readiness_of
from assessments.results import Result, result_of
from certificates import doubts
from certificates.models import Award
from certificates.state import State
from courses import reading
from courses.models import Enrolment
from operations import clock
from people.models import Posting, User

from . import evidence
from .duty_state import DutyState, functions_of
from .overview import Held, certificates_held
from .rereading import WeakCompetence, rereading_of


@dataclass(frozen=True)
class ExamOutcome:
    """`earned`: its certificate as it stands now; None while it is being made (`award` is there) or where nothing
    was earned. `to_decide`: registrars decide whether it stays. `in_force`: certificates for the same exam that stay
    valid whatever the result. `lessons`: to be read again after a fail. `can_appeal`: until the end of
    `last_day_of_appeal`, and once: then `appeal` is there. `next_sitting`: where the person stands before the next one;
    None after a pass.
    """

    attempt: Attempt
    result: Result
    award: Award | None
    earned: Held | None
    to_decide: bool
    lessons: list[reading.Item]
    weak: list[WeakCompetence]
    course: reading.Course | None
    functions: list[DutyState]
    in_force: list[Held]
    appeal: Appeal | None
    can_appeal: bool
    last_day_of_appeal: date
    next_sitting: Readiness | None

    @property
    def begins_at(self) -> datetime | None:
        """Return from when the person may sit again: the days between have passed, and there are new cases."""
        stands = self.next_sitting
        return max(filter(None, (stands.retry_at, stands.opens_at)), default=None) if stands else None

    @property
    def being_made(self) -> bool:
        return self.award is not None and self.earned is None


def outcome_of(attempt: Attempt, language: str) -> ExamOutcome:
    """Return the outcome of a closed exam, for the person who sat it (select blueprint, version and person first)."""
    result, person = result_of(attempt, language), attempt.person.surviving
    award = Award.objects.filter(cause=f"attempt:{attempt.public_id}").first()
    course = _course(attempt, language)
    now = clock.now()
    held = certificates_held(person, now)
    appeal = Appeal.objects.filter(attempt=attempt).select_related("decision").first()
    again = rereading_of(course, result)
    postings = list(
        evidence.with_leave(Posting.objects.current(), now)
        .filter(user=person)
        .select_related("agency", "unit", "role")
        .order_by(F("main").desc(nulls_last=True), "pk")
    )
    return ExamOutcome(
        attempt=attempt,
        result=result,
        award=award,
        earned=next((each for each in held if award and each.certificate.award_id == award.pk), None),
        to_decide=award is not None and doubts.waiting().filter(award=award).exists(),
        lessons=again.lessons,
        weak=again.weak,
        course=course,
        functions=functions_of(person, postings) if result.passed else [],
        in_force=[each for each in held if _same_exam(each, attempt)],
        appeal=appeal,
        can_appeal=appeal is None and is_open_to_appeal(attempt, now),
        last_day_of_appeal=last_day_of_appeal(attempt),
        next_sitting=None if result.passed else _next_sitting(attempt, person),
    )


def _next_sitting(attempt: Attempt, person: User) -> Readiness:
    """By the newest rules of the exam."""
    version = attempt.blueprint.versions.select_related("blueprint").latest("number")
    return readiness_of(version, person.pk)


def _course(attempt: Attempt, language: str) -> reading.Course | None:
    """The course the exam was begun from, as readers see it now."""
    kind, _colon, public_id = attempt.origin.partition(":")
    enrolment = Enrolment.objects.filter(public_id=public_id).first() if kind == "enrolment" else None
    if enrolment is None:
        return None
    number = reading.generation()
    slug = reading.slugs(number).get(enrolment.course_id)
    return reading.outline(number, slug, language) if slug else None


@dataclass(frozen=True)
class NextSitting:
    """The time when the next attempt may begin, in words of the language; in Baku."""

    at: datetime
    day: int
    month: str
    weekday: str
    time: str


def again_of(retry_at: datetime | None, language: str) -> NextSitting | None:
    """None where one may begin at once."""
    if retry_at is None or retry_at <= clock.now():
        return None
    at = retry_at.astimezone(clock.BAKU)
    words = [format_date(at, pattern, locale=language) for pattern in ("MMM", "EEEE")]
    return NextSitting(at, at.day, words[0].rstrip("."), words[1], f"{at:%H:%M}")


def _same_exam(held: Held, attempt: Attempt) -> bool:
    rules = held.certificate.qualification_version.rules
    return (
        held.certificate_state.state is State.VALID
        and rules["blueprint"] == attempt.blueprint.code
        and held.certificate.award.cause != f"attempt:{attempt.public_id}"
    )

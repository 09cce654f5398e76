"""The result page of an exam: certificate, competences, what to read, what one may do now."""

from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date
from django.db.models import F
from django_stubs_ext import StrOrPromise

from assessments.appeals import is_open_to_appeal, last_day_of_appeal
from assessments.models import Appeal, Attempt
from assessments.readiness import Readiness, readiness_of
from assessments.results import Result, result_of
from certificates import doubts, rules
from certificates.holding import awards_of
from certificates.models import Award
from certificates.state import State
from courses import reading
from courses.assessment_state import AssessmentState, assessment_states
from courses.models import Enrolment
from courses.standing import few_cases
from operations import clock
from people.models import Posting, User

from . import evidence
from .duty_state import DutyState, functions_of
from .overview import Held, certificates_held
from .rereading import WeakCompetence, rereading_of


@dataclass(frozen=True)
class ExamOutcome:
    """`awards`: what it earned, alone or among others; `earned`: their certificates as they stand now, without those that
    are being made. `to_decide`: registrars decide whether they stay. `in_force`: certificates for the same exam that stay
    valid whatever the result. `lessons`: to be read again after a fail. `can_appeal`: until the end of
    `last_day_of_appeal`, and once: then `appeal` is there. `running`: the exam begun anew and not closed yet.
    `next_sitting`: where the person stands before the next one; None where there is none, or it is `running`, or closed to
    them: `closed_because` says why.
    """

    attempt: Attempt
    result: Result
    awards: list[Award]
    earned: list[Held]
    to_decide: bool
    lessons: list[reading.Item]
    weak: list[WeakCompetence]
    course: reading.Course | None
    functions: list[DutyState]
    in_force: list[Held]
    appeal: Appeal | None
    can_appeal: bool
    last_day_of_appeal: date
    running: Attempt | None
    next_sitting: Readiness | None
    closed_because: StrOrPromise

    @property
    def begins_at(self) -> datetime | None:
        """Return from when the person may sit again: the days between have passed, and there are new cases."""
        return self.next_sitting.begins_at if self.next_sitting else None

    @property
    def few_cases(self) -> str:
        """Return when there are new cases of the exam, in words."""
        return few_cases(self.next_sitting) if self.next_sitting else ""

    @property
    def being_made(self) -> bool:
        return len(self.earned) < len(self.awards)

    @property
    def on_their_way(self) -> set[str]:
        """Return the codes of the qualifications whose certificates are being made."""
        made = {each.certificate.award_id for each in self.earned}
        return {
            award.qualification_version.qualification.code for award in self.awards if award.pk not in made
        }


def outcome_of(attempt: Attempt, language: str) -> ExamOutcome:
    """Return the outcome of a closed exam, for the person who sat it (select blueprint, version and person first)."""
    result, person = result_of(attempt, language), attempt.person.surviving
    awards = awards_of(attempt)
    own = {award.pk for award in awards}
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
    state = assessment_states(person.pk, [attempt.blueprint_id])[attempt.blueprint_id]
    return ExamOutcome(
        attempt=attempt,
        result=result,
        awards=awards,
        earned=[each for each in held if each.certificate.award_id in own],
        to_decide=bool(own) and doubts.waiting().filter(award__in=own).exists(),
        lessons=again.lessons,
        weak=again.weak,
        course=course,
        functions=functions_of(person, postings) if result.passed else [],
        in_force=[
            each for each in held if each.certificate.award_id not in own and _same_exam(each, attempt)
        ],
        appeal=appeal,
        can_appeal=appeal is None and is_open_to_appeal(attempt, now),
        last_day_of_appeal=last_day_of_appeal(attempt),
        running=state.open,
        next_sitting=_next_sitting(attempt, state, person),
        closed_because="" if attempt.passed else state.closed_because,
    )


def _next_sitting(attempt: Attempt, state: AssessmentState, person: User) -> Readiness | None:
    """By the newest rules of the exam; None where there is nothing to begin: it is passed, would earn nothing now, is closed
    to the person, or has begun.
    """
    if attempt.passed or state.passed or state.shut or state.closed_because or state.open:
        return None
    return readiness_of(state.version, person.pk)


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
    month: str  # with the year, where it is another one than now
    weekday: str
    time: str


def again_of(retry_at: datetime | None, language: str) -> NextSitting | None:
    """None where one may begin at once."""
    if retry_at is None or retry_at <= clock.now():
        return None
    at = retry_at.astimezone(clock.BAKU)
    month, weekday = (format_date(at, pattern, locale=language) for pattern in ("MMM", "EEEE"))
    year = "" if at.year == clock.today().year else f" {at.year}"
    return NextSitting(at, at.day, month.rstrip(".") + year, weekday, f"{at:%H:%M}")


def _same_exam(held: Held, attempt: Attempt) -> bool:
    found = rules.read(held.certificate.qualification_version)
    return (
        held.certificate_state.state is State.VALID
        and found is not None
        and attempt.blueprint.code in found.blueprints()
    )

"""The home page: what is due, what is under way, what is certified, where else one works."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F

from assessments.models import Attempt
from certificates import chains
from certificates.models import Award, Certificate
from certificates.renewing import opening_days
from certificates.state import CertificateState, State, state_at
from courses.progress import CourseProgress, progress_of, withdrawn_courses
from operations import clock
from people.models import Posting, User

from . import evidence
from .duty_state import Due, DutyState, due_of, functions_of, warning_for
from .workplaces import Tile, tiles_of


@dataclass(frozen=True)
class Held:
    """`warning`: a valid one, with all that carries it on, ends within 7, 30 or 90 days; `days_left` whole days until
    `holds_until`, its last day. `opens_on`: from when it is renewed, where nothing carries it on. `rules_changed`: it is
    they that end it then, unless it is renewed before.
    """

    certificate: Certificate
    certificate_state: CertificateState
    warning: int | None
    last_day: date
    holds_until: date
    days_left: int
    opens_on: date | None = None
    rules_changed: bool = False

    @property
    def lived(self) -> int:
        """Return how much of its life is behind, in per cent."""
        return self._share(clock.now())

    @property
    def opens_at(self) -> int | None:
        """Return the part of its life, in per cent, after which it is renewed."""
        return self._share(clock.start_of(self.opens_on)) if self.opens_on else None

    @property
    def renewable(self) -> int:
        """Return the rest, in which it is renewed."""
        return 100 - (100 if self.opens_at is None else self.opens_at)

    def _share(self, instant: datetime) -> int:
        begins, ends = self.certificate.valid_from, clock.end_of(self.holds_until)
        return min(max(round(100 * (instant - begins) / (ends - begins)), 0), 100)


@dataclass(frozen=True)
class Overview:
    person: User
    postings: list[Posting]
    due: list[Due]
    may: list[DutyState]
    courses: list[CourseProgress]
    withdrawn: list[str]  # headings of courses that were followed and taken back
    attempts: list[Attempt]
    held: list[Held]
    being_made: list[Award]
    tiles: list[Tile]


def overview_of(person: User) -> Overview:
    """In the active language; a constant number of queries."""
    now = clock.now()
    postings = list(
        evidence.with_leave(Posting.objects.at(now), now)
        .filter(user=person)
        .select_related("agency", "unit", "role")
        .order_by(F("main").desc(nulls_last=True), "pk")
    )
    functions = functions_of(person, postings)
    courses = progress_of(person)
    attempts = Attempt.objects.open().filter(person=person).select_related("blueprint")
    awards = Award.objects.being_made().held_by(person)
    being_made = list(awards.select_related("qualification_version__qualification"))
    coming = {award.qualification_version.qualification.code for award in being_made}
    return Overview(
        person=person,
        postings=postings,
        due=[due for due in due_of(functions) if due.way.code not in coming],
        may=[found for found in functions if found.cleared],
        courses=courses,
        withdrawn=withdrawn_courses(person),
        attempts=list(attempts.order_by("started_at")),
        held=certificates_held(person, now),
        being_made=being_made,
        tiles=tiles_of(person),
    )


def certificates_held(person: User, now: datetime) -> list[Held]:
    """Newest first; valid ones before all others."""
    queryset = Certificate.objects.held_by(person).finished().with_all().order_by("-valid_from", "-pk")
    certificates = list(queryset)
    ends, opening = chains.ends(certificates, now), opening_days(certificates, now)
    held = [
        _held(certificate, ends.get(certificate.pk), opening.get(certificate.pk), now)
        for certificate in certificates
    ]
    return sorted(held, key=lambda each: each.certificate_state.state is not State.VALID)


def _held(certificate: Certificate, end: datetime | None, opens_on: date | None, now: datetime) -> Held:
    """`end`: of the chain of a valid one."""
    return Held(
        certificate,
        state_at(certificate, now),
        warning_for(end) if end else None,
        clock.last_day(certificate.valid_to),
        clock.last_day(end or certificate.valid_to),
        max((end - now) // timedelta(days=1), 0) if end else 0,
        opens_on,
        end is not None and end == certificate.rules_end_at,
    )

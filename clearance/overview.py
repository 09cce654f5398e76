"""The home page: what is due, what is under way, what is certified, where else one works."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from assessments.models import Attempt
from certificates.models import Award, Certificate
from certificates.state import CertificateState, State, state_at
from courses.progress import CourseProgress, progress_of
from operations import clock
from people.models import Grant, Posting, User

from . import evidence
from .duty_state import Due, DutyState, due_of, functions_of, warning_for

Position = Grant.Position


@dataclass(frozen=True)
class Held:
    """`warning`: a valid one ends within 7, 30 or 90 days; `days_left` whole days until its last one."""

    certificate: Certificate
    certificate_state: CertificateState
    warning: int | None
    last_day: date
    days_left: int


@dataclass(frozen=True)
class Tile:
    """A way to where somebody in a position works."""

    title: StrOrPromise
    text: StrOrPromise
    href: str


@dataclass(frozen=True)
class Overview:
    person: User
    postings: list[Posting]
    due: list[Due]
    may: list[DutyState]
    courses: list[CourseProgress]
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
        attempts=list(attempts.order_by("started_at")),
        held=certificates_held(person, now),
        being_made=being_made,
        tiles=tiles_of(person),
    )


def certificates_held(person: User, now: datetime) -> list[Held]:
    """Newest first; valid ones before all others."""
    queryset = Certificate.objects.held_by(person).finished().with_all().order_by("-valid_from", "-pk")
    held = [_held(certificate, now) for certificate in queryset]
    return sorted(held, key=lambda each: each.certificate_state.state is not State.VALID)


def _held(certificate: Certificate, now: datetime) -> Held:
    certificate_state = state_at(certificate, now)
    valid = certificate_state.state is State.VALID
    return Held(
        certificate,
        certificate_state,
        warning_for(certificate.valid_to) if valid else None,
        clock.last_day(certificate.valid_to),
        max((certificate.valid_to - now) // timedelta(days=1), 0) if valid else 0,
    )


def tiles_of(person: User) -> list[Tile]:
    """One a position held now, in a fixed order; one query."""
    positions = set(person.grants.live().values_list("position", flat=True))
    return [Tile(title, text, reverse(name)) for wanted, title, text, name in _TILES if positions & wanted]


_TILES = (
    (
        {Position.COORDINATOR},
        _("My agency"),
        _("People, units, transfers, leave, and what waits for you."),
        "people:home",
    ),
    (
        {Position.NATIONAL_COORDINATOR},
        _("Figures for the country"),
        _("How many serve, are certified and are learning, by agency. Without names."),
        "clearance:figures",
    ),
    (
        {Position.RULE_OWNER},
        _("Requirements"),
        _("Which certificates a function requires; changes are made by two."),
        "clearance:requirements",
    ),
    (
        {Position.DUTY_OFFICER, Position.COORDINATOR},
        _("Ask for a clearance"),
        _("May this officer do this now? One question, one signed answer."),
        "clearance:desk",
    ),
    (
        {Position.ASSESSOR},
        _("Examinations"),
        _("Release the next attempt of who has used all; give extra time."),
        "assessor:releases",
    ),
    (
        {Position.REGISTRAR, Position.AUDITOR},
        _("Register of certificates"),
        _("Look up certificates; propose and confirm revocations."),
        "certificates:register",
    ),
    (
        {Position.TRAINER, Position.REVIEWER},
        _("Authoring"),
        _("Write lessons in three languages, preview them, publish an edition."),
        "wagtailadmin_home",
    ),
)

"""Substitutes: certified colleagues. Of one's own units by name; of the agency's others by number and their unit's
telephone only. Nobody is assumed to be on duty: it is entered, until an hour, and lapses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import get_language

from certificates.models import Certificate
from locales.text import written_name
from operations import clock, clock_guard
from people.models import Leave, Posting, User

from . import evidence, lookup, permissions
from .evaluation import Evaluation, RequirementRow, evaluate
from .models import DutyFunction, OnDuty

MOST_SHOWN = 5
MOST_ASKED = 200
Availability = User.Availability


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The wishes of the person concerned; empty: anything will do."""

    language: str = ""  # ISO 639
    sex: str = ""


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Of who serves in another unit `name`, `languages`, `sex` and `last_day` are empty: the unit is called, and says.

    `on_duty_until`: as entered; None: nothing is entered.

    `on_call`: may be called. `last_day`: of the certificate that ends first.
    """

    user: User
    name: str
    service_number: str
    unit: str
    telephone: str
    on_duty_until: datetime | None
    on_call: bool
    languages: Sequence[str]
    sex: str
    last_day: date | None


@dataclass(frozen=True, kw_only=True)
class Substitutes:
    own: Sequence[Colleague]
    others: Sequence[Colleague]


NOBODY = Substitutes(own=(), others=())


def substitutes_of(
    function: DutyFunction,
    *,
    by: User,
    instant: datetime,
    besides: User | None = None,
    wanted: Wanted | None = None,
) -> Substitutes:
    """At most five of each who are cleared and available, those entered as on duty first, never the asker;
    constant queries.
    """
    if not function.gated or clock_guard.is_behind():
        return NOBODY
    requirement = evidence.requirement_at(function, instant)
    if requirement is None or requirement.needs is None:
        return NOBODY
    own = lookup.serving(by, instant)
    people = _holders(requirement, own, instant, wanted or Wanted())
    found = _cleared(people, function, requirement, by, instant, besides)
    others: Sequence[Colleague] = ()
    if permissions.may_look_beyond(by):
        people = _holders(requirement, lookup.beside(by, instant), instant, wanted or Wanted())
        others = _cleared(people, function, requirement, by, instant, besides, named=False)
    return Substitutes(own=found, others=others)


def colleagues(
    function: DutyFunction, *, by: User, instant: datetime, besides: User | None = None
) -> Sequence[Colleague]:
    """Return those of one's own units."""
    return substitutes_of(function, by=by, instant=instant, besides=besides).own


def _cleared(
    postings: QuerySet[Posting],
    function: DutyFunction,
    requirement: RequirementRow,
    by: User,
    instant: datetime,
    besides: User | None,
    *,
    named: bool = True,
) -> Sequence[Colleague]:
    asked: Any = postings.exclude(user=besides).exclude(user=by).select_related("user__on_duty")
    # who is entered as on duty comes first, however many there are
    candidates = list(asked.order_by("-on_duty_first", "user__sort_name", "pk")[:MOST_ASKED])
    needed = requirement.codes(sorted({posting.role.code for posting in candidates}))
    rows = evidence.certificates_of([posting.user for posting in candidates], needed, instant)
    found: dict[int, Colleague] = {}
    for posting in candidates:
        evaluation = evaluate(
            function=evidence.function_row(function),
            requirement=requirement,
            postings=[evidence.posting_row(posting)],
            certificates=rows.get(posting.user_id, []),
            instant=instant,
        )
        if evaluation.in_order:
            found.setdefault(posting.user_id, _colleague(posting, evaluation, instant, named=named))
    chosen = sorted(found.values(), key=lambda each: (each.on_duty_until is None, each.on_call))
    return chosen[:MOST_SHOWN]


def _holders(
    requirement: RequirementRow, among: QuerySet[Posting], instant: datetime, wanted: Wanted
) -> QuerySet[Posting]:
    """Return who is there in a role of the function, and holds what it needs as far as the days tell."""
    postings = evidence.with_leave(among, instant).exclude(user__availability=Availability.UNAVAILABLE)
    postings = postings.exclude(Exists(Leave.objects.at(instant).filter(user=OuterRef("user"))))
    postings = postings.annotate(
        on_duty_first=Exists(OnDuty.objects.filter(person=OuterRef("user"), until__gt=instant))
    )
    if wanted.sex:
        postings = postings.filter(user__sex=wanted.sex)
    if wanted.language:
        # a list in JSON, which SQLite cannot be asked for by its members: its text holds the code in quotes
        postings = postings.filter(user__spoken_languages__icontains=f'"{wanted.language}"')
    if requirement.roles:
        postings = postings.filter(role__code__in=requirement.roles)
    whose = OuterRef(OuterRef("user"))
    records = User.objects.filter(Q(pk=whose) | Q(merged_into=whose))
    for need in requirement.needs or ():
        held = Certificate.objects.finished().filter(
            award__person__in=records, valid_from__lte=instant, valid_to__gt=instant
        )
        code = "qualification_version__qualification__code"
        of_role = Concat(Value(f"{need.of_role}-"), OuterRef("role__code"))
        asked: Any = {code: of_role} if need.of_role else {f"{code}__in": need.any}
        postings = postings.filter(Exists(held.filter(**asked)))
    return postings


def _colleague(posting: Posting, evaluation: Evaluation, instant: datetime, *, named: bool) -> Colleague:
    user = posting.user
    entered = getattr(user, "on_duty", None)
    return Colleague(
        user=user,
        name=written_name(user, get_language() or "az") if named else "",
        service_number=posting.service_number or "",
        unit=posting.unit.name,
        telephone=posting.unit.duty_telephone,
        on_duty_until=entered.until if entered and entered.until > instant else None,
        on_call=user.availability == Availability.ON_CALL,
        languages=user.spoken_languages if named else (),
        sex=user.get_sex_display() if named and user.sex else "",
        last_day=clock.last_day(evaluation.until) if named and evaluation.until else None,
    )

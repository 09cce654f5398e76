"""Substitutes: certified colleagues of one's own units, by their unit's telephone only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import get_language

from certificates.models import Certificate
from locales.text import written_name
from operations import clock
from people.models import Leave, Posting, User

from . import evidence, lookup
from .evaluation import Answer, Evaluation, evaluate
from .models import DutyFunction

MOST_SHOWN = 5
MOST_ASKED = 200
Availability = User.Availability


@dataclass(frozen=True)
class Colleague:
    """`on_call`: not on duty, but may be called. `last_day`: of the certificate that ends first."""

    user: User
    name: str
    unit: str
    telephone: str
    on_call: bool
    last_day: date | None


def colleagues(
    function: DutyFunction, *, by: User, instant: datetime, besides: User | None = None
) -> list[Colleague]:
    """At most five who are cleared and available, those on duty first; constant queries."""
    if not function.gated:
        return []
    requirement = evidence.requirement_at(function, instant)
    if requirement is None or requirement.certificates is None:
        return []
    postings = _holders(function, requirement.certificates, by, instant)
    candidates = list(postings.exclude(user=besides)[:MOST_ASKED])
    rows = evidence.certificates_of(
        [posting.user for posting in candidates], requirement.certificates, instant
    )
    found: dict[int, Colleague] = {}
    for posting in candidates:
        evaluation = evaluate(
            function=evidence.function_row(function),
            requirement=requirement,
            postings=[evidence.posting_row(posting)],
            certificates=rows.get(posting.user_id, []),
            instant=instant,
        )
        if evaluation.answer == Answer.CLEARED:
            on_call = posting.user.availability == Availability.ON_CALL
            found.setdefault(posting.user_id, _colleague(posting, evaluation, on_call))
    return sorted(found.values(), key=lambda colleague: colleague.on_call)[:MOST_SHOWN]


def _holders(
    function: DutyFunction, qualifications: Iterable[str], by: User, instant: datetime
) -> QuerySet[Posting]:
    """Return who is there in a role of the function, and holds what it needs as far as the days tell."""
    postings = evidence.with_leave(lookup.serving(by, instant), instant).exclude(
        user__availability=Availability.UNAVAILABLE
    )
    postings = postings.exclude(Exists(Leave.objects.at(instant).filter(user=OuterRef("user"))))
    if function.roles:
        postings = postings.filter(role__code__in=function.roles)
    whose = OuterRef(OuterRef("user"))
    records = User.objects.filter(Q(pk=whose) | Q(merged_into=whose))
    for code in qualifications:
        held = (
            Certificate.objects.of_qualification(code)
            .finished()
            .filter(award__person__in=records, valid_from__lte=instant, valid_to__gt=instant)
        )
        postings = postings.filter(Exists(held))
    return postings


def _colleague(posting: Posting, evaluation: Evaluation, on_call: bool) -> Colleague:
    return Colleague(
        user=posting.user,
        name=written_name(posting.user, get_language() or "az"),
        unit=posting.unit.name,
        telephone=posting.unit.duty_telephone,
        on_call=on_call,
        last_day=clock.last_day(evaluation.until) if evaluation.until else None,
    )

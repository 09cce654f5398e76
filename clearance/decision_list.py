"""The register of decisions: who reads which, what the filters find, how many they are."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from locales.text import fold
from operations import clock
from people.models import Agency, Posting, Unit, User
from people.permissions import may, where_may
from people.permissions.holding import units_below

from .aftermath import registered
from .models import Decision, DecisionQuerySet
from .permissions import ASK, SEE, visible_to

ORDER = ("-asked_at", "-pk")
COUNTED_TO = 2000
MOST_PEOPLE = 20  # who may have had one number


@dataclass(frozen=True, kw_only=True)
class DecisionQuery:
    """The question to the register. `people` are public ids, so that it can be kept without a number or name; so are
    the decisions `of_case`.
    """

    answer: str = ""
    mode: str = ""
    function: str = ""  # code
    became: str = ""  # code of an aftermath
    agency: str = ""  # public id
    unit: str = ""  # public id
    since: str = ""  # days, ISO 8601
    until: str = ""
    mine: bool = False
    people: tuple[str, ...] | None = None  # None: anybody
    of_case: tuple[str, ...] | None = None  # None: of any case, or of none

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        ids = {name: kept.get(name) for name in ("people", "of_case")}
        return cls(**{**kept, **{name: None if each is None else tuple(each) for name, each in ids.items()}})

    def kept(self) -> dict[str, Any]:
        return asdict(self)


def reads_others(by: User) -> bool:
    """Return whether somebody reads more than their own questions."""
    return may(by, SEE)


def reach_of_reader(by: User) -> list[str] | None:
    """Return public ids of the agencies whose decisions somebody reads; None: of all."""
    seen, asked = where_may(by, SEE), where_may(by, ASK)
    if seen.everywhere or asked.everywhere:
        return None
    own = Unit.objects.filter(pk__in=asked.units).values_list("agency", flat=True)
    agencies = Agency.objects.filter(pk__in=seen.agencies | asked.agencies | set(own))
    return sorted(agencies.values_list("public_id", flat=True))


def decisions_of(by: User, query: DecisionQuery) -> DecisionQuerySet:
    """Return those that `by` may read and that fit. Who reads no others finds their own alone."""
    found = visible_to(by)
    if query.mine or not reads_others(by):
        found = found.filter(asked_by=by)
    exactly = {"answer": query.answer, "mode": query.mode, "function__code": query.function}
    found = found.filter(**{name: value for name, value in exactly.items() if value})
    if query.agency:
        found = found.filter(agency__public_id=query.agency)
    if query.unit:
        found = found.filter(evidence__postings__0__unit__in=_with_those_below(query.unit))
    if query.since:
        found = found.filter(asked_at__gte=clock.start_of(date.fromisoformat(query.since)))
    if query.until:
        found = found.filter(asked_at__lt=clock.end_of(date.fromisoformat(query.until)))
    if query.people is not None:
        found = found.filter(person__public_id__in=query.people)
    if query.of_case is not None:
        found = found.filter(public_id__in=query.of_case)
    if query.became:
        found = registered[query.became].narrow(found)
    return found


def _with_those_below(unit: str) -> list[str]:
    below = units_below(Unit.objects.filter(public_id=unit).values_list("pk", flat=True))
    return list(Unit.objects.filter(pk__in=below).values_list("public_id", flat=True))


def people_of_number(number: str, *, by: User) -> tuple[str, ...]:
    """Return public ids of people who have or had the service number where `by` reads, and of their merged records."""
    return tuple(records_of_number(number, by=by).values_list("public_id", flat=True)[:MOST_PEOPLE])


def records_of_number(number: str, *where: Q, by: User) -> QuerySet[User]:
    """Return the records of those people, all of them. `where`: what their posting with the number fulfils too."""
    having = Posting.objects.known().filter(*where, folded_number=fold(number))
    agencies = reach_of_reader(by)
    if agencies is not None:
        having = having.filter(agency__public_id__in=agencies)
    records = User.objects.filter(pk__in=having.values("user")) | User.objects.filter(
        merged_into__in=having.values("user")
    )
    return records.order_by("pk")


@dataclass(frozen=True)
class DecisionCounts:
    """Numbers of what was found: all, of each answer, mode and aftermath. `more`: the newest 2,000 were counted."""

    number: int
    answers: Mapping[str, int]
    modes: Mapping[str, int]
    became: Mapping[str, int]
    more: bool


def counted(found: DecisionQuerySet) -> DecisionCounts:
    """Count by one query, and one for each aftermath: nobody waits until a million are counted."""
    rows = list(found.order_by(*ORDER).values_list("answer", "mode")[: COUNTED_TO + 1])
    return DecisionCounts(
        number=min(len(rows), COUNTED_TO),
        answers=Counter(answer for answer, _mode in rows[:COUNTED_TO]),
        modes=Counter(mode for _answer, mode in rows[:COUNTED_TO]),
        became={
            code: each.narrow(found).order_by().values("pk")[:COUNTED_TO].count()
            for code, each in registered.items()
        },
        more=len(rows) > COUNTED_TO,
    )


def who_of(found: Decision) -> dict[str, str]:
    """Name, service number and unit as they were; empty where they were erased."""
    personal = found.personal or {}
    language = get_language() or "az"
    return {
        "name": personal.get("names", {}).get(language) or _("The officer"),
        "service_number": personal.get("service_number") or "",
        "unit": personal.get("unit", {}).get(language) or "",
    }

"""Numbers of an agency by unit and function: people certified, due, certified only for sixty days more, and missing.

Read in five queries, however many serve: people are counted by where they serve and which certificates they hold.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from certificates.models import Certificate
from certificates.register import in_state
from certificates.state import State
from operations import clock
from people.models import Agency, Posting, Role, Unit, User
from people.people_list import tree_of

from .evaluation import RequirementRow
from .evidence import requirements_at
from .models import DutyFunction
from .staffing import entered_of

SOON = timedelta(days=60)
CERTIFIED, DUE, ENDING = "certified", "due", "ending"
STATES = (CERTIFIED, DUE, ENDING)
NEEDED = "needed"
DEEPEST = 5  # steps by which lists of units are set in


@dataclass(frozen=True)
class FunctionNumbers:
    """People whose role performs the function: of them certified, due, and certified not longer than sixty days.

    `needed`: as the coordinator entered it; 0 where nothing was entered.
    """

    certified: int = 0
    due: int = 0
    ending: int = 0
    needed: int = 0

    @property
    def missing(self) -> int:
        """Return how many certified people are too few."""
        return max(self.needed - self.certified, 0)

    @property
    def any(self) -> bool:
        return bool(self.certified or self.due)


@dataclass(frozen=True)
class UnitRow:
    """`cells`: one a function. The numbers of a unit include those of the units below it, as its list does."""

    unit: Unit
    depth: int
    cells: Sequence[FunctionNumbers]


@dataclass(frozen=True)
class AgencyTable:
    functions: Sequence[DutyFunction]
    totals: Sequence[FunctionNumbers]
    rows: Sequence[UnitRow]


def table_of(agency: Agency, now: datetime | None = None) -> AgencyTable:
    """Return the table of functions that somebody of the agency performs, or that a unit of it needs somebody for."""
    now = now or clock.now()
    required = in_force(now)
    groups = _groups(agency, now)
    tree = tree_of(agency)
    above = _above(unit for unit, _depth in tree)
    counts: dict[tuple[int | None, str], Counter[str]] = defaultdict(Counter)
    for (places, valid, later), number in groups.items():
        for function, rule in required.items():
            fitting = [(unit, role) for unit, role in places if not rule.roles or role in rule.roles]
            if not fitting:
                continue
            states = _states(rule, [role for _unit, role in fitting], valid, later)
            for where in {None, *(each for unit, _role in fitting for each in above[unit])}:
                for state in states:
                    counts[where, function.code][state] += number
    for unit, numbers in entered_of(agency).items():
        for code, number in numbers.items():
            for where in (None, *above[unit]):
                counts[where, code][NEEDED] += number
    functions = [function for function in required if (None, function.code) in counts]
    return AgencyTable(
        functions,
        _cells(None, functions, counts),
        [UnitRow(unit, depth, _cells(unit.pk, functions, counts)) for unit, depth in tree],
    )


def in_force(now: datetime) -> dict[DutyFunction, RequirementRow]:
    """Return the gated functions that need a certificate which is understood and can be earned, with their rules.

    Three queries. What nobody can earn yet is due from nobody.
    """
    gated = list(DutyFunction.objects.filter(gated=True).order_by("number"))
    rules = requirements_at(gated, now)
    return {
        each: rules[each.pk]
        for each in gated
        if each.pk in rules and rules[each.pk].needs and not rules[each.pk].not_offered
    }


def _cells(
    where: int | None,
    functions: Iterable[DutyFunction],
    counts: Mapping[tuple[int | None, str], Counter[str]],
) -> list[FunctionNumbers]:
    nothing: Counter[str] = Counter()
    found = [counts.get((where, function.code), nothing) for function in functions]
    return [FunctionNumbers(*(each[name] for name in (*STATES, NEEDED))) for each in found]


def _states(
    rule: RequirementRow, roles: Sequence[str], valid: frozenset[str], later: frozenset[str]
) -> list[str]:
    if not any(_meets(rule, role, valid) for role in roles):
        return [DUE]
    return [CERTIFIED] if any(_meets(rule, role, later) for role in roles) else [CERTIFIED, ENDING]


def _meets(rule: RequirementRow, role: str, held: frozenset[str]) -> bool:
    return all(held.intersection(need.codes([role])) for need in rule.needs or ())


type Group = tuple[frozenset[tuple[int, str]], frozenset[str], frozenset[str]]


def _groups(agency: Agency, now: datetime) -> Counter[Group]:
    """Count people by (units and roles, qualifications valid now, those valid in sixty days too)."""
    serving = Posting.objects.at(now).filter(agency=agency)
    places: dict[int, set[tuple[int, str]]] = defaultdict(set)
    for user, unit, role in serving.values_list("user", "unit", "role__code"):
        places[user].add((unit, role))
    valid, later = defaultdict(set), defaultdict(set)
    records = User.objects.filter(
        Q(pk__in=serving.values("user")) | Q(merged_into__in=serving.values("user"))
    )
    of_theirs = Q(award__person__in=records.values("pk"))  # found by the award: few of an agency of few
    held = held_now(now).filter(of_theirs).annotate(whose=WHOSE)
    for user, code, *ends in held.values_list("whose", CODE, "valid_to", "rules_end_at"):
        valid[user].add(code)
        if all(end is None or end > now + SOON for end in ends):
            later[user].add(code)
    coming = held_later(now).filter(of_theirs).annotate(whose=WHOSE)
    for user, code in coming.values_list("whose", CODE):
        later[user].add(code)
    return Counter(
        (frozenset(where), frozenset(valid.get(user, ())), frozenset(later.get(user, ())))
        for user, where in places.items()
    )


WHOSE = Coalesce("award__person__merged_into", "award__person")
CODE = F("qualification_version__qualification__code")


def held_now(now: datetime) -> QuerySet[Certificate]:
    return in_state(Certificate.objects.finished().with_rules_end(), State.VALID, now).order_by()


def lasting(held: QuerySet[Certificate], now: datetime) -> QuerySet[Certificate]:
    """Keep those that hold in sixty days too, by their days and by their rules."""
    by_rules: Any = Q(rules_end_at=None) | Q(rules_end_at__gt=now + SOON)
    return held.filter(by_rules, valid_to__gt=now + SOON)


def held_later(now: datetime) -> QuerySet[Certificate]:
    """Return certificates that begin within sixty days and last longer: of those who have renewed."""
    coming = Certificate.objects.finished().with_rules_end().filter(valid_from__lte=now + SOON)
    return in_state(lasting(coming, now), State.NOT_YET, now).order_by()


def _above(units: Iterable[Unit]) -> dict[int, list[int]]:
    """Return for each unit itself and all above it; each comes after the one above."""
    found: dict[int, list[int]] = {}
    for unit in units:
        found[unit.pk] = [unit.pk, *found.get(unit.parent_id or 0, ())]
    return found


# --- the lists that the numbers open ---------------------------------------------------------------


def narrow(people: QuerySet[User], value: str) -> QuerySet[User]:
    """Keep those of whom a number says so: "F8:due". A value of another shape keeps nobody."""
    code, _colon, state = value.partition(":")
    now = clock.now()
    rule = next((rule for function, rule in in_force(now).items() if function.code == code), None)
    if rule is None or state not in STATES:
        return people.none()
    serving = Posting.objects.at(now)
    if rule.roles:
        serving = serving.filter(role__code__in=rule.roles)
    people = people.filter(pk__in=serving.values("user"))
    holds = _meeting(rule, now, [held_now(now)])
    if state == DUE:
        return people.exclude(holds)
    people = people.filter(holds)
    if state == CERTIFIED:
        return people
    return people.exclude(_meeting(rule, now, [lasting(held_now(now), now), held_later(now)]))


def _meeting(rule: RequirementRow, now: datetime, held: Sequence[QuerySet[Certificate]]) -> Q:
    """Return a condition for people who hold all that is needed in one of the roles of the rule."""
    roles = rule.roles or Role.objects.values_list("code", flat=True)
    if not any(need.of_role for need in rule.needs or ()):
        return _holding(rule, [], held)
    condition = Q(pk=None)
    for role in roles:
        serving = Posting.objects.at(now).filter(role__code=role).values("user")
        condition |= Q(pk__in=serving) & _holding(rule, [role], held)
    return condition


def _holding(rule: RequirementRow, roles: Sequence[str], held: Sequence[QuerySet[Certificate]]) -> Q:
    condition = Q()
    for need in rule.needs or ():
        codes = need.codes(roles)
        any_of: Any = Q(pk=None)
        for certificates in held:
            fitting = certificates.filter(qualification_version__qualification__code__in=codes)
            any_of |= Q(pk__in=fitting.annotate(whose=WHOSE).values("whose"))
        condition &= any_of
    return condition


def choices() -> list[tuple[str, StrOrPromise]]:
    """Return what the list of people offers: each state of each function that needs a certificate."""
    words = {CERTIFIED: _("certified"), DUE: _("certificate is due"), ENDING: _("ends within 60 days")}
    return [
        (f"{function.code}:{state}", f"{function.code} {function.name}: {words[state]}")
        for function in in_force(clock.now())
        for state in STATES
    ]

"""Numbers of an agency by unit and function: people certified, due, suspended, certified only for sixty days more, and
missing.

Read in seven queries, however many serve: people are counted by where they serve and which certificates they hold.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from certificates.models import Certificate
from certificates.register import in_state
from certificates.state import State, state_at
from operations import clock
from people.models import Agency, Posting, Role, Unit, User
from people.people_list import tree_of

from .evaluation import RequirementRow
from .evidence import requirements_at
from .models import DutyFunction
from .staffing import entered_of

SOON = timedelta(days=60)
CERTIFIED, DUE, SUSPENDED, ENDING = "certified", "due", "suspended", "ending"
STATES = (CERTIFIED, DUE, SUSPENDED, ENDING)
NEEDED = "needed"
DEEPEST = 5  # steps by which lists of units are set in


@dataclass(frozen=True)
class FunctionNumbers:
    """People whose role performs the function: of them certified, due, suspended, and certified not longer than sixty days.

    `needed`: as the coordinator entered it; 0 where nothing was entered. `suspended_until`: when the first suspension
    ends.
    """

    certified: int = 0
    due: int = 0
    suspended: int = 0
    ending: int = 0
    needed: int = 0
    suspended_until: datetime | None = None

    @property
    def number(self) -> int:
        return self.certified + self.due + self.suspended

    @property
    def missing(self) -> int:
        """Return how many certified people are too few."""
        return max(self.needed - self.certified, 0)


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
    counts: Counts = defaultdict(Counter)
    ends: Ends = defaultdict(list)
    for group, number in groups.items():
        for function, rule in required.items():
            fitting = [(unit, role) for unit, role in group.places if not rule.roles or role in rule.roles]
            if not fitting:
                continue
            roles = [role for _unit, role in fitting]
            states = _states(rule, roles, group)
            for where in {None, *(each for unit, _role in fitting for each in above[unit])}:
                for state in states:
                    counts[where, function.code][state] += number
                if SUSPENDED in states:
                    ends[where, function.code].append(group.suspended_until(rule.codes(roles)))
    for unit, numbers in entered_of(agency).items():
        for code, number in numbers.items():
            for where in (None, *above[unit]):
                counts[where, code][NEEDED] += number
    functions = [function for function in required if (None, function.code) in counts]
    return AgencyTable(
        functions,
        _cells(None, functions, counts, ends),
        [UnitRow(unit, depth, _cells(unit.pk, functions, counts, ends)) for unit, depth in tree],
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


type Counts = dict[tuple[int | None, str], Counter[str]]  # by unit and function
type Ends = dict[tuple[int | None, str], list[datetime]]  # of suspensions


def _cells(
    where: int | None, functions: Iterable[DutyFunction], counts: Counts, ends: Ends
) -> list[FunctionNumbers]:
    return [_numbers(counts[key], ends[key]) for key in ((where, function.code) for function in functions)]


def _numbers(counted: Counter[str], ends: Iterable[datetime]) -> FunctionNumbers:
    return FunctionNumbers(
        certified=counted[CERTIFIED],
        due=counted[DUE],
        suspended=counted[SUSPENDED],
        ending=counted[ENDING],
        needed=counted[NEEDED],
        suspended_until=min(ends, default=None),
    )


def _states(rule: RequirementRow, roles: Sequence[str], group: "Group") -> list[str]:
    def meets(held: frozenset[str]) -> bool:
        return any(_meets(rule, role, held) for role in roles)

    if meets(group.valid):
        return [CERTIFIED] if meets(group.later) else [CERTIFIED, ENDING]
    suspended = frozenset(code for code, _until in group.suspended)
    return [SUSPENDED] if meets(group.valid | suspended) else [DUE]


def _meets(rule: RequirementRow, role: str, held: frozenset[str]) -> bool:
    return all(held.intersection(need.codes([role])) for need in rule.needs or ())


@dataclass(frozen=True)
class Group:
    """People who serve in the same units and roles and hold the same qualifications: valid now, valid in sixty days too,
    suspended until an instant.
    """

    places: frozenset[tuple[int, str]]
    valid: frozenset[str]
    later: frozenset[str]
    suspended: frozenset[tuple[str, datetime]]

    def suspended_until(self, codes: Collection[str]) -> datetime:
        """Return when the last suspension of one of these qualifications ends."""
        return max(until for code, until in self.suspended if code in codes)


def _groups(agency: Agency, now: datetime) -> Counter[Group]:
    """Count the people of each group."""
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
    suspended = _suspended(suspended_now(now).filter(of_theirs), now)
    for user, pauses in suspended.items():  # one that is suspended lets no other of its qualification clear
        codes = {code for code, _until in pauses}
        valid[user] -= codes
        later[user] -= codes
    held_by: Any = (valid, later, suspended)
    return Counter(
        Group(frozenset(where), *(frozenset(held.get(user, ())) for held in held_by))
        for user, where in places.items()
    )


def _suspended(certificates: QuerySet[Certificate], now: datetime) -> dict[int, set[tuple[str, datetime]]]:
    """Return by person what is suspended, and until when. Two queries."""
    found: dict[int, set[tuple[str, datetime]]] = defaultdict(set)
    for each in certificates.annotate(whose=WHOSE, code=CODE).prefetch_related("events"):
        until = state_at(each, now).until
        if until is not None:
            found[each.whose].add((each.code, until))
    return found


WHOSE = Coalesce("award__person__merged_into", "award__person")
CODE = F("qualification_version__qualification__code")


def held_now(now: datetime) -> QuerySet[Certificate]:
    return in_state(Certificate.objects.finished().with_rules_end(), State.VALID, now).order_by()


def suspended_now(now: datetime) -> QuerySet[Certificate]:
    return in_state(Certificate.objects.finished().with_rules_end(), State.SUSPENDED, now).order_by()


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
    suspended = suspended_now(now)
    holds = _meeting(rule, now, [held_now(now)], without=suspended)
    if state in (DUE, SUSPENDED):
        once_lifted = _meeting(rule, now, [held_now(now), suspended])
        return people.exclude(once_lifted) if state == DUE else people.filter(once_lifted).exclude(holds)
    people = people.filter(holds)
    if state == CERTIFIED:
        return people
    later = [lasting(held_now(now), now), held_later(now)]
    return people.exclude(_meeting(rule, now, later, without=suspended))


type Certificates = QuerySet[Certificate]


def _meeting(
    rule: RequirementRow, now: datetime, held: Sequence[Certificates], *, without: Certificates | None = None
) -> Q:
    """Return a condition for people who hold all that is needed in one of the roles of the rule; of a qualification
    of which they hold one of `without`, none counts.
    """
    roles = rule.roles or Role.objects.values_list("code", flat=True)
    if not any(need.of_role for need in rule.needs or ()):
        return _holding(rule, [], held, without)
    condition = Q(pk=None)
    for role in roles:
        serving = Posting.objects.at(now).filter(role__code=role).values("user")
        condition |= Q(pk__in=serving) & _holding(rule, [role], held, without)
    return condition


def _holding(
    rule: RequirementRow, roles: Sequence[str], held: Sequence[Certificates], without: Certificates | None
) -> Q:
    condition = Q()
    for need in rule.needs or ():
        any_of: Any = Q(pk=None)
        for code in need.codes(roles):
            one: Any = Q(pk=None)
            for certificates in held:
                one |= _holders(certificates, code)
            any_of |= one if without is None else one & ~_holders(without, code)
        condition &= any_of
    return condition


def _holders(certificates: Certificates, code: str) -> Any:
    fitting = certificates.filter(qualification_version__qualification__code=code)
    return Q(pk__in=fitting.annotate(whose=WHOSE).values("whose"))


def choices() -> list[tuple[str, StrOrPromise]]:
    """Return what the list of people offers: each state of each function that needs a certificate."""
    words = {
        CERTIFIED: _("certified"),
        DUE: _("certificate is due"),
        SUSPENDED: _("certificate is suspended"),
        ENDING: _("ends within 60 days"),
    }
    return [
        (f"{function.code}:{state}", f"{function.code} {function.name}: {words[state]}")
        for function in in_force(clock.now())
        for state in STATES
    ]

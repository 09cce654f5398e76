"""Holding a position, and where: read from live grants at each question.

A grant holds everywhere, in one agency and all its units, or in one unit and all below it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import FilteredRelation, Q

from operations import clock
from operations.prepared import PreparedQuery, prepared_cursor
from people.models import Agency, Grant, Unit, User

Position = Grant.Position
WITHOUT_SECOND_FACTOR = frozenset({Position.DUTY_OFFICER})
type Anyone = User | AbstractBaseUser | AnonymousUser | None


# Asked on most pages and several times for a decision: plain SQL.
LIVE_GRANTS = """SELECT position, agency_id, unit_id FROM people_grant WHERE person_id = %s
  AND revoked_at IS NULL AND starts_at <= %s AND (ends_at IS NULL OR ends_at > %s)"""
UNITS_BESIDE = """SELECT id, parent_id FROM people_unit
  WHERE agency_id IN (SELECT agency_id FROM people_unit WHERE id IN ({}))"""


def _rows(sql: str, parameters: list[Any]) -> list[Any]:
    with prepared_cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[Any] = cursor.fetchall()
        return rows


OF_PERSON = [field.attname for field in User._meta.concrete_fields]


class SecondFactorNeeded(Exception):
    """A grant was asked for in a browser that has not shown a second factor.

    No PermissionDenied: Wagtail would answer that one by itself.
    """


def grants_of(user: Anyone) -> list[tuple[str, int | None, int | None]]:
    """Return (position, agency, unit) of each live grant; none of a stranger, a system, someone switched off.

    Emergency access is every position at once.
    Who holds more than a duty officer's grant needs a second factor: in a browser that has not shown one
    no grant is read (SecondFactorNeeded), and a page that is open without it sees the duty officer's alone.
    """
    if not isinstance(user, User) or not user.may_sign_in:
        return []
    grants = _live_grants(user)
    if user.second_factor != "shown":
        grants = _open_to_all(user, grants)
    return _with_emergency(grants)


def grants_of_each(people: Collection[int]) -> dict[int, list[tuple[str, int | None, int | None]]]:
    """Return the same of several people (primary keys), by one query; without any for who may not sign in.

    For questions about others: their browsers are not asked for a second factor.
    """
    found: dict[int, list[tuple[str, int | None, int | None]]] = {pk: [] for pk in people}
    live = Grant.objects.live().filter(person__in=User.objects.active().filter(pk__in=found))
    for pk, position, agency, unit in live.values_list("person", "position", "agency", "unit"):
        found[pk].append((position, agency, unit))
    return {pk: _with_emergency(grants) for pk, grants in found.items()}


def _with_emergency(
    grants: list[tuple[str, int | None, int | None]],
) -> list[tuple[str, int | None, int | None]]:
    if any(position == Position.BREAK_GLASS for position, _agency, _unit in grants):
        return grants + [(position.value, None, None) for position in Position]
    return grants


def _live_grants(user: User) -> list[tuple[str, int | None, int | None]]:
    """Return the live grants, read once for a page that only reads and asks a dozen times. What changes
    something asks anew.
    """
    if user.live_grants is None or not user.reads_only:
        now = connection.ops.adapt_datetimefield_value(clock.now())
        user.live_grants = _rows(LIVE_GRANTS, [user.pk, now, now])
    return list(user.live_grants)


def with_live_grants(user_pk: int) -> User | None:
    """Return the person with the live grants of this instant, by one query."""
    rows = list(_people().rows(user_pk))
    if not rows:
        return None
    user = User.from_db(connection.alias, OF_PERSON, rows[0][: len(OF_PERSON)])
    now, live = clock.now(), []
    for position, agency, unit, starts_at, ends_at in (row[len(OF_PERSON) :] for row in rows):
        if position is not None and starts_at <= now and (ends_at is None or now < ends_at):
            live.append((position, agency, unit))
    user.live_grants = live
    return user


@lru_cache(maxsize=1)
def _people() -> PreparedQuery:
    """Return the query of one person and each grant that was not revoked; without one a row without a grant."""
    unrevoked = FilteredRelation("grants", condition=Q(grants__revoked_at=None))
    people = User.objects.annotate(unrevoked=unrevoked).filter(pk=0)
    of_grant = [f"unrevoked__{name}" for name in ("position", "agency", "unit", "starts_at", "ends_at")]
    return PreparedQuery(people.values_list(*OF_PERSON, *of_grant), read_json=True)


def _open_to_all(user: User, grants: list[Any]) -> list[Any]:
    kept = [row for row in grants if row[0] in WITHOUT_SECOND_FACTOR]
    if user.second_factor == "missing" and len(kept) < len(grants):
        raise SecondFactorNeeded
    return kept


def _live(user: Anyone, position: str) -> list[tuple[int | None, int | None]]:
    """Return (agency, unit) of each live grant in this position."""
    return [(agency, unit) for held, agency, unit in grants_of(user) if held == position]


def positions_of(user: Anyone) -> frozenset[str]:
    """Return the positions in which this person may act now, in whatever scope."""
    return frozenset(position for position, _agency, _unit in grants_of(user))


def units_below(units: Iterable[int]) -> set[int]:
    """Return these units and all below them, by one query."""
    below = set(units)
    if not below:
        return below
    children: dict[int | None, list[int]] = {}
    for pk, parent in _rows(UNITS_BESIDE.format(", ".join(["%s"] * len(below))), list(below)):
        children.setdefault(parent, []).append(pk)
    waiting = list(below)
    while waiting:
        new = set(children.get(waiting.pop(), ())) - below
        below |= new
        waiting.extend(new)
    return below


def holds(user: Anyone, position: str, *, agency: Agency | None = None, unit: Unit | None = None) -> bool:
    """Return whether this person holds the position now: for the unit, the whole agency, or (neither given)
    any scope.

    A grant for a unit does not hold for its agency.
    """
    grants = _live(user, position)
    if agency is None and unit is None:
        return bool(grants)
    if (None, None) in grants:
        return True
    where = unit.agency_id if unit is not None else agency.pk if agency is not None else None
    if any(agency_id == where for agency_id, _unit in grants if agency_id is not None):
        return agency is None or agency.pk == where
    if unit is None:
        return False
    return unit.pk in units_below(unit_id for _agency, unit_id in grants if unit_id is not None)


def holds_everywhere(user: Anyone, position: str) -> bool:
    """Return whether a grant holds everywhere, for what belongs to no agency: one limited to an agency is
    not enough.
    """
    return (None, None) in _live(user, position)


@dataclass(frozen=True)
class Scope:
    """The reach of somebody's permission: everything, or whole agencies and single units (primary keys)."""

    everywhere: bool
    agencies: frozenset[int]
    units: frozenset[int]  # named in a grant, and all below them

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.agencies or self.units)

    def reaches(self, agency_id: int, unit_id: int) -> bool:
        """Return whether this unit of this agency is in it. As `within` for rows that were read already."""
        return self.everywhere or agency_id in self.agencies or unit_id in self.units

    def within(self, agency: str, unit: str) -> Q:
        """Return a condition for rows that name their agency and unit by these lookups."""
        if self.everywhere:
            return Q()
        condition = Q(**{f"{unit}__in": self.units})
        return condition | Q(**{f"{agency}__in": self.agencies}) if self.agencies else condition

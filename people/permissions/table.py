"""The table of permissions: what each position may do, and how far. docs/permissions.md is written from it.

An app registers its permissions when it is loaded and asks `may` before it acts: the table is the rule itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django_stubs_ext import StrOrPromise

from people.models import Agency, Unit

from .holding import Anyone, Scope, grants_of, units_below


class Reach(StrEnum):
    """The reach of a position's permission."""

    EVERYWHERE = "everywhere"  # only a grant for the whole country
    AGENCY = "agency"  # within the agencies of the grant: all of one
    UNIT = "unit"  # within the units of the grant and below, or all of its agency


@dataclass(frozen=True)
class Permission:
    """An act that positions may do. `code`: "people.transfer"; `text`: what the table calls it; `allowed`: {position: how far};
    `note`: what must hold besides, in a sentence ("not about an own certificate").
    """

    code: str
    text: StrOrPromise
    allowed: Mapping[str, Reach]
    note: StrOrPromise = ""


permissions: dict[str, Permission] = {}


def register_permission(
    code: str, text: StrOrPromise, allowed: Mapping[str, Reach], *, note: StrOrPromise = ""
) -> None:
    """Add a permission to the table; raise ValueError where its code is taken."""
    if code in permissions:
        raise ValueError(f"{code} is registered twice.")
    permissions[code] = Permission(code, text, allowed, note)


def may(by: Anyone, code: str, *, agency: Agency | None = None, unit: Unit | None = None) -> bool:
    """Return whether this person may do it there; without agency and unit, in any scope at all.

    None is the system, which may do everything; a stranger may do nothing.
    """
    where = _where(by, code)
    if where.everywhere or (agency is None and unit is None):
        return bool(where)
    if unit is None:
        return agency is not None and agency.pk in where.agencies
    if agency is not None and unit.agency_id != agency.pk:
        return False
    return unit.agency_id in where.agencies or unit.pk in units_below(where.units)


def where_may(by: Anyone, code: str) -> Scope:
    """Return where this person may do it. For lists: `where_may(by, code).within("agency", "unit")`."""
    where = _where(by, code)
    return Scope(where.everywhere, where.agencies, frozenset(units_below(where.units)))


def _where(by: Anyone, code: str) -> Scope:
    """Return the same without what lies below the units: one query."""
    if by is None:
        return Scope(everywhere=True, agencies=frozenset(), units=frozenset())
    return _reached(grants_of(by), permissions[code].allowed)


def held(by: Anyone, codes: Iterable[str]) -> frozenset[str]:
    """Return those of the permissions that this person has in any scope: one query for all."""
    grants = grants_of(by)
    return frozenset(code for code in codes if _reached(grants, permissions[code].allowed))


def allows(grants: Iterable[tuple[str, int | None, int | None]], code: str) -> bool:
    """Return whether somebody with these grants may do it, in any scope."""
    return bool(_reached(grants, permissions[code].allowed))


def _reached(grants: Iterable[tuple[str, int | None, int | None]], allowed: Mapping[str, Reach]) -> Scope:
    everywhere, agencies, units = False, set(), set()
    for position, agency, unit in grants:
        reach = allowed.get(position)
        if reach is None:
            continue
        if agency is None and unit is None:
            everywhere = True
        elif agency is not None and reach is not Reach.EVERYWHERE:
            agencies.add(agency)
        elif unit is not None and reach is Reach.UNIT:
            units.add(unit)
    return Scope(everywhere, frozenset(agencies), frozenset(units))

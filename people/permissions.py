"""Who may act in which position, and where: read from live grants at each question.

A grant holds everywhere, in one agency and all its units, or in one unit and all below it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Q

from operations import clock

from .models import Agency, Grant, Unit, User

Position = Grant.Position
type Anyone = User | AbstractBaseUser | AnonymousUser | None


# Asked on most pages and several times for a decision: plain SQL.
LIVE_GRANTS = """SELECT position, agency_id, unit_id FROM people_grant WHERE person_id = %s
  AND revoked_at IS NULL AND starts_at <= %s AND (ends_at IS NULL OR ends_at > %s)"""
UNITS_BESIDE = """SELECT id, parent_id FROM people_unit
  WHERE agency_id IN (SELECT agency_id FROM people_unit WHERE id IN ({}))"""


def _rows(sql: str, parameters: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[Any] = cursor.fetchall()
        return found


def _grants(user: Anyone) -> list[tuple[str, int | None, int | None]]:
    """(position, agency, unit) of each live grant; none of a stranger and of someone switched off."""
    if not isinstance(user, User) or not user.is_active:
        return []
    now = connection.ops.adapt_datetimefield_value(clock.now())
    return _rows(LIVE_GRANTS, [user.pk, now, now])


def _live(user: Anyone, *positions: str) -> list[tuple[int | None, int | None]]:
    """(agency, unit) of each live grant in one of these positions."""
    return [(agency, unit) for position, agency, unit in _grants(user) if position in positions]


def positions_of(user: Anyone) -> frozenset[str]:
    """In which positions this person may act now, in whatever scope."""
    return frozenset(position for position, _agency, _unit in _grants(user))


def _below(units: Iterable[int]) -> set[int]:
    """These units and all below them, in one query."""
    found = set(units)
    if not found:
        return found
    children: dict[int | None, list[int]] = {}
    for pk, parent in _rows(UNITS_BESIDE.format(", ".join(["%s"] * len(found))), list(found)):
        children.setdefault(parent, []).append(pk)
    waiting = list(found)
    while waiting:
        new = set(children.get(waiting.pop(), ())) - found
        found |= new
        waiting.extend(new)
    return found


def holds(user: Anyone, position: str, *, agency: Agency | None = None, unit: Unit | None = None) -> bool:
    """May this person act in the position now: for the unit, for the whole agency, or (neither
    given) in any scope at all. A grant for a unit does not hold for its agency.
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
    return unit.pk in _below(unit_id for _agency, unit_id in grants if unit_id is not None)


def holds_everywhere(user: Anyone, position: str) -> bool:
    """For acts that belong to no agency: a grant limited to one is not enough."""
    return (None, None) in _live(user, position)


def agencies_of(user: Anyone, position: str) -> Any:  # QuerySet[Agency]; Any where mixed with Q
    """Agencies for the whole of which this person may act in the position."""
    grants = _live(user, position)
    if (None, None) in grants:
        return Agency.objects.all()
    return Agency.objects.filter(pk__in=[agency for agency, _unit in grants if agency is not None])


@dataclass(frozen=True)
class Scope:
    """For what somebody may act: everything, or whole agencies and single units (primary keys)."""

    everywhere: bool
    agencies: frozenset[int]
    units: frozenset[int]  # named in a grant, and all below them

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.agencies or self.units)

    def within(self, agency: str, unit: str) -> Q:
        """A condition for rows that name their agency and unit by these lookups."""
        if self.everywhere:
            return Q()
        reached = Q(**{f"{unit}__in": self.units})
        return reached | Q(**{f"{agency}__in": self.agencies}) if self.agencies else reached


def scope_of(user: Anyone, *positions: str) -> Scope:
    """Where this person may act in one of the positions."""
    grants = _live(user, *positions)
    return Scope(
        everywhere=(None, None) in grants,
        agencies=frozenset(agency for agency, _unit in grants if agency is not None),
        units=frozenset(_below(unit for _agency, unit in grants if unit is not None)),
    )


def units_of(user: Anyone, *positions: str) -> Any:
    """Units for which this person may act in one of the positions."""
    return Unit.objects.filter(scope_of(user, *positions).within("agency", "pk"))


def may_enter_cms(user: Anyone) -> bool:
    """Trainers and reviewers whose grant holds everywhere: courses belong to no agency."""
    return any(holds_everywhere(user, position) for position in (Position.TRAINER, Position.REVIEWER))


# --- the editor at /cms/ ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Codename:
    codename: str


@dataclass(frozen=True)
class PagePermission:
    """What Wagtail reads of a page permission: it holds for the page and all below it."""

    page: Any
    permission: Codename

    @property
    def page_id(self) -> int:
        return int(self.page.pk)


def _positions_everywhere(user: Anyone) -> set[str]:
    """Positions that hold for the whole country: what is written at /cms/ belongs to no agency."""
    return {position for position, agency, unit in _grants(user) if (agency, unit) == (None, None)}


class CmsPermissions:
    """What each position may do at /cms/. Apps to the right fill it when they are loaded."""

    def __init__(self) -> None:
        self._names: dict[str, set[str]] = defaultdict(set)
        self._pages: dict[str, list[tuple[Callable[[], Any], frozenset[str]]]] = defaultdict(list)

    def register(self, position: str, names: Iterable[str]) -> None:
        """Permissions by name: "wagtailadmin.access_admin", "standards.change_term"."""
        self._names[position].update(names)

    def register_pages(self, position: str, root: Callable[[], Any], acts: Iterable[str]) -> None:
        """Acts ("add", "change", "publish", "lock" …) on a page and all below it.

        `root()` finds the page, or None where it does not exist yet.
        """
        self._pages[position].append((root, frozenset(acts)))

    def names_of(self, user: Anyone) -> set[str]:
        return {name for position in _positions_everywhere(user) for name in self._names.get(position, ())}

    def pages_of(self, user: Anyone) -> list[PagePermission]:
        return [
            PagePermission(page, Codename(f"{act}_page"))
            for position in sorted(_positions_everywhere(user))
            for root, acts in self._pages.get(position, ())
            if (page := root()) is not None
            for act in sorted(acts)
        ]


cms_permissions = CmsPermissions()
for _position in (Position.TRAINER, Position.REVIEWER):
    cms_permissions.register(_position, ["wagtailadmin.access_admin"])


# --- acts of people.actions; `None` is the installation itself --------------------------------------


def can_manage_accounts(by: User | None) -> bool:
    return by is None or holds_everywhere(by, Position.ADMINISTRATOR)


def can_set_password(by: User | None, person: User) -> bool:
    """For another person: an administrator, but never for somebody whose acts count as a pair of eyes."""
    watched = {Position.REGISTRAR, Position.RULE_OWNER, Position.AUDITOR}
    return by is None or (can_manage_accounts(by) and not positions_of(person) & watched)


def can_manage_agency(by: User | None, agency: Agency) -> bool:
    """Its people, units and postings: an administrator, or the agency's own coordinator."""
    return can_manage_accounts(by) or holds(by, Position.COORDINATOR, agency=agency)


def can_grant(
    by: User | None, person: User, position: str, *, agency: Agency | None, unit: Unit | None
) -> bool:
    """Administrators grant what is not a registrar's; coordinators make duty officers of their agency."""
    if by is None:
        return True
    if by == person or position == Position.REGISTRAR:
        return False
    if can_manage_accounts(by):
        return True
    where = unit.agency if unit is not None else agency
    return (
        position == Position.DUTY_OFFICER
        and where is not None
        and holds(by, Position.COORDINATOR, agency=where)
    )

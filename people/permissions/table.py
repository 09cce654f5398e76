"""Position × act: what each position may do, and how far. docs/permissions.md is written from it.

An app registers its acts when it is loaded and asks `may` where it acts: the table is the rule itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from people.models import Agency, Unit, User

from .holding import holds, holds_everywhere


class Reach(StrEnum):
    """How far a position's act goes."""

    EVERYWHERE = "everywhere"  # only a grant for the whole country
    AGENCY = "agency"  # within the agencies of the grant: all of one
    UNIT = "unit"  # within the units of the grant and below, or all of its agency


@dataclass(frozen=True)
class Act:
    """`code`: "people.transfer"; `text`: what the table calls it; `allowed`: {position: how far}."""

    code: str
    text: str | Promise
    allowed: Mapping[str, Reach]


acts: dict[str, Act] = {}


def register_act(code: str, text: str | Promise, allowed: Mapping[str, Reach]) -> None:
    if code in acts:
        raise ValueError(f"{code} is registered twice.")
    acts[code] = Act(code, text, allowed)


def may(by: User | None, code: str, *, agency: Agency | None = None, unit: Unit | None = None) -> bool:
    """May this person do the act there; without agency and unit, in any scope at all. None is the system."""
    if by is None:
        return True
    for position, reach in acts[code].allowed.items():
        if reach is Reach.EVERYWHERE and holds_everywhere(by, position):
            return True
        if reach is Reach.AGENCY and holds(by, position, agency=agency or (unit and unit.agency) or None):
            return True
        if reach is Reach.UNIT and holds(by, position, agency=agency if unit is None else None, unit=unit):
            return True
    return False

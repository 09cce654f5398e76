"""Positions that one person may not hold at the same time, and where each position may hold.

The reasons in full: docs/decisions/0011-positions.md.
"""

from collections.abc import Iterable
from itertools import combinations

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from .holding import Position

_READS = _("Auditors check what others do, so they do nothing here themselves that would have to be checked.")
_ACCOUNTS = _("People who open accounts have no say in certificates or rules.")
_CERTIFICATES = _(
    "People who issue and revoke certificates do not mark exams, make rules or speak for an agency."
)

BESIDE_AUDITOR = frozenset({Position.AUDITOR, Position.NATIONAL_COORDINATOR, Position.BREAK_GLASS})


def _pairs() -> dict[frozenset[str], StrOrPromise]:
    pairs: dict[frozenset[str], StrOrPromise] = {
        frozenset({Position.AUDITOR, position}): _READS
        for position in Position
        if position not in BESIDE_AUDITOR
    }
    for position in (Position.REGISTRAR, Position.RULE_OWNER):
        pairs[frozenset({Position.ADMINISTRATOR, position})] = _ACCOUNTS
    for position in (Position.ASSESSOR, Position.RULE_OWNER, Position.COORDINATOR):
        pairs[frozenset({Position.REGISTRAR, position})] = _CERTIFICATES
    return pairs


EXCLUDING = _pairs()


def excluded(position: str, held: Iterable[str]) -> tuple[str, StrOrPromise] | None:
    """Return the first of the held positions that this one cannot stand beside, and why."""
    for other in held:
        reason = EXCLUDING.get(frozenset({position, other}))
        if reason is not None:
            return other, reason
    return None


def excluding_pairs() -> list[tuple[Position, Position, StrOrPromise]]:
    """Return the pairs in the order of the positions."""
    return [
        (first, second, EXCLUDING[frozenset({first, second})])
        for first, second in combinations(Position, 2)
        if frozenset({first, second}) in EXCLUDING
    ]


EVERYWHERE, AGENCY, UNIT = "everywhere", "agency", "unit"
_SCOPES = {
    Position.ASSESSOR: {EVERYWHERE, AGENCY},
    Position.TUTOR: {EVERYWHERE, AGENCY, UNIT},
    Position.COORDINATOR: {AGENCY},
    Position.DUTY_OFFICER: {AGENCY, UNIT},
    Position.SHIFT_LEADER: {UNIT},
}


def scopes_of_position(position: str) -> frozenset[str]:
    """Return what a grant of this position may be given for: "everywhere", "agency", "unit"."""
    return frozenset(_SCOPES.get(Position(position), {EVERYWHERE}))

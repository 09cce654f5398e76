"""Objects that a file describes, and the outcome of loading them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class LoadOutcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    EDITED = "edited since, file unchanged"  # left as it is
    REFUSED = "refused"  # edited since, and the file says something new


@dataclass(frozen=True, kw_only=True)
class LoadedItem:
    """One object that a file describes.

    `wanted` is what the file says, `present` what the database says now (None: there is no such
    object), both as JSON values; `save` calls one action of the object's app.
    """

    kind: str
    code: str
    wanted: Any
    present: Callable[[], Any]
    save: Callable[[], Any]


@dataclass
class Report:
    """Outcome of a load, by kind and code in the order of loading."""

    outcomes: dict[tuple[str, str], LoadOutcome] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, dict[LoadOutcome, int]]:
        counts: dict[str, dict[LoadOutcome, int]] = {}
        for (kind, _code), outcome in self.outcomes.items():
            of_kind = counts.setdefault(kind, {})
            of_kind[outcome] = of_kind.get(outcome, 0) + 1
        return counts

    def of(self, outcome: LoadOutcome) -> list[tuple[str, str]]:
        return [named for named, is_so in self.outcomes.items() if is_so == outcome]

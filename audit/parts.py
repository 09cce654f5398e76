"""The parts of what everybody reads about themselves. An app to the right adds its own (clearance: who
asked).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from operations.models import AuditEntry
from people.models import User

from .entry_lines import ValueChange, facts_of, lines_of
from .search import ORDER, about


@dataclass(frozen=True)
class OwnLine:
    """`who` is empty for the installation itself; `more` says more in one sentence."""

    at: datetime
    what: str
    who: str
    why: str = ""
    more: str = ""
    changes: Sequence[ValueChange] = ()


@dataclass(frozen=True)
class TrailPart:
    """`rows(person)` in the order `order`, and how a page of them reads, for that person. `others_title`: what an
    auditor reads above the same; `whole_rows` and `whole_lines`, where an auditor reads more of it.
    """

    code: str
    title: StrOrPromise
    text: StrOrPromise
    rows: Callable[[User], QuerySet[Any]]
    order: tuple[str, ...]
    lines: Callable[[Sequence[Any], User], list[OwnLine]]
    others_title: StrOrPromise
    whole_rows: Callable[[User], QuerySet[Any]] | None = None
    whole_lines: Callable[[Sequence[Any], User], list[OwnLine]] | None = None

    def read_by_auditors(self) -> "TrailPart":
        """Return the part as auditors read it of somebody else."""
        return replace(
            self,
            title=self.others_title,
            text="",
            rows=self.whole_rows or self.rows,
            lines=self.whole_lines or self.lines,
        )


parts: dict[str, TrailPart] = {}


def register_part(part: TrailPart) -> None:
    if part.code in parts:
        raise ValueError(f"{part.code} is registered twice.")
    parts[part.code] = part


# What else of an entry says which position, which second step, which way: no ids, nothing of others.
OWN = {"position", "kind", "change", "way", "rhythm", "outcome"}


def ids_of(person: User) -> list[str]:
    """Return the person's public id, and those of records that were merged into this one."""
    return [person.public_id, *person.merged.values_list("public_id", flat=True)]


def _changes(entries: Sequence[AuditEntry], person: User) -> list[OwnLine]:
    return [
        OwnLine(
            at=line.at,
            what=line.act,
            who=line.who,
            why=line.why,
            changes=[*facts_of(line.entry, only=OWN), *line.changes],
        )  # fmt: skip
        for line in lines_of(entries, only=ids_of(person))
    ]


register_part(
    TrailPart(
        code="record",
        title=_("Changes to my record"),
        text=_("Who entered or changed something about you, when and why."),
        rows=lambda person: AuditEntry.objects.select_related("by").filter(about(ids_of(person))),
        order=ORDER,
        lines=_changes,
        others_title=_("Changes to the record"),
    )
)

"""Names in lines of a roster on which others rely: another one is proposed, the rest of the line is applied."""

from collections.abc import Sequence
from typing import Any

from people import renaming
from people.models import User
from people.models.person import NAME_PARTS
from people.renaming import KnownNames, NameChange

from .models import RosterLine
from .values import ParsedLine
from .wording import FileRefused

REFUSED = {NameChange.OTHER_WAITS: "name_waits", NameChange.OWN: "own_name"}
PART = 250  # lines that are in memory at once
type LineAndPerson = tuple[RosterLine, User]


def names_in(after: dict[str, str] | None) -> dict[str, str]:
    """Return the parts of a name among what a line changes."""
    return {part: text for part, text in (after or {}).items() if part in NAME_PARTS}


def proposed_by(line: ParsedLine, names: dict[str, str], change: NameChange) -> list[str]:
    """Return the parts that become a proposal, by what `change` says of them; refuse the line where they cannot be one."""
    if change in REFUSED:
        line.refuse(next(iter(names)), REFUSED[change])
    return list(names) if change is NameChange.PROPOSED else []


def refuse_other(pairs: Sequence[LineAndPerson], by: User | None) -> None:
    """Raise FileRefused where somebody relies on a name, or does no more, other than the check saw."""
    changes = [(line, person, names) for line, person in pairs if (names := names_in(line.after))]
    seen: KnownNames | None = (
        renaming.look([person for _line, person, _names in changes]) if changes else None
    )
    for line, person, names in changes:
        expected = NameChange.PROPOSED if line.proposed else NameChange.FREE
        if seen is not None and seen.change(person, names, by) is not expected:
            raise FileRefused("changed_since")


def propose(lines: Any, by: User | None) -> None:
    """Propose what these lines (a query) say of names on which others rely; read in parts."""
    proposing = (
        lines.exclude(proposed=[]).select_related("person").defer("cells", "errors").order_by("person")
    )
    if by is not None:
        changes = ((line.person, names_in(line.after)) for line in proposing.iterator(chunk_size=PART))
        renaming.propose_each(changes=changes, by=by)

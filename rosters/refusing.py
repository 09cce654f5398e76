"""Refuse what only all lines of a file tell: one person on two lines, supervisors in a circle, a line that names nobody."""

from collections import defaultdict
from collections.abc import Callable
from itertools import batched
from typing import Any

from django.db.models import Count

from . import columns
from .matching import lines_in_circles
from .models import RosterImport, RosterLine
from .values import others

Kind = RosterLine.Kind
KEYS = frozenset(columns.KEYS)


def names_nobody(lines: Any) -> bool:
    """Say whether a line is refused that has nothing to tell whose it is, an error there, or cells that may have moved."""
    refused = lines.filter(kind=Kind.ERROR, person=None).values_list("cells", "errors")
    return any(
        KEYS.isdisjoint(cells) or not (KEYS | {""}).isdisjoint(error["field"] for error in errors)
        for cells, errors in refused.iterator()
    )


def refuse_repeated_people(roster: RosterImport) -> None:
    """Refuse one person under two keys: an address here, a number there."""
    good = roster.lines.exclude(kind=Kind.ERROR).exclude(person=None)
    twice = good.values("person").annotate(times=Count("pk")).filter(times__gt=1).values("person")
    lines = list(good.filter(person__in=twice).order_by("number"))
    numbers: defaultdict[int | None, list[int]] = defaultdict(list)
    for line in lines:
        numbers[line.person_id].append(line.number)
    _refuse(lines, "person_again", about=lambda line: others(numbers[line.person_id], line.number))


def refuse_circles(roster: RosterImport) -> None:
    """Refuse that somebody is supervised by somebody whom they supervise."""
    for batch in batched(sorted(lines_in_circles(roster)), 500):
        _refuse(roster.lines.filter(pk__in=batch), "supervisor_circle", field="supervisor")


def _refuse(
    found: Any, code: str, *, field: str = "", about: Callable[[RosterLine], str] = lambda line: ""
) -> None:
    lines = list(found)
    for line in lines:
        line.kind, line.before, line.after = Kind.ERROR, None, None
        line.proposed, line.warnings = [], []
        value = line.cells.get(field, "") if field else line.service_number
        error = {"column": "", "field": field, "code": code, "value": value}
        line.errors = [error | ({"about": said} if (said := about(line)) else {})]
    changed = ["kind", "before", "after", "proposed", "errors", "warnings"]
    RosterLine.objects.bulk_update(lines, changed, batch_size=100)

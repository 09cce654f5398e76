"""Figures for the whole country, by kind of agency and by agency, of which nobody can be inferred.

A cell is a step of five, so that neither two columns nor two days, subtracted, tell of one to four people; a
total is the sum of the cells it adds up: it tells nothing that they do not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from operations.rounding import NOTHING, Rounded, rounded
from people.extensions import Column, registry
from people.models import Agency


@dataclass(frozen=True)
class CountryRow:
    """`kind` of a line: "country", "kind" or "agency"."""

    kind: str
    title: StrOrPromise
    cells: Sequence[Rounded]
    agencies: Sequence["CountryRow"] = field(default=())


@dataclass(frozen=True)
class CountryTable:
    columns: Sequence[Column]
    rows: Sequence[CountryRow]  # the country, then each kind with its agencies

    def flat(self) -> Iterable[CountryRow]:
        for row in self.rows:
            yield row
            yield from row.agencies


def table() -> CountryTable:
    """Return the table, by two queries and those of the columns; not one more for each agency."""
    columns = [column for make in registry.country for column in make()]
    names: Any = Agency.Kind.choices
    order = [kind for kind, _name in names]
    agencies = sorted(Agency.objects.order_by("name", "pk"), key=lambda agency: order.index(agency.kind))
    kinds = []
    for kind, members in groupby(agencies, key=lambda agency: agency.kind):
        rows = [CountryRow("agency", agency.name, _cells(agency.pk, columns)) for agency in members]
        kinds.append(CountryRow("kind", dict(names)[kind], _sum(rows, columns), rows))
    return CountryTable(
        columns, [CountryRow("country", _("The whole country"), _sum(kinds, columns)), *kinds]
    )


def _cells(agency: int, columns: Sequence[Column]) -> list[Rounded]:
    numbers = {column.code: column.counts.get(agency, 0) for column in columns}
    return [rounded(numbers[column.code], whole=numbers.get(column.of)) for column in columns]


def _sum(rows: Sequence[CountryRow], columns: Sequence[Column]) -> list[Rounded]:
    return [sum((row.cells[place] for row in rows), NOTHING) for place in range(len(columns))]

"""Figures for the whole country, by kind of agency and by agency, of which nobody can be inferred.

A cell is a step of five, so that neither two columns nor two days, subtracted, tell of one to four people; a
total is the sum of the cells it adds up: it tells nothing that they do not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from certificates import chains
from certificates.models import Certificate
from certificates.register import in_state
from certificates.state import State
from operations import clock
from operations.rounding import NOTHING, Rounded, rounded
from people.country import serving
from people.extensions import Column, registry
from people.models import Agency

MONTHS = 6  # of the trend


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

    def filled(self) -> "CountryTable":
        """Return the table without agencies and kinds of which every cell is nothing."""
        rows = [
            replace(row, agencies=[each for each in row.agencies if any_of(each)])
            for row in self.rows
            if row.kind == "country" or any_of(row)
        ]
        return replace(self, rows=rows)

    @property
    def agencies(self) -> int:
        return sum(row.kind == "agency" for row in self.flat())

    def flat(self) -> Iterable[CountryRow]:
        for row in self.rows:
            yield row
            yield from row.agencies


def any_of(row: CountryRow) -> bool:
    return any(cell != NOTHING for cell in row.cells)


@dataclass(frozen=True)
class TrendRow:
    """Numbers of a day in the whole country: who served, and who of them held a valid certificate."""

    day: date
    serving: Rounded
    certified: Rounded


def trend() -> list[TrendRow]:
    """Return today and the first days of the months before it, the newest last. Two queries a day.

    Each number adds up the steps of the agencies, as the table does.
    """
    today = clock.today()
    months = [clock.add_months(today.replace(day=1), -back) for back in range(MONTHS - 1, -1, -1)]
    return [_trend_row(day) for day in dict.fromkeys([*months, today])]


def _trend_row(day: date) -> TrendRow:
    instant = clock.now() if day == clock.today() else clock.start_of(day)
    valid = in_state(Certificate.objects.finished(), State.VALID, instant, known_at=clock.now())
    holders = chains.of_holders(valid.order_by()).values("whose")
    there, certified = serving(at=instant), serving(holders, at=instant)
    return TrendRow(
        day,
        sum((rounded(number) for number in there.values()), NOTHING),
        sum((rounded(certified.get(agency, 0), whole=number) for agency, number in there.items()), NOTHING),
    )


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

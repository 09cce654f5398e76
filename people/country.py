"""Figures for the whole country, by kind of agency and by agency, of which nobody can be inferred.

A cell is a step of five, so that neither two columns nor two days, subtracted, tell of one to four people; a
total is the sum of the cells it adds up: it tells nothing that they do not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from operations.rounding import NOTHING, Rounded, rounded

from .extensions import Column, registry
from .models import Agency, Posting, User, of_current_people


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


def _known() -> QuerySet[Posting]:
    return Posting.objects.known().filter(of_current_people("user"))


def _counted(postings: QuerySet[Posting]) -> Mapping[int, int]:
    """Return {agency: people}."""
    counts = postings.order_by().values_list("agency").annotate(people=Count("user", distinct=True))
    return dict(counts)


def serving(among: Any = None) -> Mapping[int, int]:
    """Return {agency (primary key): how many serve there now}, by one query; of these people (ids or a
    subquery) alone.
    """
    current = _known() & Posting.objects.current()
    return _counted(current if among is None else current.filter(user__in=among))


SERVING = "serving"


def _former() -> QuerySet[Posting]:
    """Return postings of people who serve there neither now nor later."""
    still = Posting.objects.open_or_coming().filter(user=OuterRef("user"), agency=OuterRef("agency"))
    return _known().exclude(Exists(still))


def columns() -> list[Column]:
    signed_in = User.objects.filter(last_login__isnull=False).values("pk")
    return [
        Column(code=SERVING, text=_("serve there now"), counts=serving()),
        Column(code="former", text=_("served there before"), counts=_counted(_former())),
        Column(code="signed-in", text=_("have signed in"), counts=serving(signed_in), of=SERVING),
    ]


registry.country.append(columns)

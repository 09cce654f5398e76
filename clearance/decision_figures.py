"""Numbers of decisions in one month by agency, function, mode and answer, of which none can be inferred."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from operations import clock
from operations.rounding import NOTHING, Rounded, rounded
from people.models import Agency

from .models import Decision, DutyFunction, Mode


@dataclass(frozen=True)
class FigureRow:
    """`cells`: one an answer, in the order of `Decision.Answer`; the total adds them up: it tells nothing more."""

    function: str
    advised: bool
    total: Rounded
    cells: Sequence[Rounded]


@dataclass(frozen=True)
class AgencyFigures:
    agency: str
    rows: Sequence[FigureRow]


def figures_of(month: str) -> list[AgencyFigures]:
    """Return agencies with decisions about their officers asked in the month ("2026-11"), by name. Three queries."""
    first = date.fromisoformat(f"{month}-01")
    asked = Decision.objects.filter(
        asked_at__gte=clock.start_of(first), asked_at__lt=clock.start_of(clock.add_months(first, 1))
    )
    counts: dict[int, dict[tuple[int, str], dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    grouped = (
        asked.order_by().values_list("agency", "function", "mode", "answer").annotate(number=Count("pk"))
    )
    for agency, function, mode, answer, number in grouped:
        counts[agency][function, mode][answer] = number
    functions = {each.pk: each for each in DutyFunction.objects.order_by("number")}
    order = {pk: place for place, pk in enumerate(functions)}
    found = []
    for agency in Agency.objects.filter(pk__in=counts).order_by("name", "pk"):
        keys = sorted(counts[agency.pk], key=lambda key: (order[key[0]], key[1] == Mode.ADVISE))
        rows = [_row(str(functions[pk]), mode, counts[agency.pk][pk, mode]) for pk, mode in keys]
        found.append(AgencyFigures(agency.name, rows))
    return found


def _row(function: str, mode: str, numbers: dict[str, int]) -> FigureRow:
    total = sum(numbers.values())
    cells = [rounded(numbers.get(answer, 0), whole=total) for answer in Decision.Answer.values]
    return FigureRow(function, mode == Mode.ADVISE, sum(cells, NOTHING), cells)

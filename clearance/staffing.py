"""Numbers of certified people that units need for a function, as their coordinator entered them."""

from collections.abc import Mapping

from operations import clock
from people.models import Agency, Posting, Unit

from .fitting import performed
from .models import DutyFunction, Staffing


def entered_of(agency: Agency) -> dict[int, dict[str, int]]:
    """Return {unit (primary key): {code of the function: number}} of units that have an entry. One query."""
    found: dict[int, dict[str, int]] = {}
    rows = Staffing.objects.filter(unit__agency=agency).order_by("function__number")
    for unit, code, number in rows.values_list("unit", "function__code", "number"):
        found.setdefault(unit, {})[code] = number
    return found


def entered(unit: Unit) -> dict[str, int]:
    """Return {code of the function: number}. One query."""
    rows = Staffing.objects.filter(unit=unit).order_by("function__number")
    return dict(rows.values_list("function__code", "number"))


def functions_to_enter(unit: Unit) -> list[DutyFunction]:
    """Return the functions that are ever refused and that a role of the agency performs, and those that the unit has an
    entry for.
    """
    gated = DutyFunction.objects.filter(gated=True)
    kept = list(DutyFunction.objects.filter(pk__in=Staffing.objects.filter(unit=unit).values("function")))
    fitting = performed(gated, Posting.objects.at(clock.now()).filter(agency=unit.agency_id))
    return sorted({*fitting, *kept}, key=lambda function: function.number)


def changes(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Return {code: (before, after)} of what differs; 0 stands for no entry."""
    codes = dict.fromkeys([*before, *after])
    pairs = {code: (before.get(code, 0), after.get(code, 0)) for code in codes}
    return {code: pair for code, pair in pairs.items() if pair[0] != pair[1]}

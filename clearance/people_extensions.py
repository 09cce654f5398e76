"""Duties that somebody may do today, on the person's page."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from locales.dates import day_text
from operations import clock
from people import waits
from people.extensions import Card, CardLine, Filter, HomeFigure, HomePart, Link, registry
from people.models import Agency, Posting, User
from people.permissions import may
from people.visibility import Visibility
from people.waits import Waits, counted, proposed

from . import overrides
from .actions_functions import ADD
from .actions_rules import REQUIRE
from .agency_figures import (
    CERTIFIED,
    DEEPEST,
    DUE,
    ENDING,
    SUSPENDED,
    FunctionNumbers,
    choices,
    narrow,
    table_of,
)
from .duty_state import DutyState, functions_of
from .evaluation import Finding, ReasonCode
from .evidence import with_leave
from .models import DecisionOverride, DutyFunction
from .permissions import CONFIRM_RULE, SEE_OVERRIDES, SET_STAFFING, rules_to_confirm, where_reviewed


def card(person: User, visibility: Visibility, by: User) -> Card | None:
    """Functions of the roles in which the person serves now, where that is seen; nothing where the person is no
    more theirs.
    """
    if not visibility.whole:
        return None
    now = clock.now()
    serving = with_leave(Posting.objects.at(now), now).filter(visibility.postings(), user=person)
    postings = list(serving.select_related("agency", "unit", "role"))
    lines = [_line(found) for found in functions_of(person, postings)]
    empty = (
        _("No function of this role needs a clearance.") if postings else _("Does not serve anywhere today.")
    )
    return Card(title=_("May do today"), today=True, lines=lines, empty=empty)


def _line(found: DutyState) -> CardLine:
    if found.cleared:
        until = _("until %(day)s") % {"day": day_text(found.last_day)} if found.last_day else ""
        said = "; ".join([*filter(None, [until]), *map(str, found.conditions)])
        return CardLine(title=found.function.name, tag=_("Yes"), kind="ok", text=said)
    tag, kind = (_("No (advice)"), "none") if found.advised else (_("No"), "bad")
    return CardLine(title=found.function.name, tag=tag, kind=kind, text="; ".join(_lacking(found.missing)))


def _lacking(found: Sequence[Finding]) -> Iterator[str]:
    """Yield which certificates are missing and which are suspended, in words."""
    suspended = {each.qualification for each in found if each.why is ReasonCode.SUSPENDED}
    if missing := {each.qualification for each in found} - suspended:
        yield _("missing: %(codes)s") % {"codes": ", ".join(sorted(missing))}
    if suspended:
        yield _("suspended: %(codes)s") % {"codes": ", ".join(sorted(suspended))}


def _late(by: User) -> int | None:
    """Return how many overruled refusals nobody reviewed in time; left out for who sees none."""
    return overrides.late(by).count() if may(by, SEE_OVERRIDES) else None


def _requirements_wait(user: User) -> Waits | None:
    if not may(user, CONFIRM_RULE):
        return None
    return proposed(
        REQUIRE,
        user,
        rules_to_confirm,
        lambda number: ngettext(
            "%(number)d proposed requirement to decide", "%(number)d proposed requirements to decide", number
        ),
        reverse("clearance:requirements"),
    )


def _functions_wait(user: User) -> Waits | None:
    if not may(user, CONFIRM_RULE):
        return None
    return proposed(
        ADD,
        user,
        rules_to_confirm,
        lambda number: ngettext(
            "%(number)d proposed function to decide", "%(number)d proposed functions to decide", number
        ),
        reverse("clearance:requirements"),
    )


waits.providers += [_requirements_wait, _functions_wait]
registry.cards.append(card)
registry.figures.append(
    HomeFigure(
        code="late-overrides",
        text=lambda number: ngettext(
            "overruled refusal without a review after 72 hours",
            "overruled refusals without a review after 72 hours",
            number,
        ),
        count=_late,
        href=lambda by: reverse("clearance:overrides"),
        attention=True,
    )
)


def agency_part(user: User, agency: Agency) -> HomePart | None:
    """Return certified, due and missing by unit and function, for the agency's own home."""
    table = table_of(agency)
    if not table.functions:
        return None
    rows = [("", _("The whole agency"), 0, table.totals)]
    rows += [(row.unit.public_id, row.unit.name, min(row.depth, DEEPEST), row.cells) for row in table.rows]
    needed = {
        function: total.needed > 0 for function, total in zip(table.functions, table.totals, strict=True)
    }
    staffing = _staffing_href(user, agency)
    context = {
        "functions": needed.items(),
        "any_needed": any(needed.values()),
        "staffing_href": staffing,
        "rows": [
            {
                "name": name,
                "depth": depth,
                "cells": [
                    _agency_cell(unit, function, cell)
                    | {"shows_needed": needed[function], "needed_href": _needed_href(unit, staffing)}
                    for function, cell in zip(table.functions, cells, strict=True)
                ],
            }
            for unit, name, depth, cells in rows
        ],
    }
    return HomePart("clearance/_agency.html", context)


def _staffing_href(user: User, agency: Agency) -> str:
    """Return the way to the page of what units need, for those who enter it; else nothing."""
    if not may(user, SET_STAFFING, agency=agency):
        return ""
    return f"{reverse('clearance:staffing')}?agency={agency.public_id}"


def _needed_href(unit: str, staffing: str) -> str:
    """Return the page of one unit; of the whole agency the list of all."""
    return reverse("clearance:staffing_of", args=[unit]) if unit and staffing else staffing


def _staffing_link(user: User) -> Link | None:
    if not may(user, SET_STAFFING):
        return None
    hint = _("Certified people for each function; what is missing stands on this page")
    return Link(text=_("How many each unit needs"), href=reverse("clearance:staffing"), hint=hint)


def _agency_cell(unit: str, function: DutyFunction, cell: FunctionNumbers) -> dict[str, Any]:
    """Return the numbers of one unit and function, each with the address of its list."""

    def href(state: str) -> str:
        query = {"unit": unit, "duty": f"{function.code}:{state}"}
        return f"{reverse('people:list')}?{urlencode({name: text for name, text in query.items() if text})}"

    return {
        "function": function,
        "number": cell.number,
        "certified": cell.certified,
        "certified_href": href(CERTIFIED),
        "due": cell.due,
        "due_text": ngettext("%(number)d is due", "%(number)d are due", cell.due) % {"number": cell.due},
        "due_href": href(DUE),
        "suspended": cell.suspended,
        "suspended_text": _suspended(cell),
        "suspended_href": href(SUSPENDED),
        "ending": cell.ending,
        "ending_text": ngettext(
            "%(number)d ends within 60 days", "%(number)d end within 60 days", cell.ending
        )
        % {"number": cell.ending},
        "ending_href": href(ENDING),
        "needed": cell.needed,
        "missing": cell.missing,
        "missing_text": ngettext("%(number)d is missing", "%(number)d are missing", cell.missing)
        % {"number": cell.missing},
        "missing_href": href(DUE),
    }


def _suspended(cell: FunctionNumbers) -> str:
    """Return how many are suspended and when the first suspension ends, in words."""
    if cell.suspended_until is None:
        return ""
    return ngettext(
        "%(number)d is suspended until %(day)s",
        "%(number)d are suspended, the first until %(day)s",
        cell.suspended,
    ) % {"number": cell.suspended, "day": day_text(clock.last_day(cell.suspended_until))}


def _overrides_wait(user: User) -> Waits | None:
    """Return overruled refusals that nobody has reviewed, of others, where `user` reviews."""
    where = where_reviewed(user)
    if not where:
        return None
    waiting = DecisionOverride.objects.filter(where.within("unit__agency", "unit"), reviewed_at=None)
    return counted(
        waiting.exclude(by__in=User.objects.records_of(user.pk)),
        "at",
        lambda number: ngettext(
            "%(number)d overruled refusal to review", "%(number)d overruled refusals to review", number
        ),
        reverse("clearance:overrides"),
    )


waits.providers.append(_overrides_wait)
registry.home_parts.append(agency_part)
registry.home_links.append(_staffing_link)
registry.filters.append(Filter(name="duty", label=gettext_lazy("Function"), choices=choices, narrow=narrow))

"""The figures on a coordinator's home: numbers, each with the way to what it counts."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import ngettext, npgettext

from . import waits
from .actions.registrars import REGISTRAR
from .extensions import HomeFigure, registry
from .models import Grant, Leave, Posting, Unit, User
from .permissions import may, reach_of, registrars_to_confirm, visible_grants
from .permissions.records import SEE
from .waits import Waits, proposed


def in_reach(by: User, field: str = "agency") -> Q:
    """Return a condition for rows of agencies whose people `by` sees."""
    reach = reach_of(by, SEE)
    return Q() if reach is None else Q(**{f"{field}__in": reach})


def link_to(name: str, query: str = "") -> Callable[[User], str]:
    """Return what leads to this page, whoever reads."""
    return lambda by: reverse(name) + query


def counted(rows: Callable[[], QuerySet[Any]]) -> Callable[[User], int]:
    """Return what counts these rows in the agencies whose people the reader sees."""
    return lambda by: rows().filter(in_reach(by)).count()


def _serving(by: User) -> int:
    return Posting.objects.current().filter(in_reach(by)).values("user").distinct().count()


def _away(by: User) -> int:
    serving = Posting.objects.current().filter(in_reach(by)).values("user")
    return Leave.objects.current().filter(user__in=serving).count()


def _outlasting(by: User) -> int | None:
    """Return the number of outlasting positions that `by` could end."""
    if not may(by, "people.grant_duty_officer"):
        return None
    queryset = visible_grants(by).filter(pk__in=Grant.objects.outlasting().values("pk"))
    return (queryset if may(by, "people.grant") else queryset.filter(position=DUTY_OFFICER)).count()


def _positions_wait(by: User) -> Waits | None:
    if not may(by, "people.confirm_registrar"):
        return None
    return proposed(
        REGISTRAR,
        by,
        registrars_to_confirm,
        lambda number: ngettext(
            "%(number)d proposed position to decide", "%(number)d proposed positions to decide", number
        ),
        reverse("people:grants"),
    )


waits.providers.append(_positions_wait)
DUTY_OFFICER = Grant.Position.DUTY_OFFICER
registry.figures += [
    HomeFigure(
        code="people",
        text=lambda number: ngettext("person in service", "people in service", number),
        count=_serving,
        href=link_to("people:list"),
    ),
    HomeFigure(
        code="away",
        text=lambda number: ngettext("on leave today", "on leave today", number),
        count=_away,
        href=link_to("people:list", "?state=away"),
    ),
    HomeFigure(
        code="units",
        text=lambda number: npgettext("figures", "unit", "units", number),
        count=counted(Unit.objects.all),
        href=link_to("people:units"),
    ),
    HomeFigure(
        code="positions-of-who-left",
        text=lambda number: ngettext(
            "position of somebody who has left", "positions of people who have left", number
        ),
        count=_outlasting,
        href=link_to("people:grants", "?state=left"),
        attention=True,
    ),
]

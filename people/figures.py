"""What stands on a coordinator's home: numbers, each with the way to what it counts."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import ngettext, npgettext

from .about import Figure, registry
from .models import Grant, Invitation, Leave, Posting, RosterImport, Unit, User
from .permissions import may, reach_of, visible_grants
from .permissions.register import SEE
from .permissions.rights import seen_corrections
from .waiting import seen_by


def in_reach(by: User, field: str = "agency") -> Q:
    """A condition for rows of agencies whose people `by` sees."""
    reach = reach_of(by, SEE)
    return Q() if reach is None else Q(**{f"{field}__in": reach})


def _to(name: str, query: str = "") -> Callable[[User], str]:
    return lambda by: reverse(name) + query


def _counted(rows: Callable[[], QuerySet[Any]]) -> Callable[[User], int]:
    return lambda by: rows().filter(in_reach(by)).count()


def _serving(by: User) -> int:
    return Posting.objects.current().filter(in_reach(by)).values("user").distinct().count()


def _away(by: User) -> int:
    serving = Posting.objects.current().filter(in_reach(by)).values("user")
    return Leave.objects.current().filter(user__in=serving).count()


def _to_decide(by: User) -> int:
    return sum(row["can_decide"] for row in seen_by(by))


def _invitations() -> QuerySet[Invitation]:
    return Invitation.objects.open()


def _corrections(by: User) -> int:
    return seen_corrections(by).filter(outcome=None).count()


def _outlasting(by: User) -> int | None:
    """Of the positions that `by` could end."""
    if not may(by, "people.grant_duty_officer"):
        return None
    found = visible_grants(by).filter(pk__in=Grant.objects.outlasting().values("pk"))
    return (found if may(by, "people.grant") else found.filter(position=DUTY_OFFICER)).count()


def _imports() -> QuerySet[RosterImport]:
    states = RosterImport.State
    open_states = (states.READING, states.MAPPING, states.CHECKED, states.APPLYING)
    return RosterImport.objects.filter(state__in=open_states)


DUTY_OFFICER = Grant.Position.DUTY_OFFICER
registry.figures += [
    Figure(
        code="people",
        text=lambda number: ngettext("person serves", "people serve", number),
        count=_serving,
        href=_to("people:list"),
    ),
    Figure(
        code="away",
        text=lambda number: ngettext("on leave today", "on leave today", number),
        count=_away,
        href=_to("people:list", "?state=away"),
    ),
    Figure(
        code="units",
        text=lambda number: npgettext("figures", "unit", "units", number),
        count=_counted(Unit.objects.all),
        href=_to("people:units"),
    ),
    Figure(
        code="invitations",
        text=lambda number: ngettext("open invitation", "open invitations", number),
        count=_counted(_invitations),
        href=_to("people:invitations"),
    ),
    Figure(
        code="rosters",
        text=lambda number: ngettext("roster under way", "rosters under way", number),
        count=_counted(_imports),
        href=_to("people:rosters"),
        attention=True,
    ),
    Figure(
        code="corrections",
        text=lambda number: ngettext("request for correction", "requests for correction", number),
        count=_corrections,
        href=_to("people:corrections"),
        attention=True,
    ),
    Figure(
        code="positions-of-who-left",
        text=lambda number: ngettext(
            "position of somebody who has left", "positions of people who have left", number
        ),
        count=_outlasting,
        href=_to("people:grants", "?state=left"),
        attention=True,
    ),
    Figure(
        code="proposals",
        text=lambda number: ngettext("waits for a second person", "wait for a second person", number),
        count=_to_decide,
        href=_to("people:proposals"),
        attention=True,
    ),
]

"""Rosters on a coordinator's home: how many are under way, and the link to them."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people import waits
from people.extensions import HomeFigure, Link, registry
from people.figures import counted, link_to
from people.models import User
from people.permissions.records import EDIT
from people.permissions.table import may, where_may
from people.waits import Waits

from .models import RosterImport
from .permissions import IMPORT


def _imports() -> QuerySet[RosterImport]:
    states = RosterImport.State
    open_states = (states.READING, states.MAPPING, states.CHECKED, states.APPLYING)
    return RosterImport.objects.filter(state__in=open_states)


def _rosters_link(user: User) -> Link | None:
    if not may(user, EDIT):
        return None
    return Link(
        text=_("Rosters"), href=reverse("rosters:rosters"), hint=_("The list of the agency as a file")
    )


def _rosters_wait(user: User) -> Waits | None:
    """Return rosters that are read and wait for somebody: columns to be named, or changes to be applied."""
    where = where_may(user, IMPORT)
    if not where:
        return None
    states = (RosterImport.State.MAPPING, RosterImport.State.CHECKED)
    rows = RosterImport.objects.filter(state__in=states)
    return waits.counted(
        rows if where.everywhere else rows.filter(agency__in=where.agencies),
        "uploaded_at",
        lambda number: ngettext(
            "%(number)d roster that is checked and not applied",
            "%(number)d rosters that are checked and not applied",
            number,
        ),
        reverse("rosters:rosters"),
    )


waits.providers.append(_rosters_wait)
registry.home_links.append(_rosters_link)
registry.figures.append(
    HomeFigure(
        code="rosters",
        text=lambda number: ngettext("roster under way", "rosters under way", number),
        count=counted(_imports),
        href=link_to("rosters:rosters"),
        attention=True,
    )
)

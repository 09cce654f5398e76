"""Work that waits for one person: what a home shows before anything else, and the menu counts.

Each app registers what waits in it. Whoever may not decide about something is not told that it waits.
"""

import copy
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from operations import clock, proposals
from operations.models import Proposal

from .models import User
from .names import name_of
from .permissions import SecondFactorNeeded

LATE = timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class Waits:
    """`text` says what waits, with its `number`; `since`: the oldest. `second`: another has proposed it already."""

    text: str
    number: int
    href: str
    since: datetime
    second: bool = False

    @property
    def late(self) -> bool:
        return clock.now() - self.since >= LATE

    @property
    def age(self) -> str:
        """Return for how long the oldest has waited, in days or hours."""
        waited = max(clock.now() - self.since, timedelta(0))
        days, hours = waited.days, waited.seconds // 3600
        if days:
            return ngettext("for %(number)d day", "for %(number)d days", days) % {"number": days}
        if not hours:
            return _("for less than an hour")
        return ngettext("for %(number)d hour", "for %(number)d hours", hours) % {"number": hours}


providers: list[Callable[[User], Waits | None]] = []


def waits_for(user: User) -> list[Waits]:
    """Return what waits for this person: decisions of a second person first, then the oldest.

    As many queries as there are kinds of work that they may do.
    """
    reader = copy.copy(user)
    reader.reads_only = True  # their positions are asked for once, also after something was changed
    try:
        found = [make(reader) for make in providers]
    except SecondFactorNeeded:
        return []
    waits = (each for each in found if each is not None)
    return sorted(waits, key=lambda each: (not each.second, each.since))


def waits_here(request: HttpRequest) -> list[Waits]:
    """Return what waits for who asks for this page; read once, for the page and its menu."""
    user = request.user
    if not isinstance(user, User):
        return []
    if not hasattr(request, "waits"):
        request.waits = waits_for(user)  # type: ignore[attr-defined]  # kept for this answer
    found: list[Waits] = request.waits  # type: ignore[attr-defined]
    return found


def told(
    number: int, since: datetime | None, text: Callable[[int], str], href: str, *, second: bool = False
) -> Waits | None:
    """Return that so many wait, the oldest since then; None where there are none."""
    if not number or since is None:
        return None
    return Waits(text=text(number) % {"number": number}, number=number, href=href, since=since, second=second)


def counted(
    rows: QuerySet[Any], since: str, text: Callable[[int], str], href: str, *, second: bool = False
) -> Waits | None:
    """Return how many rows wait and since when the oldest does, by one query; None where there are none."""
    found = rows.order_by().aggregate(number=Count("pk"), since=Min(since))
    return told(found["number"], found["since"], text, href, second=second)


def proposed(
    act: str,
    user: User,
    confirmable: Callable[[User, Iterable[Proposal]], Sequence[Proposal]],
    text: Callable[[int], str],
    href: str,
) -> Waits | None:
    """Return the proposals of this act that `user` may confirm: `confirmable` says which."""
    found = confirmable(user, proposals.waiting(act=act).select_related("proposed_by"))
    since = min((each.proposed_at for each in found), default=None)
    return told(len(found), since, text, href, second=True)


def waiting_about_people(act: str) -> list[dict[str, Any]]:
    """Return proposals of this act that can be decided, each with the person it is about. Two queries."""
    found = list(proposals.waiting(act=act).select_related("proposed_by"))
    people = User.objects.in_bulk([each.subject_id for each in found], field_name="public_id")
    rows = [(each, people[each.subject_id]) for each in found]
    return [{"proposal": each, "person": person, "name": name_of(person)} for each, person in rows]

"""Visibility: how much of one person somebody sees."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from operations import clock

from .models import Posting, User
from .permissions import reach_of
from .permissions.records import SEE

type Period = tuple[datetime, datetime | None]


@dataclass(frozen=True)
class Visibility:
    """`agencies`: whose postings (primary keys; None: all). `periods`: what falls into these alone;
    None: everything, because the person serves there now or will.
    """

    agencies: frozenset[int] | None
    periods: tuple[Period, ...] | None

    @property
    def whole(self) -> bool:
        return self.periods is None

    def covers(self, instant: datetime) -> bool:
        """Return whether what happened at that instant is to be seen."""
        return self.periods is None or any(
            start <= instant and (end is None or instant < end) for start, end in self.periods
        )

    def meets(self, start: datetime, end: datetime | None) -> bool:
        """Return whether any part of a period falls into what is to be seen."""
        return self.periods is None or any(
            (until is None or start < until) and (end is None or since < end) for since, until in self.periods
        )

    @property
    def until(self) -> datetime | None:
        """Return the end of what is seen: states are told as of then. None: as of now."""
        if self.periods is None:
            return None
        return max(end for _start, end in self.periods if end is not None) - timedelta(microseconds=1)

    def postings(self) -> Q:
        """Return a condition for postings that are to be seen."""
        return Q() if self.agencies is None else Q(agency__in=self.agencies)


def visibility_of(by: User, person: User) -> Visibility | None:
    """Return how much of the person `by` sees; None for somebody who never served in an agency of theirs, as
    known today.

    Where the person serves now, or will, all is seen but postings in other agencies. An agency that the
    person has left keeps what fell into the time there.
    """
    reach = reach_of(by, SEE)
    if reach is None:
        return Visibility(None, None)
    now = clock.now()
    postings = Posting.objects.known().filter(user=person, agency__in=reach)
    periods = tuple(postings.order_by("valid_from").values_list("valid_from", "valid_to"))
    if not periods:
        return None
    if any(end is None or end > now for _start, end in periods):
        return Visibility(reach, None)
    return Visibility(reach, periods)

"""Limits for asking whether an address or a national id is somebody else's, an agency and a day.

Each such answer says that there is such a person. So many come from mistakes of typing; more are a search,
and get no answer. Counted in the audit trail, which web and workers share and auditors read.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from operations import audit, clock
from operations.models import AuditEntry

from .models import Agency, User
from .permissions import reach_of
from .permissions.records import SEE

ACT = "people.count_guesses"
MOST = 20  # a day and agency


def counted(by: User | None) -> bool:
    """Return whether questions of `by` count: not where they see the people of every agency anyway."""
    return by is not None and reach_of(by, SEE) is not None


def used_up(agency: Agency, by: User | None) -> bool:
    """Return whether nothing more is looked up for this agency today."""
    return counted(by) and _told_today(agency) >= MOST


@contextmanager
def in_turn(agency: Agency | None, by: User | None) -> Iterator[None]:
    """Let questions of one agency be asked and counted one after another: none sees fewer than were told before it."""
    with transaction.atomic():
        if agency is not None and counted(by):
            Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
        yield


@transaction.atomic
def note(*, agency: Agency, number: int, by: User | None) -> bool:
    """Count so many more of them, which need not be told yet. False where that is too many for the day."""
    if not counted(by):
        return True
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)  # two files at once are counted in turn
    before = _told_today(agency)
    told = before < MOST and before + number <= MOST
    if number or not told:
        audit.record(
            by=by, act=ACT, subject_kind="agency", subject_id=agency.code,
            after={"number": number, "answered": told},
        )  # fmt: skip
    return told


def _told_today(agency: Agency) -> int:
    entries = AuditEntry.objects.filter(
        subject_kind="agency", subject_id=agency.code, act=ACT, at__gte=clock.start_of(clock.today())
    )
    return sum((after or {}).get("number", 0) for after in entries.values_list("after", flat=True))

"""Leave of people. The reason of an absence is kept nowhere."""

from datetime import datetime

from django.db import transaction

from operations import audit
from operations.history import revise
from people.models import Agency, Leave, Posting, User
from people.permissions import may
from people.permissions.records import POSTINGS
from people.signals import tell_service_changed

from .guards import refuse_unless


@transaction.atomic
def add_leave(
    *, person: User, agency: Agency, valid_from: datetime, valid_to: datetime | None, by: User | None
) -> Leave:
    """Enter that the person is away from the first instant until before the second; None: until further
    notice.

    agency: of the coordinator, in which the person serves then. Raise HistoryError where the person
    is away already.
    """
    refuse_unless(may(by, POSTINGS, agency=agency) and _serves(person, agency))
    [leave] = revise(insert=[Leave(user=person, valid_from=valid_from, valid_to=valid_to)], by=by)
    _record(by, "people.add_leave", None, leave)
    return leave


@transaction.atomic
def correct_leave(
    *, leave: Leave, agency: Agency, valid_from: datetime, valid_to: datetime | None, by: User | None
) -> Leave:
    """Correct when the leave began or ended. What was known before stays readable."""
    refuse_unless(may(by, POSTINGS, agency=agency) and _serves(leave.user, agency))
    [row] = revise(withdraw=[leave], insert=[leave.revised(valid_from=valid_from, valid_to=valid_to)], by=by)
    _record(by, "people.correct_leave", leave, row)
    return row


@transaction.atomic
def withdraw_leave(*, leave: Leave, agency: Agency, by: User | None, reason: str = "") -> None:
    """Withdraw leave that never was. Raise Stale where it was corrected or withdrawn since."""
    refuse_unless(may(by, POSTINGS, agency=agency) and _serves(leave.user, agency))
    revise(withdraw=[leave], by=by)
    _record(by, "people.withdraw_leave", leave, None, reason)


def _serves(person: User, agency: Agency) -> bool:
    """Return whether the person serves there now or later: leave of a person who has left is no more this
    agency's to change.
    """
    return Posting.objects.open_or_coming().filter(user=person, agency=agency).exists()


def _record(by: User | None, act: str, old: Leave | None, new: Leave | None, reason: str = "") -> None:
    person = (old or new).user  # type: ignore[union-attr]  # one of them is there
    tell_service_changed([person.pk])
    audit.record(
        by=by, act=act, subject_kind="user", subject_id=person.public_id, why=reason,
        before=old and _plain(old), after=new and _plain(new),
    )  # fmt: skip


def _plain(row: Leave) -> dict[str, str | None]:
    return {
        "valid_from": row.valid_from.isoformat(), "valid_to": row.valid_to.isoformat() if row.valid_to else None,
    }  # fmt: skip

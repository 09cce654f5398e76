"""One act for several people at once: all of it or nothing, one entry in the audit trail."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from operations import audit
from operations.history import HistoryError, revise
from people.models import Agency, Leave, Posting, Unit, User
from people.permissions.records import can_change_service
from people.signals import tell_service_changed

from .guards import refuse_unless
from .postings import plain


@transaction.atomic
def transfer_many(
    *,
    people: Sequence[User],
    agency: Agency,
    unit: Unit,
    valid_from: datetime,
    by: User | None,
    reason: str = "",
) -> int:
    """Transfer all of them to the unit from that instant, each in the own role and with the own number.

    Return how many moved; who serves in the unit then already stays untouched. Raise HistoryError, with the
    names, where somebody does not serve in the agency at that instant.
    """
    refuse_unless(can_change_service(by, people, agency) and unit.agency_id == agency.pk)
    postings = [row for row in _serving(people, agency, valid_from) if row.unit_id != unit.pk]
    new = []
    for row in postings:
        if row.valid_from < valid_from:
            new.append(row.revised(valid_to=valid_from))
        new.append(row.revised(unit=unit, valid_from=valid_from))
    revise(withdraw=postings, insert=new, by=by)
    _record(by, "people.transfer_many", agency, postings, {"unit": unit.public_id}, valid_from, reason)
    return len(postings)


@transaction.atomic
def end_many(
    *, people: Sequence[User], agency: Agency, valid_to: datetime, by: User | None, reason: str = ""
) -> int:
    """End the service of all of them in the agency at that instant. Raise what `transfer_many` raises."""
    refuse_unless(can_change_service(by, people, agency))
    postings = [row for row in _serving(people, agency, valid_to, before=True) if row.valid_to != valid_to]
    revise(withdraw=postings, insert=[row.revised(valid_to=valid_to) for row in postings], by=by)
    _record(by, "people.end_many", agency, postings, {"valid_to": valid_to.isoformat()}, valid_to, reason)
    return len(postings)


@transaction.atomic
def add_leave_many(
    *,
    people: Sequence[User],
    agency: Agency,
    valid_from: datetime,
    valid_to: datetime | None,
    by: User | None,
) -> int:
    """Enter leave for all of them. Raise HistoryError where somebody is away already or does not serve then."""
    refuse_unless(can_change_service(by, people, agency))
    postings = _serving(people, agency, valid_from)
    rows = [Leave(user=row.user, valid_from=valid_from, valid_to=valid_to) for row in postings]
    revise(insert=rows, by=by)
    until = valid_to.isoformat() if valid_to else None
    _record(by, "people.add_leave_many", agency, postings, {"valid_to": until}, valid_from)
    return len(rows)


def _serving(
    people: Sequence[User], agency: Agency, instant: datetime, *, before: bool = False
) -> list[Posting]:
    """Return one posting for each of the people in the agency; `before`: just before the instant."""
    queryset = (
        Posting.objects.known().filter(user__in=people, agency=agency).select_related("user", "unit", "role")
    )
    rows = [row for row in queryset if _covers(row, instant, before)]
    missing = {person.pk: person for person in people}
    for row in rows:
        missing.pop(row.user_id, None)
    if missing:
        names = ", ".join(person.get_short_name() for person in list(missing.values())[:5])
        raise HistoryError(_("Not serving in the agency on that day: %(names)s.") % {"names": names})
    return rows


def _covers(row: Posting, instant: datetime, before: bool) -> bool:
    if before:
        return row.valid_from < instant and (row.valid_to is None or instant <= row.valid_to)
    return row.valid_from <= instant and (row.valid_to is None or instant < row.valid_to)


def _record(
    by: User | None,
    act: str,
    agency: Agency,
    postings: list[Posting],
    after: dict[str, str | None],
    at: datetime,
    reason: str = "",
) -> None:
    if not postings:
        return
    tell_service_changed(row.user_id for row in postings)
    why = {audit.WHY: (None, reason)} if reason else {}  # with each, so that it goes with each
    audit.record(
        by=by, act=act, subject_kind="agency", subject_id=agency.code,
        after={"people": len(postings), "from": at.isoformat(), **after},
        personal={row.user.public_id: {"posting": (plain(row), after), **why} for row in postings},
    )  # fmt: skip

"""Postings. Every change is new rows: what was true and what was known stay answerable."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from operations import audit
from operations.history import HistoryError, Stale, queue_up, revise
from people.models import Agency, Posting, Role, Unit, User
from people.permissions.records import can_change_service, can_post
from people.signals import tell_service_changed

from .guards import refuse_unless


@transaction.atomic
def post(
    *,
    person: User,
    unit: Unit,
    role: Role,
    service_number: str | None,
    valid_from: datetime,
    by: User | None,
    main: bool = True,
    valid_to: datetime | None = None,
) -> Posting:
    """Post somebody to a unit. Raise HistoryError in words where the history has no room for it."""
    refuse_unless(person.is_person and can_post(by, person, unit.agency))
    posting = Posting(
        user=person, agency=unit.agency, unit=unit, role=role, service_number=service_number or None,
        main=main or None, valid_from=valid_from, valid_to=valid_to,
    )  # fmt: skip
    [posting] = revise(insert=[posting], by=by)
    _record(by, "people.post", person, [], [posting])
    return posting


@transaction.atomic
def transfer(
    *,
    person: User,
    agency: Agency,
    unit: Unit,
    role: Role,
    service_number: str | None,
    valid_from: datetime,
    by: User | None,
    reason: str = "",
) -> Posting:
    """Transfer the person at that instant to another unit of the agency, or to another role.

    What was true before stays; what was to come later in the agency stays too. Raise HistoryError
    where the person does not serve in the agency at that instant.
    """
    refuse_unless(can_change_service(by, [person], agency) and unit.agency_id == agency.pk)
    posting = Posting.objects.at(valid_from).filter(user=person, agency=agency).first()
    if posting is None:
        raise HistoryError(_("The person does not serve in the agency on that day."))
    new = posting.revised(unit=unit, role=role, service_number=service_number or None, valid_from=valid_from)
    before = [posting.revised(valid_to=valid_from)] if posting.valid_from < valid_from else []
    rows = revise(withdraw=[posting], insert=[*before, new], by=by)
    _record(by, "people.transfer", person, [posting], rows, reason)
    return rows[-1]


@dataclass(frozen=True, kw_only=True)
class PostingValues:
    """The values that a posting is corrected to."""

    unit: Unit
    role: Role
    service_number: str | None
    valid_from: datetime
    valid_to: datetime | None


@transaction.atomic
def correct_posting(*, posting: Posting, values: PostingValues, by: User | None, reason: str = "") -> Posting:
    """Correct a posting that was entered wrongly: it says something else from now on. What was known stays
    readable.

    Where another posting of the agency ends as this begins, or begins as this ends, its bound moves along.
    """
    refuse_unless(can_change_service(by, [posting.user], posting.agency))
    refuse_unless(values.unit.agency_id == posting.agency_id)
    new = posting.revised(
        unit=values.unit, role=values.role, service_number=values.service_number or None,
        valid_from=values.valid_from, valid_to=values.valid_to,
    )  # fmt: skip
    queue_up([posting])  # neighbours are read under the lock
    beside = Posting.objects.known().filter(user=posting.user_id, agency=posting.agency_id)
    withdrawn, neighbours = [posting], []
    if values.valid_from != posting.valid_from:
        for neighbour in beside.filter(valid_to=posting.valid_from):
            withdrawn.append(neighbour)
            neighbours.append(neighbour.revised(valid_to=values.valid_from))
    if posting.valid_to is not None and values.valid_to is not None and values.valid_to != posting.valid_to:
        for neighbour in beside.filter(valid_from=posting.valid_to):
            withdrawn.append(neighbour)
            neighbours.append(neighbour.revised(valid_from=values.valid_to))
    rows = revise(withdraw=withdrawn, insert=[*neighbours, new], by=by)
    _record(by, "people.correct_posting", posting.user, withdrawn, rows, reason)
    return rows[-1]


@transaction.atomic
def end_posting(*, posting: Posting, valid_to: datetime, by: User | None, reason: str = "") -> Posting:
    """End a posting at that instant."""
    refuse_unless(can_change_service(by, [posting.user], posting.agency))
    [row] = revise(withdraw=[posting], insert=[posting.revised(valid_to=valid_to)], by=by)
    _record(by, "people.end_posting", posting.user, [posting], [row], reason)
    return row


@transaction.atomic
def take_back(*, person: User, agency: Agency, at: datetime, by: User | None) -> None:
    """Undo the newest change of the person's postings in the agency: what was known before is known again.

    `at`: when that change was recorded. Raise Stale where something was recorded since, HistoryError where
    nobody undoes it alone: see `why_it_stays`.
    """
    refuse_unless(can_change_service(by, [person], agency))
    postings = Posting.objects.filter(user=person, agency=agency)
    newest = newest_change(person, agency)
    if newest is None or newest != at:
        raise Stale(_("Something has been recorded since. Look at it again."))
    if words := why_it_stays(person, agency, at):
        raise HistoryError(words)
    withdrawn = list(postings.filter(recorded_at=at, withdrawn_at=None))
    before = list(postings.filter(withdrawn_at=at))
    rows = revise(withdraw=withdrawn, insert=[row.revised() for row in before], by=by)
    _record(by, "people.take_back", person, withdrawn, rows)


def why_it_stays(person: User, agency: Agency, at: datetime) -> str:
    """Return why the change of that instant is not undone, in words; empty where it may be.

    Of a merging, what came from the other record would be lost; of what two agencies agreed to, one would
    undo its half.
    """
    if Posting.objects.filter(user__merged_into=person, withdrawn_at=at).exists():
        return _("The last change was the merging of two records. It cannot be undone.")
    elsewhere = Posting.objects.filter(user=person).exclude(agency=agency)
    if elsewhere.filter(Q(recorded_at=at) | Q(withdrawn_at=at)).exists():
        return _("The last change was agreed between two agencies. One of them cannot undo it.")
    return ""


def newest_change(person: User, agency: Agency) -> datetime | None:
    """Return the instant at which the person's postings in the agency were last changed."""
    rows = Posting.objects.filter(user=person, agency=agency).values_list("recorded_at", "withdrawn_at")
    return max((instant for row in rows for instant in row if instant is not None), default=None)


def _record(
    by: User | None, act: str, person: User, old: list[Posting], new: list[Posting], reason: str = ""
) -> None:
    tell_service_changed([person.pk])
    numbers = [row.service_number for row in old], [row.service_number for row in new]
    changed = {"service_number": numbers} if any(numbers[0]) or any(numbers[1]) else None
    audit.record(
        by=by, act=act, subject_kind="user", subject_id=person.public_id, why=reason,
        before=[plain(row) for row in old] or None,
        after=[plain(row) for row in new],
        personal={person.public_id: changed} if changed else None,
    )  # fmt: skip


def plain(row: Posting) -> dict[str, Any]:
    """Return a posting as the audit trail keeps it: no name, no number."""
    return {
        "agency": row.agency.code, "unit": row.unit.public_id, "role": row.role.code, "main": bool(row.main),
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to and row.valid_to.isoformat(),
    }  # fmt: skip

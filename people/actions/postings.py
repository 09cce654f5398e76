"""Who serves where, and who is away."""

from datetime import datetime

from django.db import transaction

from operations import audit
from operations.history import revise
from people.models import Posting, Role, Unit, User
from people.permissions import can_manage_agency

from .refusing import refuse_unless


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
    """Somebody serves in a unit. Raises HistoryError in words where the history has no room for it."""
    refuse_unless(can_manage_agency(by, unit.agency))
    posting = Posting(
        user=person, agency=unit.agency, unit=unit, role=role, service_number=service_number or None,
        main=main or None, valid_from=valid_from, valid_to=valid_to,
    )  # fmt: skip
    [posting] = revise(insert=[posting], by=by)
    after = {
        "unit": unit.public_id, "role": role.code, "main": main, "valid_from": valid_from.isoformat(),
        "valid_to": valid_to and valid_to.isoformat(),
    }  # fmt: skip
    audit.record(
        by=by, act="people.post", subject_kind="user", subject_id=person.public_id, after=after,
        personal={person.public_id: {"service_number": (None, service_number)}} if service_number else None,
    )  # fmt: skip
    return posting

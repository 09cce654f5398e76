"""Who may act in which position."""

from datetime import datetime

from django.db import transaction

from operations import audit, clock
from people.models import Agency, Grant, Unit, User
from people.permissions import can_grant

from .refusing import refuse_unless


@transaction.atomic
def grant(
    *,
    person: User,
    position: str,
    by: User | None,
    agency: Agency | None = None,
    unit: Unit | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    reason: str = "",
) -> Grant:
    """Somebody may act in a position: in one agency, in one unit and below, or everywhere.

    Nobody grants to themselves. A registrar is made by the installation, or by two people.
    """
    refuse_unless(can_grant(by, person, position, agency=agency, unit=unit))
    made = Grant(
        person=person, position=position, agency=agency, unit=unit, ends_at=ends_at, reason=reason,
        starts_at=starts_at or clock.now(), granted_by=by,
    )  # fmt: skip
    made.full_clean()
    made.save(force_insert=True)
    after = {
        "position": position, "grant": made.public_id, "agency": agency and agency.code,
        "unit": unit and unit.public_id, "starts_at": made.starts_at.isoformat(),
        "ends_at": ends_at and ends_at.isoformat(),
    }  # fmt: skip
    audit.record(
        by=by, act="people.grant", subject_kind="user", subject_id=person.public_id, reason=reason,
        after=after,
    )  # fmt: skip
    return made


@transaction.atomic
def revoke_grant(*, grant: Grant, by: User | None, reason: str = "") -> None:
    """Ends a grant now. One that was revoked before stays as it was."""
    held = Grant.objects.select_for_update().get(pk=grant.pk)
    refuse_unless(can_grant(by, held.person, held.position, agency=held.agency, unit=held.unit))
    if held.revoked_at is not None:
        return
    held.revoked_at, held.revoked_by = clock.now(), by
    held.save(update_fields=["revoked_at", "revoked_by"])
    before = {"position": held.position, "grant": held.public_id}
    audit.record(
        by=by, act="people.revoke_grant", subject_kind="user", subject_id=held.person.public_id,
        reason=reason, before=before,
    )  # fmt: skip

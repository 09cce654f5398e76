"""Changes that an operator makes: the clock is confirmed."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from . import audit, clock, clock_guard
from .models import AuditEntry, ClockConfirmation, ClockLeap

MOST_WORDS = 200


@transaction.atomic
def confirm_clock(*, reason: str, by: None) -> ClockConfirmation:
    """The clock is right now, says whoever operates the server: leaps are confirmed, and what is recorded with an
    instant still to come was recorded by a wrong clock and is left out from now on.

    By the command alone: PermissionDenied for everybody else. ValidationError without a reason.
    """
    if by is not None:
        raise PermissionDenied(_("You may not do this."))
    reason = reason.strip()
    if not reason or len(reason) > MOST_WORDS:
        raise ValidationError(_("Give a reason, in 200 characters or fewer."))
    now = clock.now()
    confirmed = ClockConfirmation.objects.create(
        at=now,
        last_entry=AuditEntry.objects.aggregate(last=Max("pk"))["last"] or 0,
        newest=clock_guard.newest_recorded(),
    )
    leaps = ClockLeap.objects.filter(confirmed_at=None).update(confirmed_at=now)
    audit.record(
        by=None, act="operations.confirm_clock", subject_kind="clock", subject_id=str(confirmed.pk), reason=reason,
        after={"newest": confirmed.newest, "leaps": leaps},
    )  # fmt: skip
    clock_guard.forget()
    return confirmed

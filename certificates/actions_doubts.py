"""A certificate never falls by itself: registrars decide when its exam counts no longer as passed."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Attempt
from operations import audit, clock
from people.actions.grants import tell
from people.models import Grant, User

from . import doubts, permissions
from .models import Award, AwardInDoubt, Certificate
from .state import State, state_at

OVER = {State.VOID, State.REVOKED, State.SUPERSEDED, State.EXPIRED}


@transaction.atomic
def doubt_award(*, attempt: Attempt, by: None) -> AwardInDoubt | None:
    """Put an award before the registrars whose exam is not passed by its newest marks; None where none waits.

    Passed again, what waited is settled. Runs in the transaction of the marks; a second call changes nothing.
    """
    award = Award.objects.filter(cause=f"attempt:{attempt.public_id}").first()
    marking = attempt.marking
    if award is None or marking is None:
        return None
    if _is_over(award):
        return None
    if attempt.passed:
        doubts.settle(award, AwardInDoubt.Outcome.PASSED, at=marking.made_at, by=None)
        return None
    why = AwardInDoubt.Why.ANNULLED if attempt.is_annulled else AwardInDoubt.Why.NOT_PASSED
    if doubts.waiting().filter(award=award).exists():
        return None
    doubt, new = AwardInDoubt.objects.get_or_create(
        marking=marking.public_id, defaults={"award": award, "why": why, "raised_at": marking.made_at}
    )
    if new:
        audit.record(
            by=by, act="certificates.doubt_award", subject_kind="award", subject_id=award.public_id,
            reason=why, after={"attempt": attempt.public_id, "marking": marking.number},
        )  # fmt: skip
        tell("certificates.in_doubt", doubt.public_id, positions=[Grant.Position.REGISTRAR], but=set())
    return doubt


def _is_over(award: Award) -> bool:
    """Return whether its certificate is in force no more anyway."""
    certificate = Certificate.objects.filter(award=award).first()
    return certificate is not None and state_at(certificate).state in OVER


@transaction.atomic
def leave_in_force(*, doubt: AwardInDoubt, reason: str, by: User) -> AwardInDoubt:
    """A registrar decides that the certificate stays. ValidationError: decided already, no reason from the list."""
    doubt = (
        AwardInDoubt.objects.select_for_update(of=("self",)).select_related("award__person").get(pk=doubt.pk)
    )
    if not permissions.can_leave_in_force(by, doubt.award):
        raise PermissionDenied(_("Only a registrar may decide this, and not about their own certificate."))
    if doubt.outcome is not None:
        raise ValidationError(_("This has been decided already."))
    if reason not in AwardInDoubt.WhyStays.values:
        raise ValidationError(_("Choose a reason from the list."))
    doubt.outcome, doubt.reason = AwardInDoubt.Outcome.STAYS, reason
    doubt.decided_at, doubt.decided_by = clock.now(), by
    doubt.save(update_fields=["outcome", "reason", "decided_at", "decided_by"])
    audit.record(
        by=by, act="certificates.leave_in_force", subject_kind="award", subject_id=doubt.award.public_id,
        reason=reason,
    )  # fmt: skip
    return doubt

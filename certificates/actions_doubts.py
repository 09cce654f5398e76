"""A certificate never falls by itself: registrars decide when its exam counts no longer as passed."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.models import Attempt, Marking
from operations import audit, clock
from people.actions.grants import tell
from people.models import Grant, User

from . import doubts, permissions
from .holding import awards_of
from .models import Award, AwardInDoubt


@transaction.atomic
def doubt_awards(*, attempt: Attempt, by: None) -> list[AwardInDoubt]:
    """Put each award before the registrars that rests on an exam which is not passed by its newest marks.

    Passed again, what waited is settled. Runs in the transaction of the marks; a second call changes nothing.
    """
    marking = attempt.marking
    if marking is None:
        return []
    awards = [each for each in awards_of(attempt) if not doubts.is_over(each)]
    raised = [_follow(award, attempt, marking) for award in awards]
    return [doubt for doubt in raised if doubt is not None]


def _follow(award: Award, attempt: Attempt, marking: Marking) -> AwardInDoubt | None:
    if attempt.passed:
        doubts.settle(award, AwardInDoubt.Outcome.PASSED, at=marking.made_at, by=None)
        return None
    why = AwardInDoubt.Why.ANNULLED if attempt.is_annulled else AwardInDoubt.Why.NOT_PASSED
    if doubts.waiting().filter(award=award).exists():
        return None
    doubt, new = AwardInDoubt.objects.get_or_create(
        award=award, marking=marking.public_id, defaults={"why": why, "raised_at": marking.made_at}
    )
    if new:
        audit.record(
            by=None, act="certificates.doubt_award", subject_kind="award", subject_id=award.public_id,
            reason=why, after={"attempt": attempt.public_id, "marking": marking.number},
        )  # fmt: skip
        tell("certificates.in_doubt", doubt.public_id, positions=[Grant.Position.REGISTRAR], but=set())
    return doubt


@transaction.atomic
def leave_in_force(*, doubt: AwardInDoubt, reason: str, by: User) -> AwardInDoubt:
    """A registrar decides that the certificate stays. ValidationError: decided already, no reason that is true of it."""
    doubt = (
        AwardInDoubt.objects.select_for_update(of=("self",)).select_related("award__person").get(pk=doubt.pk)
    )
    if not permissions.can_leave_in_force(by, doubt):
        raise PermissionDenied(permissions.DOUBT_OF_OTHERS)
    if doubt.outcome is not None:
        raise ValidationError(_("This has been decided already."))
    if reason not in doubts.reasons_to_stay(doubt):
        raise ValidationError(_("Choose a reason from the list."))
    doubt.outcome, doubt.reason = AwardInDoubt.Outcome.STAYS, reason
    doubt.decided_at, doubt.decided_by = clock.now(), by
    doubt.save(update_fields=["outcome", "reason", "decided_at", "decided_by"])
    audit.record(
        by=by, act="certificates.leave_in_force", subject_kind="award", subject_id=doubt.award.public_id,
        reason=reason,
    )  # fmt: skip
    return doubt

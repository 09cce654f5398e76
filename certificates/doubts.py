"""Awards whose exam counts no longer as passed: which wait, and how one is settled."""

from datetime import datetime

from django.db.models import QuerySet

from assessments.models import Attempt, Marking
from people.models import User

from .models import Award, AwardInDoubt, Certificate
from .state import State, state_at

OVER = {State.VOID, State.REVOKED, State.SUPERSEDED, State.ENDED, State.EXPIRED}


def waiting() -> QuerySet[AwardInDoubt]:
    """Return those that wait for registrars, oldest first."""
    return AwardInDoubt.objects.filter(outcome=None).order_by("raised_at", "pk")


def settle(award: Award, outcome: AwardInDoubt.Outcome, *, at: datetime, by: User | None) -> None:
    """Close what waits about the award, in the transaction of what closed it."""
    AwardInDoubt.objects.filter(award=award, outcome=None).update(
        outcome=outcome, decided_at=at, decided_by=by
    )


def is_over(award: Award) -> bool:
    """Return whether its certificate is in force no more anyway."""
    certificate = Certificate.objects.filter(award=award).first()
    return certificate is not None and state_at(certificate).state in OVER


def reasons_to_stay(doubt: AwardInDoubt) -> list[AwardInDoubt.WhyStays]:
    """Return the reasons that are true of it: what is known here is not left to who decides."""
    reasons = [AwardInDoubt.WhyStays.NO_FAULT]
    if _passed_since(doubt):
        reasons.insert(0, AwardInDoubt.WhyStays.ANOTHER_PASS)
    if is_over(doubt.award):
        reasons.insert(0, AwardInDoubt.WhyStays.NOT_IN_FORCE)
    return reasons


def _passed_since(doubt: AwardInDoubt) -> bool:
    """Return whether the person has passed the same exam again, after the attempt that counts no longer."""
    marking = Marking.objects.select_related("attempt").filter(public_id=doubt.marking).first()
    if marking is None:
        return False
    attempt = marking.attempt
    later = Attempt.objects.taken_by(doubt.award.person.surviving.pk).counting()
    return later.filter(blueprint=attempt.blueprint_id, passed=True, closed_at__gt=attempt.closed_at).exists()

"""Awards whose exam counts no longer as passed: which wait, and how one is settled."""

from datetime import datetime

from django.db.models import QuerySet

from people.models import User

from .models import Award, AwardInDoubt


def waiting() -> QuerySet[AwardInDoubt]:
    """Return those that wait for registrars, oldest first."""
    return AwardInDoubt.objects.filter(outcome=None).order_by("raised_at", "pk")


def settle(award: Award, outcome: AwardInDoubt.Outcome, *, at: datetime, by: User | None) -> None:
    """Close what waits about the award, in the transaction of what closed it."""
    AwardInDoubt.objects.filter(award=award, outcome=None).update(
        outcome=outcome, decided_at=at, decided_by=by
    )

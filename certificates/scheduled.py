"""What is due by itself: status lists are re-signed, slow proofs verified every night."""

from datetime import datetime, time, timedelta

from operations.schedule import scheduled

from . import checking, lists
from .models import Certificate


@scheduled("certificates.sign_lists", every=timedelta(hours=1))
def sign_lists(now: datetime) -> None:
    lists.sign_ageing(now)


@scheduled("certificates.check_proofs", every=timedelta(days=1), at=time(3))
def check_proofs(now: datetime) -> None:
    """Every certificate whose slow proofs were not verified within the last 20 hours."""
    waiting = Certificate.objects.exclude(check_record__checked_at__gt=now - timedelta(hours=20))
    for pk in list(waiting.values_list("pk", flat=True)):
        checking.check_slow_proofs(Certificate.objects.with_all().get(pk=pk))

"""What certificates do when something happens to the left: one action each."""

from typing import Any

from django.dispatch import receiver

from assessments.models import Attempt
from assessments.signals import attempt_closed

from . import actions


@receiver(attempt_closed, sender=Attempt)
def award_what_was_earned(sender: type[Attempt], attempt: Attempt, **kwargs: Any) -> None:
    actions.award(attempt=attempt, by=None)

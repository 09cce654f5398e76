"""Receivers of certificates for what happens in apps to the left: one action each."""

from typing import Any

from django.dispatch import receiver

from assessments.models import Attempt, Marking
from assessments.signals import attempt_closed, attempt_remarked
from people.models import User
from privacy.erasure import Erasure
from privacy.export import Export
from privacy.signals import person_erasing, person_exporting

from . import actions, actions_doubts, personal_data


@receiver(attempt_closed, sender=Attempt)
def award_what_was_earned(sender: type[Attempt], attempt: Attempt, **kwargs: Any) -> None:
    actions.award(attempt=attempt, by=None)


@receiver(attempt_remarked, sender=Attempt)
def follow_the_marks(sender: type[Attempt], attempt: Attempt, before: Marking, **kwargs: Any) -> None:
    actions.award(attempt=attempt, by=None)
    actions_doubts.doubt_award(attempt=attempt, by=None)


@receiver(person_exporting, sender=User)
def export_own_rows(sender: type[User], export: Export, **kwargs: Any) -> None:
    personal_data.export_rows(export)


@receiver(person_erasing, sender=User)
def erase_own_rows(sender: type[User], erasure: Erasure, **kwargs: Any) -> None:
    personal_data.erase(erasure)

"""Receivers of certificates for what happens in apps to the left: one action each."""

from typing import Any

from django.dispatch import receiver

from assessments.models import Attempt, Marking
from assessments.signals import attempt_closed, attempt_remarked
from people.models import User
from privacy.erasure import Erasure
from privacy.export import Export
from privacy.signals import person_erasing, person_exporting

from . import actions, actions_doubts, actions_law, actions_life, personal_data
from .models import Certificate, CertificateEvent
from .signals import certificate_changed, certificate_issued

Kind = CertificateEvent.Kind
MAY_END_AN_OLDER = frozenset({Kind.REVOKED, Kind.VOIDED, Kind.ENDED, Kind.REINSTATED})  # by changed rules


@receiver(attempt_closed, sender=Attempt)
def award_what_was_earned(sender: type[Attempt], attempt: Attempt, **kwargs: Any) -> None:
    actions.award(attempt=attempt, by=None)


@receiver(attempt_remarked, sender=Attempt)
def follow_the_marks(sender: type[Attempt], attempt: Attempt, before: Marking, **kwargs: Any) -> None:
    actions.award(attempt=attempt, by=None)
    actions_doubts.doubt_awards(attempt=attempt, by=None)


@receiver(certificate_issued, sender=Certificate)
def revoke_what_comes_too_late(sender: type[Certificate], certificate: Certificate, **kwargs: Any) -> None:
    actions_life.revoke_with_the_others(certificate=certificate, by=None)
    actions_law.end_of_holder(certificate=certificate, by=None)


@receiver(certificate_changed, sender=Certificate)
def end_what_changed_rules_end(
    sender: type[Certificate], certificate: Certificate, event: CertificateEvent, **kwargs: Any
) -> None:
    if event.kind in MAY_END_AN_OLDER and event.reason != CertificateEvent.Reason.LAW_CHANGED:
        actions_law.end_of_holder(certificate=certificate, by=None)


@receiver(person_exporting, sender=User)
def export_own_rows(sender: type[User], export: Export, **kwargs: Any) -> None:
    personal_data.export_rows(export)


@receiver(person_erasing, sender=User)
def erase_own_rows(sender: type[User], erasure: Erasure, **kwargs: Any) -> None:
    personal_data.erase(erasure)

"""A person's own data in privacy itself and in the apps to its left; requests of merged records."""

from typing import Any

from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.utils.translation import gettext as _

from merging.signals import person_merged
from people.models import User

from . import (
    erasing_accounts,
    erasing_operations,
    erasing_people,
    exporting_accounts,
    exporting_operations,
    exporting_people,
)
from .erasure import Erasure
from .export import Export
from .models import CorrectionRequest
from .permissions import is_about_to_be_erased
from .signals import person_exporting, record_erasing


@receiver(person_exporting, sender=User)
def export_own_rows(sender: type[User], export: Export, **kwargs: Any) -> None:
    exporting_people.export_rows(export)
    exporting_accounts.export_rows(export)
    exporting_operations.export_rows(export)


@receiver(record_erasing, sender=User)
def erase_own_rows(sender: type[User], erasure: Erasure, **kwargs: Any) -> None:
    erasing_operations.erase(erasure)  # while the address is known, by which error messages are found
    erasing_people.erase(erasure)
    erasing_accounts.erase(erasure)


@receiver(person_merged, sender=User)
def refuse_while_erased(sender: type[User], kept: User, gone: User, **kwargs: Any) -> None:
    """Raise ValidationError: what was confirmed of one record is not done to both, nor to the one left empty."""
    if is_about_to_be_erased([kept, gone]):
        raise ValidationError(
            _("The data of one of the two are about to be erased: they can no longer be merged.")
        )


@receiver(person_merged, sender=User)
def carry_requests_over(sender: type[User], kept: User, gone: User, **kwargs: Any) -> None:
    CorrectionRequest.objects.filter(person=gone).update(person=kept)

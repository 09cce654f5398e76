"""A person's own data, as privacy asks for it; records that were merged keep their lines."""

from typing import Any

from django.dispatch import receiver

from people.models import User
from privacy.erasure import Erasure
from privacy.export import Export
from privacy.signals import person_erasing, person_exporting

from . import personal_data


@receiver(person_exporting, sender=User)
def export_own_rows(sender: type[User], export: Export, **kwargs: Any) -> None:
    personal_data.export_rows(export)


@receiver(person_erasing, sender=User)
def erase_own_rows(sender: type[User], erasure: Erasure, **kwargs: Any) -> None:
    personal_data.erase_rows(erasure)

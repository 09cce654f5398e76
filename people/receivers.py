"""What people does when it hears of something: it serves its own rows, and those of operations and of
signing in, which stand to its left.
"""

from typing import Any

from django.dispatch import receiver

from .models import User
from .rights import (
    erasing_operations,
    erasing_people,
    erasing_sign_in,
    exporting_operations,
    exporting_people,
    exporting_sign_in,
)
from .rights.erasure import Erasure
from .rights.export import Export
from .signals import person_erasing, person_exporting


@receiver(person_exporting, sender=User)
def export_own_rows(sender: type[User], export: Export, **kwargs: Any) -> None:
    exporting_people.export_rows(export)
    exporting_sign_in.export_rows(export)
    exporting_operations.export_rows(export)


@receiver(person_erasing, sender=User)
def erase_own_rows(sender: type[User], erasure: Erasure, **kwargs: Any) -> None:
    erasing_operations.erase(erasure)  # while the address is known, by which error messages are found
    erasing_people.erase(erasure)
    erasing_sign_in.erase(erasure)

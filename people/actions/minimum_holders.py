"""The number of people that some positions need, so that two pairs of eyes can still run the installation."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.models import Grant, User

NEEDED = {Grant.Position.REGISTRAR: 2, Grant.Position.ADMINISTRATOR: 1}


def check_enough_stay(*, without: User, positions: Iterable[str] = tuple(NEEDED)) -> None:
    """Raise ValidationError where fewer than two registrars or one administrator would be left without this
    person.

    Holders of a closed account do not count. Within a transaction: two who leave wait for each other.
    """
    for position in positions:
        needed = NEEDED.get(Grant.Position(position), 0)
        live = Grant.objects.live().filter(position=position, agency=None, unit=None)
        holders = list(live.select_for_update().order_by("pk").values_list("person", flat=True))
        acting = User.objects.active().not_erased().filter(pk__in=holders)
        counted = set(acting.values_list("pk", flat=True))
        if without.pk in counted and len(counted) <= needed:
            raise ValidationError(_words(position, needed))


def _words(position: str, needed: int) -> str:
    if position == Grant.Position.REGISTRAR:
        text = ngettext(
            "At least %(number)d registrar must stay. Make another one first.",
            "At least %(number)d registrars must stay. Make another one first.",
            needed,
        )
        return text % {"number": needed}
    return _("At least one administrator must stay. Give the position to somebody else first.")

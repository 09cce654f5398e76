"""Changes: how many certified people a unit needs for a function."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from operations import audit
from people.models import Unit, User
from people.permissions import may

from .models import MOST_NEEDED, DutyFunction, Staffing
from .permissions import SET_STAFFING
from .staffing import changes, entered


@transaction.atomic
def set_staffing(*, unit: Unit, numbers: Mapping[str, int], by: User | None) -> dict[str, tuple[int, int]]:
    """Enter how many the unit itself needs, by code of the function: the whole of it, 0 or nothing for none.

    Return what changed, {code: (before, after)}. ValidationError: a function that is not there, or a number that cannot be.
    """
    if not may(by, SET_STAFFING, agency=unit.agency):
        raise PermissionDenied(_("You may not do this."))
    functions = {function.code: function for function in DutyFunction.objects.filter(code__in=numbers)}
    if numbers.keys() - functions.keys():
        raise ValidationError(_("Choose functions that are there."))
    if not all(0 <= number <= MOST_NEEDED for number in numbers.values()):
        raise ValidationError(_("Enter a number from 0 to %(most)d.") % {"most": MOST_NEEDED})
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    changed = changes(entered(unit), {code: number for code, number in numbers.items() if number})
    for code, (_before, after) in changed.items():
        if after:
            Staffing.objects.update_or_create(unit=unit, function=functions[code], defaults={"number": after})
    gone = [code for code, (_before, after) in changed.items() if not after]
    Staffing.objects.filter(unit=unit, function__code__in=gone).delete()
    if changed:
        earlier, now = ({code: pair[place] for code, pair in changed.items()} for place in (0, 1))
        audit.record(
            by=by, act="clearance.set_staffing", subject_kind="unit", subject_id=unit.public_id,
            before={"needed": earlier}, after={"needed": now},
        )  # fmt: skip
    return changed

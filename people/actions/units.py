"""Units of an agency: what they are called, what stands above them, by which telephone they are reached."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from locales.text import fold
from operations import audit
from people.models import Agency, Unit, User
from people.permissions import may
from people.permissions.holding import units_below
from people.permissions.records import UNITS

from .agencies import named
from .guards import refuse_unless


def free_code(agency: Agency, name: str) -> str:
    """Return a code for a unit made of its name, which no unit of the agency has."""
    stem = slugify(fold(name))[:36] or "unit"
    taken = set(Unit.objects.filter(agency=agency, code__startswith=stem).values_list("code", flat=True))
    return next(code for number in range(1, 10_000) if (code := _numbered(stem, number)) not in taken)


def _numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}-{number}"


@transaction.atomic
def edit_unit(
    *,
    unit: Unit,
    names: Mapping[str, str],
    kind: str,
    parent: Unit | None,
    district: str,
    duty_telephone: str,
    by: User | None,
) -> None:
    """Change a unit's names, kind, place and telephone. All below it moves along; people stay in it."""
    refuse_unless(may(by, UNITS, agency=unit.agency))
    Agency.objects.select_for_update(no_key=True).get(pk=unit.agency_id)  # two moves make no circle
    stored = Unit.objects.get(pk=unit.pk)
    if parent is not None:
        _refuse_wrong_place(stored, parent)
    values = {**named(names), "kind": kind, "district": district, "duty_telephone": duty_telephone}
    before: dict[str, Any] = {
        name: getattr(stored, name) for name in values if getattr(stored, name) != values[name]
    }
    after: dict[str, Any] = {name: values[name] for name in before}
    if stored.parent_id != (parent and parent.pk):
        before["parent"], after["parent"] = (
            stored.parent and stored.parent.public_id,
            parent and parent.public_id,
        )
        stored.parent = parent
    if not before:
        return
    for name in after.keys() & values.keys():
        setattr(stored, name, values[name])
    stored.full_clean()
    stored.save(update_fields=list(before))
    audit.record(
        by=by, act="people.edit_unit", subject_kind="unit", subject_id=stored.public_id, before=before,
        after=after,
    )  # fmt: skip


def _refuse_wrong_place(unit: Unit, parent: Unit) -> None:
    if parent.agency_id != unit.agency_id:
        raise ValidationError({"parent": _("The unit above belongs to another agency.")})
    if parent.pk in units_below([unit.pk]):
        raise ValidationError({"parent": _("A unit cannot stand below itself.")})

"""Agencies, units, roles."""

import unicodedata
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from locales.languages import LANGUAGES
from operations import audit
from people.models import Agency, Role, Unit, User
from people.names import refuse_not_drawn
from people.permissions import can_manage_accounts, can_manage_agency

from .guards import refuse_unless


def named(names: Mapping[str, str]) -> dict[str, str]:
    """Return {"az": …} as columns; every language must be there, in letters that certificates print."""
    missing = [language for language in LANGUAGES if not names.get(language, "").strip()]
    if missing:
        raise ValidationError(_("A name is missing in: %(languages)s.") % {"languages": ", ".join(missing)})
    for text in names.values():
        refuse_not_drawn(text)
    return {f"name_{language}": unicodedata.normalize("NFC", names[language]) for language in names}


@transaction.atomic
def add_agency(*, code: str, kind: str, names: Mapping[str, str], by: User | None) -> Agency:
    refuse_unless(can_manage_accounts(by))
    agency = Agency(code=code, kind=kind, **named(names))
    agency.full_clean()
    agency.save(force_insert=True)
    _record(by, "people.add_agency", agency, code, {"kind": kind, "names": dict(names)})
    return agency


@transaction.atomic
def save_agency(*, code: str, kind: str, names: Mapping[str, str], by: User | None) -> Agency:
    """Make the agency with this code as described, or change it; leave it untouched where it is so already."""
    refuse_unless(can_manage_accounts(by))
    agency = Agency.objects.select_for_update().filter(code=code).first()
    if agency is None:
        return add_agency(code=code, kind=kind, names=names, by=by)
    _rewrite(agency, {"kind": kind, **named(names)}, act="people.save_agency", by=by)
    return agency


@transaction.atomic
def add_unit(
    *,
    agency: Agency,
    code: str,
    names: Mapping[str, str],
    by: User | None,
    kind: str = Unit.Kind.LOCAL,
    parent: Unit | None = None,
    district: str = "",
    duty_telephone: str = "",
) -> Unit:
    """Add a part of an agency. Its parent is of the same agency."""
    refuse_unless(can_manage_agency(by, agency))
    if parent is not None and parent.agency_id != agency.pk:
        raise ValidationError(_("The unit above belongs to another agency."))
    unit = Unit(
        agency=agency, code=code, kind=kind, parent=parent, district=district,
        duty_telephone=duty_telephone, **named(names),
    )  # fmt: skip
    unit.full_clean()
    unit.save(force_insert=True)
    after = {"agency": agency.code, "kind": kind, "names": dict(names), "duty_telephone": duty_telephone}
    _record(by, "people.add_unit", unit, unit.public_id, after)
    return unit


@transaction.atomic
def save_role(*, code: str, names: Mapping[str, str], by: User | None) -> Role:
    """Make the role with this code as described, or change it; leave it untouched where it is so already."""
    refuse_unless(can_manage_accounts(by))
    role = Role.objects.select_for_update().filter(code=code).first()
    if role is None:
        role = Role(code=code, **named(names))
        role.full_clean()
        role.save(force_insert=True)
        _record(by, "people.save_role", role, code, {"names": dict(names)})
    else:
        _rewrite(role, named(names), act="people.save_role", by=by)
    return role


def _rewrite(thing: Agency | Role, values: dict[str, str], *, act: str, by: User | None) -> None:
    before = {field: getattr(thing, field) for field in values if getattr(thing, field) != values[field]}
    if not before:
        return
    for field in before:
        setattr(thing, field, values[field])
    thing.full_clean()
    thing.save(update_fields=list(before))
    after = {field: values[field] for field in before}
    audit.record(
        by=by, act=act, subject_kind=thing._meta.model_name or "", subject_id=thing.code,
        before=before, after=after,
    )  # fmt: skip


def _record(by: User | None, act: str, thing: Agency | Unit | Role, key: str, after: object) -> None:
    audit.record(by=by, act=act, subject_kind=thing._meta.model_name or "", subject_id=key, after=after)

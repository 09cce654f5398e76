"""Changes to the register of people: agencies, units, people, postings, grants.

Each returns what it made, refuses in words (PermissionDenied, ValidationError, HistoryError), and
leaves an entry in the audit trail. `by=None` is the installation itself.
"""

import unicodedata
from collections.abc import Mapping
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from locales.text import fold, foreign_letter
from operations import audit, clock
from operations.history import revise

from .models import Agency, Grant, Posting, Role, Unit, User
from .permissions import can_grant, can_manage_accounts, can_manage_agency, can_set_password

NAMES = ("family_name", "given_name", "father_name")
LATIN = ("family_name_latin", "given_name_latin")
CYRILLIC = ("family_name_cyrillic", "given_name_cyrillic", "father_name_cyrillic")


def _refuse_unless(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied(_("You may not do this."))


def _named(names: Mapping[str, str]) -> dict[str, str]:
    """{"az": …} as columns; every language must be there."""
    missing = [language for language in ("az", "en", "ru") if not names.get(language, "").strip()]
    if missing:
        raise ValidationError(_("A name is missing in: %(languages)s.") % {"languages": ", ".join(missing)})
    return {f"name_{language}": unicodedata.normalize("NFC", names[language]) for language in names}


def written(text: str) -> str:
    """A part of a name as it is kept: composed letters, single spaces, one script a word.

    Raises ValidationError that names the letter of another script (a Cyrillic `а` in a Latin word).
    """
    text = " ".join(unicodedata.normalize("NFC", text).split())
    for word in text.split():
        if letter := foreign_letter(word):
            raise ValidationError(
                _("The letter “%(letter)s” in “%(word)s” belongs to another script.")
                % {"letter": letter, "word": word}
            )
    return text


# --- agencies, units, roles -----------------------------------------------------------------------


@transaction.atomic
def add_agency(*, code: str, kind: str, names: Mapping[str, str], by: User | None) -> Agency:
    _refuse_unless(can_manage_accounts(by))
    agency = Agency(code=code, kind=kind, **_named(names))
    agency.full_clean()
    agency.save(force_insert=True)
    _record(by, "people.add_agency", agency, code, {"kind": kind, "names": dict(names)})
    return agency


@transaction.atomic
def save_agency(*, code: str, kind: str, names: Mapping[str, str], by: User | None) -> Agency:
    """The agency with this code as described; made where there is none, untouched where it is so."""
    _refuse_unless(can_manage_accounts(by))
    agency = Agency.objects.select_for_update().filter(code=code).first()
    if agency is None:
        return add_agency(code=code, kind=kind, names=names, by=by)
    _rewrite(agency, {"kind": kind, **_named(names)}, act="people.save_agency", by=by)
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
    """A part of an agency. Its parent is of the same agency."""
    _refuse_unless(can_manage_agency(by, agency))
    if parent is not None and parent.agency_id != agency.pk:
        raise ValidationError(_("The unit above belongs to another agency."))
    unit = Unit(
        agency=agency, code=code, kind=kind, parent=parent, district=district,
        duty_telephone=duty_telephone, **_named(names),
    )  # fmt: skip
    unit.full_clean()
    unit.save(force_insert=True)
    after = {"agency": agency.code, "kind": kind, "names": dict(names), "duty_telephone": duty_telephone}
    _record(by, "people.add_unit", unit, unit.public_id, after)
    return unit


@transaction.atomic
def save_role(*, code: str, names: Mapping[str, str], by: User | None) -> Role:
    """The role with this code as described; made where there is none, untouched where it is so."""
    _refuse_unless(can_manage_accounts(by))
    role = Role.objects.select_for_update().filter(code=code).first()
    if role is None:
        role = Role(code=code, **_named(names))
        role.full_clean()
        role.save(force_insert=True)
        _record(by, "people.save_role", role, code, {"names": dict(names)})
    else:
        _rewrite(role, _named(names), act="people.save_role", by=by)
    return role


add_role = save_role


def _rewrite(thing: Agency | Role, wanted: dict[str, str], *, act: str, by: User | None) -> None:
    before = {field: getattr(thing, field) for field in wanted if getattr(thing, field) != wanted[field]}
    if not before:
        return
    for field in before:
        setattr(thing, field, wanted[field])
    thing.full_clean()
    thing.save(update_fields=list(before))
    after = {field: wanted[field] for field in before}
    audit.record(
        by=by, act=act, subject_kind=thing._meta.model_name or "", subject_id=thing.code,
        before=before, after=after,
    )  # fmt: skip


def _record(by: User | None, act: str, thing: Agency | Unit | Role, key: str, after: object) -> None:
    audit.record(by=by, act=act, subject_kind=thing._meta.model_name or "", subject_id=key, after=after)


# --- people ---------------------------------------------------------------------------------------


@transaction.atomic
def add_person(
    *,
    family_name: str,
    given_name: str,
    by: User | None,
    father_name: str = "",
    email: str | None = None,
    language: str = "az",
    sex: str = "",
    spoken_languages: tuple[str, ...] = (),
    supervisor: User | None = None,
    agency: Agency | None = None,
    latin: tuple[str, str] = ("", ""),
    cyrillic: tuple[str, str, str] = ("", "", ""),
) -> User:
    """A person, without password or posting. The address, where given, counts as verified.

    latin: family and given name as the passport spells them; cyrillic: family, given, father's name.
    agency: where a coordinator adds somebody, the coordinator's own.
    """
    _refuse_unless(can_manage_accounts(by) or (agency is not None and can_manage_agency(by, agency)))
    parts = [family_name, given_name, father_name, *latin, *cyrillic]
    names = dict(zip((*NAMES, *LATIN, *CYRILLIC), map(written, parts), strict=True))
    person = User(
        **names,
        email=email.strip().lower() if email else None,
        language=language,
        sex=sex,
        spoken_languages=list(spoken_languages),
        supervisor=supervisor,
        folded_name=fold(" ".join(names[part] for part in NAMES))[:200],
    )
    person.set_unusable_password()
    person.full_clean()
    person.save(force_insert=True)
    if person.email:
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    _record_person(by, person, {**names, "email": person.email})
    return person


def _record_person(by: User | None, person: User, values: Mapping[str, str | None]) -> None:
    personal = {field: (None, value) for field, value in values.items() if value}
    audit.record(
        by=by, act="people.add_person", subject_kind="user", subject_id=person.public_id,
        personal={person.public_id: personal},
    )  # fmt: skip


@transaction.atomic
def set_password(*, person: User, password: str, by: User | None) -> None:
    """One's own, or an administrator's for another. Raises ValidationError for a weak one.

    Not for who holds a registrar's, rule owner's or auditor's grant: an administrator who could sign in as
    two registrars would be both pairs of eyes.
    """
    _refuse_unless(by == person or can_set_password(by, person))
    validate_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    audit.record(by=by, act="people.set_password", subject_kind="user", subject_id=person.public_id)


@transaction.atomic
def post(
    *,
    person: User,
    unit: Unit,
    role: Role,
    service_number: str | None,
    valid_from: datetime,
    by: User | None,
    main: bool = True,
    valid_to: datetime | None = None,
) -> Posting:
    """Somebody serves in a unit. Raises HistoryError in words where the history has no room for it."""
    _refuse_unless(can_manage_agency(by, unit.agency))
    posting = Posting(
        user=person, agency=unit.agency, unit=unit, role=role, service_number=service_number or None,
        main=main or None, valid_from=valid_from, valid_to=valid_to,
    )  # fmt: skip
    [posting] = revise(insert=[posting], by=by)
    after = {
        "unit": unit.public_id, "role": role.code, "main": main, "valid_from": valid_from.isoformat(),
        "valid_to": valid_to and valid_to.isoformat(),
    }  # fmt: skip
    audit.record(
        by=by, act="people.post", subject_kind="user", subject_id=person.public_id, after=after,
        personal={person.public_id: {"service_number": (None, service_number)}} if service_number else None,
    )  # fmt: skip
    return posting


# --- positions ------------------------------------------------------------------------------------


@transaction.atomic
def grant(
    *,
    person: User,
    position: str,
    by: User | None,
    agency: Agency | None = None,
    unit: Unit | None = None,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    reason: str = "",
) -> Grant:
    """Somebody may act in a position: in one agency, in one unit and below, or everywhere.

    Nobody grants to themselves. A registrar is made by the installation, or by two people.
    """
    _refuse_unless(can_grant(by, person, position, agency=agency, unit=unit))
    made = Grant(
        person=person, position=position, agency=agency, unit=unit, ends_at=ends_at, reason=reason,
        starts_at=starts_at or clock.now(), granted_by=by,
    )  # fmt: skip
    made.full_clean()
    made.save(force_insert=True)
    after = {
        "position": position, "grant": made.public_id, "agency": agency and agency.code,
        "unit": unit and unit.public_id, "starts_at": made.starts_at.isoformat(),
        "ends_at": ends_at and ends_at.isoformat(),
    }  # fmt: skip
    audit.record(
        by=by, act="people.grant", subject_kind="user", subject_id=person.public_id, reason=reason,
        after=after,
    )  # fmt: skip
    return made


@transaction.atomic
def revoke_grant(*, grant: Grant, by: User | None, reason: str = "") -> None:
    """Ends a grant now. One that was revoked before stays as it was."""
    held = Grant.objects.select_for_update().get(pk=grant.pk)
    _refuse_unless(can_grant(by, held.person, held.position, agency=held.agency, unit=held.unit))
    if held.revoked_at is not None:
        return
    held.revoked_at, held.revoked_by = clock.now(), by
    held.save(update_fields=["revoked_at", "revoked_by"])
    before = {"position": held.position, "grant": held.public_id}
    audit.record(
        by=by, act="people.revoke_grant", subject_kind="user", subject_id=held.person.public_id,
        reason=reason, before=before,
    )  # fmt: skip

"""Editing a person: names, language, address."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from operations import audit, clock
from people import renaming
from people.models import AddressRequest, Agency, Posting, User
from people.models.person import NAME_KEYS, NAME_PARTS
from people.names import written_names
from people.permissions import guarded, may, reach_of
from people.permissions.records import EDIT
from people.renaming import NameChange
from people.signals import address_changed
from people.supervision import chain_above

from .addresses import tell_of_address
from .guards import refuse_unless
from .persons import refuse_taken

TO_CONFIRM = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Known:
    """All that is on record of a person besides address, postings and leave."""

    family_name: str
    given_name: str
    father_name: str = ""
    family_name_latin: str = ""
    given_name_latin: str = ""
    family_name_cyrillic: str = ""
    given_name_cyrillic: str = ""
    father_name_cyrillic: str = ""
    language: str = "az"
    sex: str = ""
    spoken_languages: tuple[str, ...] = ()
    availability: str = User.Availability.AVAILABLE
    supervisor: User | None = None

    def values(self) -> dict[str, Any]:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        names = written_names({name: value for name, value in values.items() if "_name" in name})
        return {**values, **names, "spoken_languages": list(self.spoken_languages)}


def can_edit(by: User | None, person: User, agency: Agency | None) -> bool:
    """Return whether `by` may edit the person: an administrator, or a coordinator of an agency of theirs.

    The person serves in that agency now or later. Nobody edits a record that was erased or merged.
    """
    if not person.is_current:
        return False
    if reach_of(by, EDIT) is None:
        return True
    if agency is None or not may(by, EDIT, agency=agency):
        return False
    return Posting.objects.open_or_coming().filter(user=person, agency=agency).exists()


@transaction.atomic
def edit_person(*, person: User, known: Known, agency: Agency | None, by: User | None) -> NameChange:
    """Set what is known of the person; return what became of the name: where others rely on it, it is proposed to them
    and the rest is set at once.

    Raise ValidationError for a name of two scripts, for one that cannot be proposed now, and for a supervisor who
    cannot be one.
    """
    refuse_unless(can_edit(by, person, agency))
    locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    values = known.values()
    if known.supervisor is not None and known.supervisor.pk != locked.supervisor_id:
        _check_supervisor(locked, known.supervisor, agency)
    before = {field: getattr(locked, field) for field in values if getattr(locked, field) != values[field]}
    names = {field: values[field] for field in before if field in NAME_PARTS}
    change = renaming.change_of(locked, names, by)
    if change is not NameChange.FREE:
        before = {field: value for field, value in before.items() if field not in names}
        _propose(change, locked, names, by)
    if before:
        _set(locked, before, values, by)
    return change


def _propose(change: NameChange, person: User, names: Mapping[str, str], by: User | None) -> None:
    renaming.refuse(change, next(iter(names)))
    if by is None:
        raise PermissionDenied(_("The name of somebody who holds a certificate is changed by two people."))
    if change is NameChange.PROPOSED:
        renaming.propose(person=person, names=names, by=by)


def _set(locked: User, before: Mapping[str, Any], values: Mapping[str, Any], by: User | None) -> None:
    for field in before:
        setattr(locked, field, values[field])
    locked.full_clean(exclude=["password", "email"])
    locked.save(update_fields=[*before, *NAME_KEYS])
    audit.record(
        by=by, act="people.edit_person", subject_kind="user", subject_id=locked.public_id,
        after={"fields": sorted(before)},
        personal={locked.public_id: {
            field: (_told(value), _told(values[field])) for field, value in before.items()
        }},
    )  # fmt: skip


def _check_supervisor(person: User, above: User, agency: Agency | None) -> None:
    """Refuse a supervisor of another agency, the person themselves, and anybody whom the person supervises."""
    if above.pk == person.pk:
        raise ValidationError({"supervisor": _("Nobody is their own supervisor.")})
    if person.pk in chain_above(above):
        raise ValidationError(
            {"supervisor": _("A person cannot be supervised by somebody whom they supervise.")}
        )
    if agency is None or not Posting.objects.open_or_coming().filter(user=above, agency=agency).exists():
        raise ValidationError({"supervisor": _("Nobody who serves in the agency has this number.")})


def _told(value: Any) -> Any:
    return value.public_id if isinstance(value, User) else value


def may_set_address(person: User) -> bool:
    """Return whether an address is set without asking the person: before the first sign-in, never of a
    powerful account.
    """
    signed_in = person.last_login is not None or person.has_usable_password()
    return not signed_in and not guarded(person)


@transaction.atomic
def change_address(
    *, person: User, email: str | None, agency: Agency | None, by: User | None
) -> AddressRequest | None:
    """Set the person's e-mail address; return None where it holds at once.

    Who has signed in is asked at the old address first: an AddressRequest is returned. Raise
    ValidationError where the address cannot be used.
    """
    refuse_unless(can_edit(by, person, agency))
    locked = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    address = email.strip().lower() if email else None
    if address == locked.email:
        return None
    refuse_taken(address, locked, agency, by)
    if may_set_address(locked):
        set_address(locked, address, by)
        return None
    if address is None:
        raise ValidationError({"email": _("Somebody who has signed in with an address must keep one.")})
    return ask_address(locked, address, by)


def set_address(person: User, email: str | None, by: User | None) -> None:
    before, person.email = person.email, email
    person.full_clean(exclude=["password"])
    person.save(update_fields=["email"])
    EmailAddress.objects.filter(user=person).delete()
    if email:
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    audit.record(
        by=by, act="people.change_address", subject_kind="user", subject_id=person.public_id,
        personal={person.public_id: {"email": (before, email)}},
    )  # fmt: skip
    address_changed.send(User, person=person, by=by)


def ask_address(person: User, email: str, by: User | None) -> AddressRequest:
    now = clock.now()
    AddressRequest.objects.filter(person=person, outcome=None).update(
        outcome=AddressRequest.Outcome.WITHDRAWN, decided_at=now
    )
    made = AddressRequest.objects.create(
        person=person, email=email, asked_by=by, asked_at=now, expires_at=now + TO_CONFIRM
    )
    audit.record(
        by=by, act="people.ask_address", subject_kind="user", subject_id=person.public_id,
        after={"request": made.public_id},
        personal={person.public_id: {"email": (person.email, email)}},
    )  # fmt: skip
    tell_of_address(request=made)
    return made

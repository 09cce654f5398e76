"""A person: names, address, password."""

from collections.abc import Mapping

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from operations import audit
from people import enumeration_limits
from people.models import Agency, User
from people.models.person import CYRILLIC, LATIN, NAMES
from people.names import written_names
from people.permissions import can_manage_accounts, can_manage_agency

from .guards import refuse_unless


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
    """Add a person, without password or posting. The address, where given, counts as verified.

    latin: family and given name as the passport spells them; cyrillic: family, given, father's name.
    agency: where a coordinator adds somebody, the coordinator's own.
    """
    refuse_unless(can_manage_accounts(by) or (agency is not None and can_manage_agency(by, agency)))
    parts = [family_name, given_name, father_name, *latin, *cyrillic]
    names = written_names(dict(zip((*NAMES, *LATIN, *CYRILLIC), parts, strict=True)))
    person = User(
        **names,
        email=email.strip().lower() if email else None,
        language=language,
        sex=sex,
        spoken_languages=list(spoken_languages),
        supervisor=supervisor,
    )
    refuse_taken(person.email, person, agency, by)
    person.set_unusable_password()
    person.full_clean()
    person.save(force_insert=True)
    if person.email:
        EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    _record_person(by, person, {**names, "email": person.email})
    return person


def refuse_taken(email: str | None, person: User, agency: Agency | None, by: User | None) -> None:
    """Raise ValidationError where the address is somebody else's (code `taken`).

    Refuse without a look where the agency was told so too often today.
    """
    if email and agency is not None and enumeration_limits.used_up(agency, by):
        guessed = _(
            "Too many addresses of other people were tried for the agency today. Ask an administrator."
        )
        raise ValidationError({"email": ValidationError(guessed, code="guessed")})
    if email and User.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
        taken = _("This address cannot be used. Leave it empty or enter another.")
        raise ValidationError({"email": ValidationError(taken, code="taken")})


def _record_person(by: User | None, person: User, values: Mapping[str, str | None]) -> None:
    personal = {field: (None, value) for field, value in values.items() if value}
    audit.record(
        by=by, act="people.add_person", subject_kind="user", subject_id=person.public_id,
        personal={person.public_id: personal},
    )  # fmt: skip

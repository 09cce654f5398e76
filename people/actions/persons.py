"""A person: names, address, password."""

import unicodedata
from collections.abc import Mapping

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from locales.text import fold, foreign_letter
from operations import audit
from people.models import Agency, User
from people.permissions import can_manage_accounts, can_manage_agency

from .refusing import refuse_unless

NAMES = ("family_name", "given_name", "father_name")
LATIN = ("family_name_latin", "given_name_latin")
CYRILLIC = ("family_name_cyrillic", "given_name_cyrillic", "father_name_cyrillic")


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
    refuse_unless(can_manage_accounts(by) or (agency is not None and can_manage_agency(by, agency)))
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
    """One's own, or the installation's. Raises ValidationError for a weak one.

    Nobody sets another person's: there are letters and printed sheets, which only the person opens.
    """
    refuse_unless(by is None or by == person)
    validate_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    audit.record(by=by, act="people.set_password", subject_kind="user", subject_id=person.public_id)

"""A person: names, address, password."""

import unicodedata
from collections.abc import Mapping

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from locales.text import foreign_letter, script_of
from operations import audit
from people import guesses
from people.models import Agency, User
from people.models.person import CYRILLIC, LATIN, NAMES
from people.permissions import can_manage_accounts, can_manage_agency
from people.roster.lines import NOTHING

from .refusing import refuse_unless

LETTERS = {
    ("CYRILLIC", "LATIN"): _("“%(letter)s” in “%(word)s” is a Cyrillic letter in a Latin word. Type the word anew."),
    ("LATIN", "CYRILLIC"): _("“%(letter)s” in “%(word)s” is a Latin letter in a Cyrillic word. Type the word anew."),
    ("GREEK", "LATIN"): _("“%(letter)s” in “%(word)s” is a Greek letter in a Latin word. Type the word anew."),
    ("GREEK", "CYRILLIC"): _("“%(letter)s” in “%(word)s” is a Greek letter in a Cyrillic word. Type the word anew."),
}  # fmt: skip
OTHER_LETTER = _("“%(letter)s” in “%(word)s” belongs to another script. Type the word anew.")


def script_of_name(field: str) -> str:
    """Of which script the letters of a field with a name are expected to be."""
    return "CYRILLIC" if field in CYRILLIC else "LATIN"


def written(text: str, script: str = "LATIN") -> str:
    """A part of a name as it is kept: composed letters, single spaces, one script a word.

    Raises ValidationError that names the letter of another script (a Cyrillic `а` in a Latin word);
    `script`: which is expected, where a word has as many letters of both. Marks that nobody sees, such as turn
    the direction of writing, are refused: a certificate would show another name than it says.
    """
    text = " ".join(unicodedata.normalize("NFC", text.translate(NOTHING)).split())
    if not text.isprintable():
        raise ValidationError(_("Invisible marks stand in the text"))
    for word in text.split():
        if letter := foreign_letter(word, script):
            usual = next(script_of(c) for c in word if c.isalpha() and script_of(c) != script_of(letter))
            said = LETTERS.get((script_of(letter), usual), OTHER_LETTER)
            raise ValidationError(str(said) % {"letter": letter, "word": word})
    return text


def written_names(names: Mapping[str, str]) -> dict[str, str]:
    """{field: part of a name} as they are kept. Raises ValidationError by field."""
    kept, errors = {}, {}
    for field, text in names.items():
        try:
            kept[field] = written(text, script_of_name(field))
        except ValidationError as error:
            errors[field] = error
    if errors:
        raise ValidationError(errors)
    return kept


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
    """ValidationError where the address is somebody else's (code `taken`), and without a look where the agency
    was told so too often today.
    """
    if email and agency is not None and guesses.used_up(agency, by):
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


@transaction.atomic
def note_password(*, person: User, by: User) -> None:
    """The person chose a new one on allauth's pages."""
    refuse_unless(by == person)
    audit.record(by=by, act="people.set_password", subject_kind="user", subject_id=person.public_id)

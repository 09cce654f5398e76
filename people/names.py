"""Names of people and their service numbers, as they are typed and as they are kept."""

import re
import unicodedata
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from locales.text import NOTHING, foreign_letter, script_of, written_name
from operations.pdf import letter_not_drawn

from .models.person import CYRILLIC, User

LETTERS = {
    ("CYRILLIC", "LATIN"): _("“%(letter)s” in “%(word)s” is a Cyrillic letter in a Latin word. Type the word anew."),
    ("LATIN", "CYRILLIC"): _("“%(letter)s” in “%(word)s” is a Latin letter in a Cyrillic word. Type the word anew."),
    ("GREEK", "LATIN"): _("“%(letter)s” in “%(word)s” is a Greek letter in a Latin word. Type the word anew."),
    ("GREEK", "CYRILLIC"): _("“%(letter)s” in “%(word)s” is a Greek letter in a Cyrillic word. Type the word anew."),
}  # fmt: skip
OTHER_LETTER = _("“%(letter)s” in “%(word)s” belongs to another script. Type the word anew.")
NOT_DRAWN = _(
    "“%(letter)s” in “%(word)s” cannot be printed on a certificate. Write the word with other letters."
)


NAME = re.compile(r"[^\W\d_]+(?:[-'’ʼ. ]+[^\W\d_]+)*\.?")  # of letters, in one or several words
_NUMBER = re.compile(r"[\w№](?:[\w№ ./-]{0,28}[\w№])?")


def script_of_name(field: str) -> str:
    """Return the script that the letters of a field with a name are expected to be of."""
    return "CYRILLIC" if field in CYRILLIC else "LATIN"


def written(text: str, script: str = "LATIN") -> str:
    """Return a part of a name as it is kept: composed letters, single spaces, one script a word.

    Raise ValidationError that names the letter of another script (a Cyrillic `а` in a Latin word);
    `script`: which is expected, where a word has as many letters of both. Marks that nobody sees, such as turn
    the direction of writing, are refused: a certificate would show another name than it says. So are letters that it
    could not show.
    """
    text = " ".join(unicodedata.normalize("NFC", text.translate(NOTHING)).split())
    if not text.isprintable():
        raise ValidationError(_("Invisible marks stand in the text"))
    for word in text.split():
        if letter := foreign_letter(word, script):
            usual = next(script_of(c) for c in word if c.isalpha() and script_of(c) != script_of(letter))
            letter_name = LETTERS.get((script_of(letter), usual), OTHER_LETTER)
            raise ValidationError(str(letter_name) % {"letter": letter, "word": word})
    refuse_not_drawn(text)
    return text


def refuse_not_drawn(text: str) -> None:
    """Raise ValidationError that names the first letter that could not be printed."""
    for word in text.split():
        if letter := letter_not_drawn(word):
            raise ValidationError(NOT_DRAWN, params={"letter": letter, "word": word})


def written_names(names: Mapping[str, str]) -> dict[str, str]:
    """Return {field: part of a name} as they are kept. Raise ValidationError by field."""
    kept, errors = {}, {}
    for field, text in names.items():
        try:
            kept[field] = written(text, script_of_name(field))
        except ValidationError as error:
            errors[field] = error
    if errors:
        raise ValidationError(errors)
    return kept


def name(text: str, script: str = "LATIN") -> str:
    """Return a part of a name as it is kept. Raise ValidationError where it holds more than letters."""
    text = written(text, script)
    if text and not NAME.fullmatch(text):
        raise ValidationError(_("A name has letters, a hyphen or an apostrophe, nothing else."))
    return text


def service_number(text: str) -> str:
    """Return a service number as it is kept. Raise ValidationError: code `no_number`, or `other_script` with
    the letter as a parameter.
    """
    text = " ".join(text.split())
    if not _NUMBER.fullmatch(text):
        refusal = _("It has at most 30 letters, figures, hyphens or slashes.")
        raise ValidationError(refusal, code="no_number")
    if letter := foreign_letter("".join(re.findall(r"[^\W\d_]", text))):
        refusal = _("Type the word anew in one script: the letters only look alike.")
        raise ValidationError(refusal, code="other_script", params={"letter": letter})
    return text


def name_of(person: User) -> str:
    """Return the name as the active language writes it."""
    return written_name(person, get_language() or "az")

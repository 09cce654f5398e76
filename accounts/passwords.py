"""Rules of a password: long enough, and not made of the person's names, the agency's, the product's, words
everybody takes. Which rules are asked stands in settings.AUTH_PASSWORD_VALIDATORS.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import UserAttributeSimilarityValidator
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext_lazy

from locales.languages import LANGUAGES
from locales.text import fold
from people.models import Posting, User

# Said beside a field for a new password.
LENGTH = format_lazy(
    ngettext_lazy(
        "At least {number} character. Three or four words of your own are easier to remember than symbols.",
        "At least {number} characters. Three or four words of your own are easier to remember than symbols.",
        settings.PASSWORD_LENGTH,
    ),
    number=settings.PASSWORD_LENGTH,
)
REST = 6  # letters that must stay when such words are taken out
SHORTEST = 3  # shorter words stand in others by chance
PRODUCT = ("nisane", "insan", "alveri", "alver", "sertifikat", "traffick", "shelter")
# Of lists of stolen passwords, in the languages of this country; digits are taken out anyway.
COMMON = (
    "azerbaycan", "azerbaijan", "baku", "baki", "gence", "sumqayit", "qarabag", "karabakh", "xezer", "neftci",
    "parol", "sifre", "password", "passwort", "admin", "user", "welcome", "login", "qwerty", "qwertyuiop", "asdfgh",
    "asdfghjkl", "zxcvbn", "zxcvbnm", "iloveyou", "sevgilim", "canim", "salam", "letmein", "polis", "police",
    "emekdas", "mufettis", "inspektor", "yanvar", "fevral", "mart", "aprel", "iyun", "iyul", "avqust", "sentyabr",
    "oktyabr", "noyabr", "dekabr", "йцукен", "privet", "lyubov", "marina", "natasha",
)  # fmt: skip

# What Django and allauth say about passwords. Our catalogue goes before theirs, and calls a password what every
# page calls it.
SAID_BY_OTHERS = (
    gettext_noop("This password is too common."),
    gettext_noop("This password is entirely numeric."),
    gettext_noop("You must type the same password each time."),
    ngettext_lazy(
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)


class AboutThePersonValidator(UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        return _("The password is too much like your name or address.")


class KnownWordsValidator:
    """Refuse a password with such words in it, where without them and without figures fewer than six letters stay."""

    def validate(self, password: str, user: Any = None) -> None:
        rest = _letters(password)
        known = {*map(_letters, (*PRODUCT, *COMMON)), *_words_of(user)}
        for word in sorted(known, key=len, reverse=True):
            rest = rest.replace(word, " ")
        if rest != _letters(password) and len("".join(rest.split())) < REST:
            raise ValidationError(
                _(
                    "This password is made of words that anybody would try: names, your agency, the site, or common ones."
                ),
                code="password_known_words",
            )

    def get_help_text(self) -> str:
        return _("Not your name, your agency, the site, or a common word.")


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", fold(text or ""))


def _words_of(user: Any) -> Iterator[str]:
    if not isinstance(user, User):
        return
    texts = [
        user.family_name,
        user.given_name,
        user.father_name,
        user.family_name_latin,
        user.given_name_latin,
    ]
    texts += [(user.email or "").partition("@")[0], (user.email or "").partition("@")[2]]
    if user.pk:
        for posting in Posting.objects.current().filter(user=user).select_related("agency", "unit"):
            texts += [posting.agency.code, posting.service_number or ""]
            for language in LANGUAGES:
                texts += [
                    getattr(posting.agency, f"name_{language}"),
                    getattr(posting.unit, f"name_{language}"),
                ]
    for text in texts:
        for word in re.split(r"[\W\d_]+", fold(text or "")):
            if len(word) >= SHORTEST:
                yield word

"""The order that readers of each language expect, the same on every database: keys of figures alone."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping

from django.utils.translation import get_language

from .languages import DEFAULT_LANGUAGE, RULES
from .text import IGNORED

_PLACES = {
    language: {letter: f"{place:02}" for place, letter in enumerate(rules.alphabet, 1)}
    for language, rules in RULES.items()
}
_SMALL = {language: str.maketrans(dict(rules.small)) for language, rules in RULES.items()}


def sort_key(text: str, language: str = "az") -> str:
    """Two figures a letter, 00 between words: sorts under every collation as the language's alphabet does.

    Case, apostrophes and marks that the alphabet does not count as letters make no difference.
    """
    places, otherwise = _PLACES[language], RULES[language].otherwise
    lowered = text.translate(_SMALL[language])
    letters = "".join(c for c in unicodedata.normalize("NFC", lowered).lower() if c not in IGNORED)
    words = "".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in letters).split()
    return "00".join("".join(_place(c, places, otherwise) for c in word) for word in words)


def _place(letter: str, places: dict[str, str], otherwise: Mapping[str, str]) -> str:
    if letter in otherwise:
        return "".join(places.get(c, "") for c in otherwise[letter])
    if letter in places:
        return places[letter]
    bare = unicodedata.normalize("NFD", letter)[0]
    return places.get(bare, "") if bare == letter else _place(bare, places, otherwise)


def in_order[T](things: Iterable[T], text: Callable[[T], str] = str) -> list[T]:
    """Sorted by what each is called, as readers of the active language expect; Azerbaijani where it is none of ours."""
    active = get_language() or DEFAULT_LANGUAGE
    language = active if active in RULES else DEFAULT_LANGUAGE
    return sorted(things, key=lambda thing: sort_key(text(thing), language))

"""The order that readers of each language expect, the same on every database: keys of figures alone."""

import unicodedata
from collections.abc import Callable, Iterable

from django.utils.translation import get_language

from .text import CYRILLIC, IGNORED

FIGURES = "0123456789"
LATIN = "abcdefghijklmnopqrstuvwxyz"
RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
AZERBAIJANI = "abcçdeəfgğhxıijkqlmnoöprsştuüvwyz"
ALPHABETS = {"az": FIGURES + AZERBAIJANI, "en": FIGURES + LATIN, "ru": FIGURES + LATIN + RUSSIAN}

# Where an alphabet lacks a letter: what it stands with.
_SIGNS = {"ъ": "", "ь": ""}
_OLD_CYRILLIC = {"ә": "ə", "ғ": "ğ", "ҝ": "g", "ө": "ö", "ү": "ü", "ҹ": "c", "ш": "ş", "ч": "ç", "ы": "ı"}
_OTHERWISE = {
    "az": CYRILLIC | _SIGNS | _OLD_CYRILLIC,
    "en": CYRILLIC | _SIGNS | {"ә": "e", "ə": "e", "ı": "i"},
    "ru": {
        "ə": "e",
        "ı": "i",
        "ё": "е",
        "ә": "е",
        "ғ": "г",
        "ҝ": "г",
        "ө": "о",
        "ү": "у",
        "һ": "х",
        "ҹ": "ж",
    },
}
_PLACES = {
    language: {letter: f"{place:02}" for place, letter in enumerate(letters, 1)}
    for language, letters in ALPHABETS.items()
}


def sort_key(text: str, language: str = "az") -> str:
    """Two figures a letter, 00 between words: sorts under every collation as the language's alphabet does.

    Case, apostrophes and marks that the alphabet does not count as letters make no difference.
    """
    places, otherwise = _PLACES[language], _OTHERWISE[language]
    lowered = text.replace("İ", "i").replace("I", "ı") if language == "az" else text.replace("İ", "i")
    letters = "".join(c for c in unicodedata.normalize("NFC", lowered).lower() if c not in IGNORED)
    words = "".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in letters).split()
    return "00".join("".join(_place(c, places, otherwise) for c in word) for word in words)


def _place(letter: str, places: dict[str, str], otherwise: dict[str, str]) -> str:
    if letter in otherwise:
        return "".join(places.get(c, "") for c in otherwise[letter])
    if letter in places:
        return places[letter]
    bare = unicodedata.normalize("NFD", letter)[0]
    return places.get(bare, "") if bare == letter else _place(bare, places, otherwise)


def in_order[T](things: Iterable[T], text: Callable[[T], str] = str) -> list[T]:
    """Sorted by what each is called, as readers of the active language expect; Azerbaijani where it is none of ours."""
    active = get_language() or "az"
    language = active if active in ALPHABETS else "az"
    return sorted(things, key=lambda thing: sort_key(text(thing), language))

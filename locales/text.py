"""Text folded for search and kept in one script, and names as each language writes them."""

import re
import unicodedata
from functools import lru_cache
from typing import Protocol

from .languages import CYRILLIC, DEFAULT_LANGUAGE, LanguageRules, rules_of

LATIN = {"ə": "e", "ı": "i", "ş": "s", "ç": "c", "ğ": "q", "ö": "o", "ü": "u", "g": "q", "w": "v"}
# Written by hand or by programs without being meant: they say nothing.
NOTHING = dict.fromkeys(map(ord, "\u200b\u200c\u200d\ufeff\u00ad\u2060"))
IGNORED = {"'", "’", "ʼ", "‘", "`", "\u0307"}


_THOUSANDS = re.compile(r"(?<!\d)(?<!\d )(\d{1,3}) (?=\d{3}(?!\d))")  # 2 000
_UNITS = re.compile(r"(?<=\d) (?=(?:manat|манат|AZN|%|m²|м²))")


@lru_cache(maxsize=4096)
def unbroken(text: str) -> str:
    """Thousands and what they count stay on one line: `2 000 манатов` with spaces that do not break."""
    return _UNITS.sub("\N{NO-BREAK SPACE}", _THOUSANDS.sub("\\1\N{NO-BREAK SPACE}", text))


def fold(text: str) -> str:
    """One spelling for search: lower case, plain Latin letters, single spaces, no apostrophes.

    `Məmmədov`, `МАМЕДОВ` differ by real letters and stay apart (`locales.spelling` brings them together);
    `İSMAYIL`, `Ismayıl`, `исмайыл` meet.
    """
    lowered = unicodedata.normalize("NFC", text.replace("İ", "i").replace("I", "ı")).lower()
    decomposed = unicodedata.normalize("NFD", _plain(lowered))
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(_plain(bare).split())


def _plain(text: str) -> str:
    """Letters that have no mark to drop, one for one."""
    return "".join(LATIN.get(c, CYRILLIC.get(c, c)) for c in text if c not in IGNORED)


def foreign_letter(word: str, expected: str = "LATIN") -> str | None:
    """The first letter that is not of the script most letters of the word are of; None where all are of one.

    `expected`: the script that counts where two have as many letters (LATIN, CYRILLIC). An apostrophe that
    counts as a letter belongs to every script.
    """
    if word.isascii():
        return None
    letters = [c for c in word if c.isalpha() and c not in IGNORED]
    scripts = [script_of(c) for c in letters]
    if len(set(scripts)) < 2:
        return None
    usual = max(dict.fromkeys(scripts), key=lambda script: (scripts.count(script), script == expected))
    return next(c for c, script in zip(letters, scripts, strict=True) if script != usual)


@lru_cache(maxsize=4096)
def script_of(letter: str) -> str:
    """LATIN, CYRILLIC, GREEK …"""
    return unicodedata.name(letter, "").partition(" ")[0]


class Named(Protocol):
    """The parts of a person that `written_name` reads."""

    family_name: str
    given_name: str
    father_name: str
    family_name_latin: str
    given_name_latin: str
    family_name_cyrillic: str
    given_name_cyrillic: str
    father_name_cyrillic: str


def written_name(person: Named, language: str) -> str:
    """A name as documents of a language write it.

    az: family, given, father's name with oğlu or qızı. en: given and family name, in the passport's
    spelling where there is one. ru: family, given, father's name in Cyrillic where all are known,
    else as in Azerbaijani.
    """
    rules = rules_of(language)
    parts = _parts(person, rules)
    return " ".join(filter(None, (parts[part] for part in rules.order)))


def listed_name(person: Named, language: str) -> str:
    """A name as lists and headings show it: as documents of Azerbaijan write it, in the script of the reader's
    language where the name is kept in it.
    """
    other = rules_of(language).script != rules_of(DEFAULT_LANGUAGE).script
    return written_name(person, language if other else DEFAULT_LANGUAGE)


def short_name(person: Named, language: str) -> str:
    """Given and family name, in the spelling of the language where it is known."""
    parts = _parts(person, rules_of(language))
    return f"{parts['given']} {parts['family']}"


def _parts(person: Named, rules: LanguageRules) -> dict[str, str]:
    """The parts of a name in a language's spelling, in the plain one where that is not known."""
    plain = {"family": person.family_name, "given": person.given_name, "father": person.father_name}
    spelled = {part: str(getattr(person, f"{part}_name{rules.spelling}", "")) for part in plain}
    if rules.one_by_one:
        return {part: spelled[part] or plain[part] for part in plain}
    return spelled if spelled["family"] and spelled["given"] else plain

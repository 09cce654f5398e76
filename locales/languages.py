"""The languages of the product, and all that differs from one to the next.

A fourth language is a record here, its catalogue in `locales/`, the texts in settings, the columns of the
translated models (`makemigrations`) and its texts in the curriculum. Formats that hold exactly three say so
where they are defined: `certificates/credentials/facts.py`, `assessments/content.py`. No Django in here:
settings take `LANGUAGE_NAMES` from this file.
"""

from collections.abc import Mapping
from dataclasses import dataclass

FIGURES = "0123456789"
LATIN = "abcdefghijklmnopqrstuvwxyz"
RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
AZERBAIJANI = "abcçdeəfgğhxıijkqlmnoöprsştuüvwyz"

# Cyrillic as Azerbaijani readers transliterate it; ə and the look-alikes of Latin fold to plain letters.
CYRILLIC = dict(
    zip(
        RUSSIAN,
        ["a", "b", "v", "q", "d", "e", "e", "j", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t",
         "u", "f", "x", "s", "c", "s", "s", "", "i", "", "e", "yu", "ya"],
        strict=True,
    )
)  # fmt: skip
# The alphabet of 1958 to 1991, still on older documents.
CYRILLIC |= {"ә": "e", "ғ": "q", "ҝ": "q", "ө": "o", "ү": "u", "һ": "h", "ҹ": "c", "ј": "y"}
_SIGNS = {"ъ": "", "ь": ""}
_OLD_CYRILLIC = {"ә": "ə", "ғ": "ğ", "ҝ": "g", "ө": "ö", "ү": "ü", "ҹ": "c", "ш": "ş", "ч": "ç", "ы": "ı"}


@dataclass(frozen=True, kw_only=True)
class LanguageRules:
    """The rules of one language, where it differs from the others."""

    name: str  # in itself
    label: str  # in the switch of languages; never made by upper()
    script: str = "Latn"  # ISO 15924
    called: str  # in rosters, with commas between
    # Sorting: the order of letters, what a letter outside it stands with, capitals that str.lower() mistakes.
    alphabet: str
    otherwise: Mapping[str, str]
    small: Mapping[str, str]
    # A name: the columns that hold its spelling (`family_name_latin`), whether each alone may stand in for the
    # plain one, and the order of its parts in documents. The short form is always given, then family name.
    spelling: str = ""
    one_by_one: bool = True
    order: tuple[str, ...] = ("family", "given", "father")
    day: str = "dd.MM.y"  # Babel's pattern
    # Gettext's rule, for the catalogue: None for English, in which the texts stand in the code.
    plural_forms: int = 2
    plural_rule: str | None = None


RULES: dict[str, LanguageRules] = {
    "az": LanguageRules(
        name="Azərbaycanca",
        label="AZ",
        called="az, aze, azərbaycan, azərbaycanca, azərbaycan dili, azerbaijani, азербайджанский",
        alphabet=FIGURES + AZERBAIJANI,
        otherwise=CYRILLIC | _SIGNS | _OLD_CYRILLIC,
        small={"İ": "i", "I": "ı"},
        plural_rule="n != 1",
    ),
    "en": LanguageRules(
        name="English",
        label="EN",
        called="en, eng, ingilis, ingiliscə, ingilis dili, english, английский",
        alphabet=FIGURES + LATIN,
        otherwise=CYRILLIC | _SIGNS | {"ә": "e", "ə": "e", "ı": "i"},
        small={"İ": "i"},
        spelling="_latin",  # as in the passport
        order=("given", "family"),
        day="d MMMM y",
    ),
    "ru": LanguageRules(
        name="Русский",
        label="RU",
        script="Cyrl",
        called="ru, rus, rusca, rus dili, russian, русский",
        alphabet=FIGURES + LATIN + RUSSIAN,
        otherwise={
            "ə": "e", "ı": "i", "ё": "е", "ә": "е", "ғ": "г", "ҝ": "г", "ө": "о", "ү": "у", "һ": "х", "ҹ": "ж",
        },
        small={"İ": "i"},
        spelling="_cyrillic",
        one_by_one=False,  # no name is half in Cyrillic
        plural_forms=3,
        plural_rule="n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2",
    ),
}  # fmt: skip
LANGUAGES = tuple(RULES)
DEFAULT_LANGUAGE = LANGUAGES[0]  # what a text is read in where another is missing
LANGUAGE_NAMES = {code: rules.name for code, rules in RULES.items()}
CATALOGUES = {code: rules.plural_rule for code, rules in RULES.items() if rules.plural_rule is not None}


def rules_of(language: str | None) -> LanguageRules:
    """Return the rules of a language, those of Azerbaijani for every other."""
    return RULES.get(language or DEFAULT_LANGUAGE, RULES[DEFAULT_LANGUAGE])

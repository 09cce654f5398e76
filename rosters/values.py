"""Cells become values: a day in every usual style, a name, a language, a sex; and a line its values by field."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from itertools import islice
from typing import Any

from babel.dates import get_month_names
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from locales.languages import LANGUAGES, RULES
from locales.text import fold, foreign_letter
from operations.identity import national_id_hash
from operations.pdf import letter_not_drawn
from operations.validators import FIRST_YEAR, YEARS_TO_BEGIN, YEARS_TO_END
from people import names

from .columns import HIDDEN, KEYS
from .reading import Cell, FileLine, shown

CALLED = {code: rules.called for code, rules in RULES.items()}
SEXES = {
    "f": "f, q, qadın, female, woman, ж, жен, женский",
    "m": "m, k, kişi, male, man, м, муж, мужской",
}
_DAY = re.compile(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$")
_SHORT_YEAR = re.compile(r"\d{1,2}[./ -]\d{1,2}[./ -]\d{2}")
_WORDS = re.compile(r"(\d{1,2})\s+(\w+)\s+(\d{4})|(\w+)\s+(\d{1,2})\s+(\d{4})")
DAUGHTER, SON = frozenset(["qizi", "kizi"]), frozenset(["oqlu", "oqli"])  # folded
_ONE_I = str.maketrans("Iİı", "iii")


class CellRefused(Exception):
    """`code`: one of rosters.wording; `about`: the figure or letter that the words name."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(code)
        self.code, self.about = code, about


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Folded names of months in every language, whole and short."""
    found = {}
    for language in LANGUAGES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in get_month_names(width, context, language).items():
                    found[fold(name).rstrip(".")] = number
    return found


def day(text: str, today: date, ahead: int = YEARS_TO_END) -> date:
    """The day of 1.12.2026, 01/12/2026, 2026-12-01, 20261201, 1 dekabr 2026, 1 декабря 2026 г. …

    Between figures the day stands before the month. Two figures of a year say too little, and so does a
    number without a format. `ahead`: in how many years at most.
    """
    bare = _TIME.sub("", text.strip())
    if found := _DAY.fullmatch(bare):
        parts = (int(found[3]), int(found[2]), int(found[1]))
    elif found := _ISO.fullmatch(bare) or _COMPACT.fullmatch(bare):
        parts = (int(found[1]), int(found[2]), int(found[3]))
    elif _SHORT_YEAR.fullmatch(bare):
        raise CellRefused("short_year")
    else:
        parts = _in_words(bare)
    return _within(*parts, today.year + ahead)


def _in_words(bare: str) -> tuple[int, int, int]:
    text = re.sub(r"[.,]", " ", fold(bare))
    text = re.sub(r"(?:\b|-c[iu] )(?:q|il|qoda?)$", "", text.strip()).strip()  # г., года, 2026-cı il
    found = _WORDS.fullmatch(" ".join(text.split()))
    if found is None:
        raise CellRefused("no_day")
    number, word, year = (found[1], found[2], found[3]) if found[1] else (found[5], found[4], found[6])
    month = _months().get(word)
    if month is None:
        raise CellRefused("no_day")
    return int(year), month, int(number)


def _within(year: int, month: int, number: int, last_year: int) -> date:
    try:
        found = date(year, month, number)
    except ValueError as error:
        raise CellRefused("no_such_day") from error
    if not FIRST_YEAR <= year <= last_year:
        raise CellRefused("far_day", f"{FIRST_YEAR}–{last_year}")
    return found


def name(text: str, longest: int, small_i: str = "") -> str:
    """A part of a name: letters of one script a word, nothing else.

    All in capitals, it is written small. `small_i`: what a large I is then; where that is not known, a name
    with one stays as it is and is `undecided`.
    """
    text = unicodedata.normalize("NFC", text)
    if text.isupper() and len(text) > 1 and (small_i or not undecided(text)):
        text = " ".join(_first_letter_large(word, small_i or "ı") for word in text.split())
    if len(text) > longest:
        raise CellRefused("too_long", str(longest))
    if "?" in text or "\ufffd" in text:
        raise CellRefused("lost_letter")
    if not names.NAME.fullmatch(text):
        raise CellRefused("not_a_name")
    for word in text.split():
        if letter := foreign_letter(word):
            raise CellRefused("other_script", letter)
        if letter := letter_not_drawn(word):
            raise CellRefused("not_drawn", letter)
    return text


def undecided(text: str) -> bool:
    """Return whether it is in capitals of which one may be ı or i: ƏLIYEV, QASIMOV. QIZI is known."""
    parts = text.replace("-", " ").split()
    return text.isupper() and any("I" in part[1:] and part != "QIZI" for part in parts)


def same_but_for_i(one: str, other: str) -> bool:
    """Return whether they are one name, large or small, where every i is the same."""
    left, right = (text.translate(_ONE_I).lower() for text in (one, other))
    return left == right


def _first_letter_large(word: str, small_i: str) -> str:
    """MƏMMƏDOVA, İSMAYILOVA, ƏLİYEVA-QASIMOVA; QIZI and OĞLU stay small."""
    small = word.replace("I", small_i).replace("İ", "i").lower()
    if fold(small) in DAUGHTER | SON:
        return small
    return "-".join(
        large[:1] + part[1:] for large, part in zip(word.split("-"), small.split("-"), strict=True)
    )


def whole_name(text: str, small_i: str = "") -> dict[str, str]:
    """Family, given and father's name from one cell, in this order; each as `name`."""
    words = text.replace(",", " ").split()
    if len(words) < 2:
        raise CellRefused("name_in_parts")
    if len(words) > 5:
        raise CellRefused("name_in_parts")
    return {
        "family_name": name(words[0], 60, small_i),
        "given_name": name(words[1], 60, small_i),
        **({"father_name": name(" ".join(words[2:]), 70, small_i)} if words[2:] else {}),
    }


def email(text: str) -> str:
    address = text.lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise CellRefused("no_address") from error
    if not address.isascii() or len(address) > 254:
        raise CellRefused("no_address")
    return address


def service_number(text: str) -> str:
    try:
        return names.service_number(text)
    except ValidationError as refusal:
        raise CellRefused(refusal.code or "", (refusal.params or {}).get("letter", "")) from refusal


def national_id(text: str) -> str:
    """Seven letters and figures, as the identity card says; letters are plain Latin capitals."""
    if not re.fullmatch(r"[0-9A-Za-z]{7}", text):
        raise CellRefused("no_national_id")
    return text


def sex_of_fathers_name(text: str) -> str:
    """Return the sex that its last word tells: f of qızı, m of oğlu; empty where it tells none."""
    last = fold(text).rpartition(" ")[2]
    return "f" if last in DAUGHTER else "m" if last in SON else ""


def warnings_of(after: Mapping[str, Any], person: Any) -> list[str]:
    """Return codes of what looks wrong in what would change of a person, or of somebody new: it may be right."""
    if not {"father_name", "sex"} & after.keys():
        return []
    father, sex = (after.get(name, getattr(person, name, "")) or "" for name in ("father_name", "sex"))
    told = sex_of_fathers_name(father)
    return ["father_sex"] if told and sex and told != sex else []


def _of(table: dict[str, str], text: str, code: str) -> str:
    wanted = fold(text)
    for value, known in table.items():
        if wanted in {fold(each) for each in known.split(", ")}:
            return value
    raise CellRefused(code)


def language(text: str) -> str:
    return _of(CALLED, text, "no_language")


def sex(text: str) -> str:
    return _of(SEXES, text, "no_sex")


# --- a line ---------------------------------------------------------------------------------------
AZERBAIJANI_NAMES = frozenset(["family_name", "given_name", "father_name", "full_name"])
OTHERS = 5  # lines that are named beside one


@dataclass
class ParsedLine:
    """`values`: {field: value} of filled cells that could be read; `cells`: as they were written."""

    number: int
    cells: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, str]] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)

    def refuse(self, column: str, code: str, about: str = "") -> None:
        value = HIDDEN if column == "national_id" else self.cells.get(column, "")
        error = {"column": self.titles.get(column, ""), "field": column, "code": code, "value": value}
        self.errors.append(error | ({"about": about} if about else {}))


@dataclass(frozen=True)
class RepeatedKeys:
    """Keys that stand on more than one line of the file, with the lines; all service
    numbers; `dotted`: whether its names have a large İ, so that a large I in them is ı.
    """

    twice: Mapping[str, Mapping[str, Sequence[int]]]
    numbers: frozenset[str]
    dotted: bool


@dataclass(frozen=True)
class ColumnMap:
    """`fields`: {place of the column: field}; `headings`: of all columns."""

    fields: Mapping[int, str]
    headings: tuple[str, ...]

    @classmethod
    def of(cls, mapping: Mapping[str, str], headings: Iterable[str]) -> "ColumnMap":
        return cls({int(place): field for place, field in mapping.items()}, tuple(headings))

    def titles(self) -> dict[str, str]:
        return {field: self.headings[place] for place, field in self.fields.items()}


def _parsers(today: date, *, dotted: bool) -> dict[str, Callable[[str], Any]]:
    small_i = "ı" if dotted else ""
    names = {
        field: partial(
            name,
            longest=70 if field.startswith("father") else 60,
            small_i="i" if field.endswith("_latin") else small_i,
        )
        for field in (
            "family_name", "given_name", "father_name", "family_name_latin", "given_name_latin",
            "family_name_cyrillic", "given_name_cyrillic", "father_name_cyrillic",
        )
    }  # fmt: skip
    return {
        **names,
        "full_name": partial(whole_name, small_i=small_i),
        "email": email,
        "service_number": service_number,
        "supervisor": service_number,
        "national_id": national_id,
        "language": language,
        "sex": sex,
        "start_date": partial(day, today=today, ahead=YEARS_TO_BEGIN),
        "end_date": partial(day, today=today, ahead=YEARS_TO_END),
        "unit": str,
        "role": str,
    }


def parsed(
    lines: Iterable[FileLine], columns: ColumnMap, repeated: RepeatedKeys, today: date
) -> Iterator[ParsedLine]:
    """Yield each line as far as it can be judged without the records of people."""
    parsers, titles = _parsers(today, dotted=repeated.dotted), columns.titles()
    for line in lines:
        found = ParsedLine(line.number, {}, titles=titles)
        for place, name in columns.fields.items():
            if place < len(line.cells) and line.cells[place] != "":
                _take(found, name, line.cells[place], parsers[name])
        if any(cell != "" for cell in line.cells[len(columns.headings) :]):
            found.refuse("", "extra_cells")
        if not found.errors and not any(found.values.get(key) for key in KEYS):
            found.refuse("service_number", "no_key")
        for key, code in (
            ("service_number", "number_again"),
            ("email", "email_again"),
            ("national_id", "national_id_again"),
        ):
            lines_of_key = repeated.twice[key].get(_key(found.values.get(key, "")), ())
            if lines_of_key:
                found.refuse(key, code, others(lines_of_key, line.number))
        yield found


def _take(found: ParsedLine, name: str, value: Cell, parser: Callable[[str], Any]) -> None:
    found.cells[name] = HIDDEN if name == "national_id" else shown(value)
    if not isinstance(value, str):
        found.refuse(name, value["x"])
        return
    try:
        said = parser(value)
    except CellRefused as refusal:
        found.refuse(name, refusal.code, refusal.about)
        return
    if name == "full_name":
        found.values |= {part: text for part, text in said.items() if part not in found.values}
    elif name == "national_id":
        found.values[name] = national_id_hash(said)
    else:
        found.values[name] = said


def _key(text: str) -> str:
    return text.casefold()


def others(lines: Iterable[int], number: int) -> str:
    """The lines other than this, as told: a few of them."""
    found = [str(line) for line in islice(lines, OTHERS + 2) if line != number]
    return ", ".join(found[:OTHERS]) + ("…" if len(found) > OTHERS else "")


def repeated_in(lines: Iterable[FileLine], columns: ColumnMap) -> RepeatedKeys:
    """One pass over the keys and names of the whole file. National ids are compared by their hashes."""
    first: dict[str, dict[str, int]] = {key: {} for key in KEYS}
    twice: dict[str, dict[str, list[int]]] = {key: {} for key in KEYS}
    dotted = False
    for line in lines:
        for place, name in columns.fields.items():
            cell = line.cells[place] if place < len(line.cells) else ""
            if not isinstance(cell, str) or not cell:
                continue
            if name in AZERBAIJANI_NAMES:
                dotted = dotted or "İ" in cell
            elif name in KEYS:
                key = national_id_hash(cell) if name == "national_id" else _key(cell)
                if first[name].setdefault(key, line.number) != line.number:
                    twice[name].setdefault(key, [first[name][key]]).append(line.number)
    return RepeatedKeys(twice, frozenset(first["service_number"]), dotted)

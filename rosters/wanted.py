"""What one line asks for: each cell read as its field, and what is wrong with it by column."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import islice
from typing import Any

from locales.text import fold
from people.identity import national_id_hash
from people.validators import YEARS_TO_BEGIN, YEARS_TO_END

from . import values
from .headings import KEYS
from .lines import Cell, Line, shown
from .values import CellRefused

AZERBAIJANI_NAMES = frozenset(["family_name", "given_name", "father_name", "full_name"])
OTHERS = 5  # lines that are named beside one
HIDDEN = "•••"  # in place of a national id, which is kept nowhere


@dataclass
class Wanted:
    """`said`: {field: value} of filled cells that could be read; `cells`: as they were written."""

    number: int
    cells: dict[str, str]
    said: dict[str, Any] = field(default_factory=dict)
    errors: list[dict[str, str]] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)

    def refuse(self, column: str, code: str, about: str = "") -> None:
        value = HIDDEN if column == "national_id" else self.cells.get(column, "")
        error = {"column": self.titles.get(column, ""), "field": column, "code": code, "value": value}
        self.errors.append(error | ({"about": about} if about else {}))


@dataclass(frozen=True)
class Repeated:
    """What only the whole file tells: keys that stand on more than one line, with the lines; all service
    numbers; `dotted`: whether its names have a large İ, so that a large I in them is ı.
    """

    twice: Mapping[str, Mapping[str, Sequence[int]]]
    numbers: frozenset[str]
    dotted: bool


@dataclass(frozen=True)
class Columns:
    """`fields`: {place of the column: field}; `headings`: of all columns."""

    fields: Mapping[int, str]
    headings: tuple[str, ...]

    @classmethod
    def of(cls, mapping: Mapping[str, str], headings: Iterable[str]) -> "Columns":
        return cls({int(place): field for place, field in mapping.items()}, tuple(headings))

    def titles(self) -> dict[str, str]:
        return {field: self.headings[place] for place, field in self.fields.items()}


def _parsers(today: date, *, dotted: bool) -> dict[str, Callable[[str], Any]]:
    small_i = "ı" if dotted else ""
    names = {
        name: partial(
            values.name,
            longest=70 if name.startswith("father") else 60,
            small_i="i" if name.endswith("_latin") else small_i,
        )
        for name in (
            "family_name", "given_name", "father_name", "family_name_latin", "given_name_latin",
            "family_name_cyrillic", "given_name_cyrillic", "father_name_cyrillic",
        )
    }  # fmt: skip
    day = partial(values.day, today=today)
    return {
        **names,
        "full_name": partial(values.whole_name, small_i=small_i),
        "email": values.email,
        "service_number": values.service_number,
        "supervisor": values.service_number,
        "national_id": values.national_id,
        "language": values.language,
        "sex": values.sex,
        "start_date": partial(day, ahead=YEARS_TO_BEGIN),
        "end_date": partial(day, ahead=YEARS_TO_END),
        "unit": str,
        "role": str,
    }


def wanted(lines: Iterable[Line], columns: Columns, repeated: Repeated, today: date) -> Iterator[Wanted]:
    """Each line as far as it can be judged without the register."""
    parsers, titles = _parsers(today, dotted=repeated.dotted), columns.titles()
    for line in lines:
        found = Wanted(line.number, {}, titles=titles)
        for place, name in columns.fields.items():
            if place < len(line.cells) and line.cells[place] != "":
                _take(found, name, line.cells[place], parsers[name])
        if any(cell != "" for cell in line.cells[len(columns.headings) :]):
            found.refuse("", "extra_cells")
        if not found.errors and not any(found.said.get(key) for key in KEYS):
            found.refuse("service_number", "no_key")
        for key, code in (
            ("service_number", "number_again"),
            ("email", "email_again"),
            ("national_id", "national_id_again"),
        ):
            lines_of_key = repeated.twice[key].get(_key(found.said.get(key, "")), ())
            if lines_of_key:
                found.refuse(key, code, others(lines_of_key, line.number))
        yield found


def _take(found: Wanted, name: str, value: Cell, parser: Callable[[str], Any]) -> None:
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
        found.said |= {part: text for part, text in said.items() if part not in found.said}
    elif name == "national_id":
        found.said[name] = national_id_hash(said)
    else:
        found.said[name] = said


def _key(text: str) -> str:
    return text.casefold()


def others(lines: Iterable[int], number: int) -> str:
    """The lines other than this, as told: a few of them."""
    found = [str(line) for line in islice(lines, OTHERS + 2) if line != number]
    return ", ".join(found[:OTHERS]) + ("…" if len(found) > OTHERS else "")


def repeated_in(lines: Iterable[Line], columns: Columns) -> Repeated:
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
    return Repeated(twice, frozenset(first["service_number"]), dotted)


def same_person(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Do family and given name agree at least in one, or stand the other way round?"""
    left, right = [fold(part) for part in one], [fold(part) for part in other]
    return any(part in right for part in left if part)

"""What one line asks for: each cell read as its field, and what is wrong with it by column."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from locales.text import fold
from people.identity import national_id_hash

from . import values
from .headings import KEYS
from .lines import Cell, Line, shown
from .values import CellRefused

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
    """Keys that stand on more than one line of the file, and all service numbers in it."""

    twice: Mapping[str, frozenset[str]]
    numbers: frozenset[str]


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


def _parsers(today: date) -> dict[str, Callable[[str], Any]]:
    names = {
        name: partial(values.name, longest=70 if name.startswith("father") else 60)
        for name in (
            "family_name", "given_name", "father_name", "family_name_latin", "given_name_latin",
            "family_name_cyrillic", "given_name_cyrillic", "father_name_cyrillic",
        )
    }  # fmt: skip
    day = partial(values.day, today=today)
    return {
        **names,
        "full_name": values.whole_name,
        "email": values.email,
        "service_number": values.service_number,
        "supervisor": values.service_number,
        "national_id": values.national_id,
        "language": values.language,
        "sex": values.sex,
        "start_date": day,
        "end_date": day,
        "unit": str,
        "role": str,
    }


def wanted(lines: Iterable[Line], columns: Columns, repeated: Repeated, today: date) -> Iterator[Wanted]:
    """Each line as far as it can be judged without the register."""
    parsers, titles = _parsers(today), columns.titles()
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
            if _key(found.said.get(key, "")) in repeated.twice[key]:
                found.refuse(key, code)
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


def repeated_in(lines: Iterable[Line], columns: Columns) -> Repeated:
    """One pass over the keys of the whole file. National ids are compared by their hashes."""
    seen: dict[str, set[str]] = {key: set() for key in KEYS}
    twice: dict[str, set[str]] = {key: set() for key in KEYS}
    places = {name: place for place, name in columns.fields.items() if name in KEYS}
    for line in lines:
        for name, place in places.items():
            cell = line.cells[place] if place < len(line.cells) else ""
            if not isinstance(cell, str) or not cell:
                continue
            key = national_id_hash(cell) if name == "national_id" else _key(cell)
            (twice if key in seen[name] else seen)[name].add(key)
    return Repeated(
        {key: frozenset(found) for key, found in twice.items()}, frozenset(seen["service_number"])
    )


def same_person(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Do family and given name agree at least in one, or stand the other way round?"""
    left, right = [fold(part) for part in one], [fold(part) for part in other]
    return any(part in right for part in left if part)

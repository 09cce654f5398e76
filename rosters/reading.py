"""A file becomes plain lines of JSON: read once, checked in short steps afterwards."""

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from . import headings, text, workbook
from .lines import MAX_COLUMNS, Cell, Flag, Line, filled, shown
from .refusals import FileRefused

MAX_BYTES = 20_000_000
MAX_PLAIN = 100_000_000  # of the plain lines
LOOKED_AT = 10  # lines among which the headings are looked for
SAMPLES = 3
MAX_MERGED = 200
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"  # how .xls begins, and .xlsx with a password
ENDINGS = (".csv", ".txt", ".tsv", ".xlsx")


@dataclass(frozen=True)
class Read:
    """What a file turned out to be. `lines` below the headings; `samples`: the first cells of each column."""

    encoding: str  # "xlsx" for a workbook
    headings: list[str]
    lines: int
    samples: list[list[str]]


def is_workbook(file: BinaryIO) -> bool:
    """By its first and last bytes, of .xlsx or of what `read` says more about: nothing is unpacked."""
    file.seek(0)
    found = file.read(4) == OLD_OR_LOCKED or zipfile.is_zipfile(file)
    file.seek(0)
    return found


def read(source: BinaryIO, target: BinaryIO) -> Read:
    """Write the lines below the headings as JSON, one a line. Raises FileRefused."""
    source.seek(0)
    beginning = source.read(8)
    if not beginning:
        raise FileRefused("empty")
    if beginning.startswith(OLD_OR_LOCKED):
        raise FileRefused("locked")
    if beginning.startswith(b"PK"):
        book, found = workbook.lines(source)
        return _written("xlsx", filled(found), target, book)
    encoding = text.encoding_of(source)
    return _written(encoding, filled(text.lines(source, encoding)), target, None)


def _written(encoding: str, found: Iterator[Line], target: BinaryIO, book: workbook.Book | None) -> Read:
    first = list(islice(found, LOOKED_AT))
    if not first:
        raise FileRefused("empty")
    place = headings.line_of([[shown(each) for each in line.cells] for line in first])
    heading, below = first[place], first[place + 1 :]
    number = size = 0
    for line in _both(below, found):
        size += target.write(_json(line))
        number += 1
        if size > MAX_PLAIN:  # one text named in millions of cells
            raise FileRefused("unpacks_too_large")
    if not number:
        raise FileRefused("no_lines")
    if book is not None and any(bottom > heading.number for _top, _left, bottom, _right in book.merged):
        _flag_merged(target, book.merged, heading.number)
    names = [shown(each)[:80] for each in heading.cells]
    width = max([len(names), *(len(line.cells) for line in below)])
    samples = [
        [shown(line.cells[column]) if column < len(line.cells) else "" for line in below[:SAMPLES]]
        for column in range(width)
    ]
    return Read(encoding, [*names, *[""] * (width - len(names))], number, samples)


def _both(first: list[Line], rest: Iterator[Line]) -> Iterator[Line]:
    yield from first
    yield from rest


def _json(line: Line) -> bytes:
    return json.dumps([line.number, line.cells], ensure_ascii=False).encode() + b"\n"


def lines(file: BinaryIO, skip: int = 0, number: int | None = None) -> Iterator[Line]:
    """Lines that `read` has written, so many after skipping so many."""
    file.seek(0)
    stop = None if number is None else skip + number
    for written in islice(file, skip, stop):
        at, cells = json.loads(written)
        yield Line(at, cells)


def _flag_merged(target: BinaryIO, merged: list[tuple[int, int, int, int]], heading: int) -> None:
    """A merged cell has one value for several places: whoever merged must say for which."""
    places = [area for area in merged if area[2] > heading]
    if len(places) > MAX_MERGED:
        raise FileRefused("many_merged", limit=MAX_MERGED)
    with tempfile.TemporaryFile() as flagged:
        target.seek(0)
        for written in target:
            at, cells = json.loads(written)
            flagged.write(_json(Line(at, _with_flags(at, cells, places))))
        target.seek(0)
        target.truncate()
        flagged.seek(0)
        shutil.copyfileobj(flagged, target)


def _with_flags(number: int, cells: list[Cell], places: list[tuple[int, int, int, int]]) -> list[Cell]:
    for top, left, bottom, right in places:
        if top <= number <= bottom:
            cells = [*cells, *[""] * (min(right, MAX_COLUMNS) - len(cells))]
            for column in range(left - 1, min(right, len(cells))):
                cells[column] = Flag(x="merged", v=shown(cells[column]))
    return cells

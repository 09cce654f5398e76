"""Lines of a file as `reading` leaves them: text alone, and flags where a cell cannot be trusted."""

from collections.abc import Iterator
from typing import NamedTuple, TypedDict

from people.names import NOTHING

from .refusals import FileRefused

MAX_LINES = 100_000
MAX_COLUMNS = 60
MAX_CELL = 300  # characters that are kept of a cell
MAX_TEXT = 100_000  # characters of a cell beyond which the whole file is refused


class Flag(TypedDict):
    """`x`: why the cell cannot be read, a code of rosters.words; `v`: how it begins."""

    x: str
    v: str


type Cell = str | Flag


class Line(NamedTuple):
    number: int  # in the file, from 1
    cells: list[Cell]


# Written by hand or by programs without being meant.
SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u202f\t\r\n"), " ")
# Marks that turn the direction of writing hide what a text says.
HIDING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def cell(text: str) -> Cell:
    """A cell's text with plain single spaces; flagged where it is long, hides something or is a formula."""
    plain = " ".join(text.translate(NOTHING).translate(SPACES).split())
    if len(plain) > MAX_CELL:
        return Flag(x="too_long", v=plain[:40])
    if any(ord(c) < 32 or ord(c) == 127 or c in HIDING for c in plain):
        return Flag(x="hidden_marks", v="".join(c for c in plain if c.isprintable())[:40])
    if plain[:1] in {"=", "+", "@", "＝", "＋", "－", "＠"} or (plain[:1] == "-" and len(plain) > 1):
        return Flag(x="formula", v=plain[:40])
    return "" if plain in {"-", "–", "—"} else plain  # a dash says that there is nothing


def shown(value: Cell) -> str:
    return value if isinstance(value, str) else value["v"]


def trimmed(cells: list[Cell]) -> list[Cell]:
    """Without empty cells at the end."""
    end = len(cells)
    while end and cells[end - 1] == "":
        end -= 1
    return cells[:end]


def filled(lines: Iterator[Line]) -> Iterator[Line]:
    """Only lines that say something, their empty ends cut off; refuses too many of them."""
    number = 0
    for line in lines:
        cells = trimmed(line.cells)
        if not cells:
            continue
        number += 1
        if number > MAX_LINES:
            raise FileRefused("too_many_lines", limit=MAX_LINES)
        if len(cells) > MAX_COLUMNS:
            raise FileRefused("too_many_columns", line=line.number, column=len(cells), limit=MAX_COLUMNS)
        yield Line(line.number, cells)

"""Reads a file as it was sent: CSV or the first visible sheet of an .xlsx workbook becomes plain lines.

It is a program of its own, `python -m rosters.reading`, without Django: what a hostile file makes of it dies
with it. The file comes in by standard input; line by line JSON goes out: {"encoding": …, "merged": […]}, then
[number, cells] a line, at last {"end": true} or {"refused": [code, figures]}. rosters.staging starts it.
"""

import codecs
import csv
import io
import json
import math
import re
import resource
import sys
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain, repeat
from typing import Any, BinaryIO, NamedTuple, TypedDict
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from locales.text import NOTHING

MEMORY, SECONDS = 600_000_000, 20  # of the process that reads
MAX_LINES, MAX_COLUMNS = 100_000, 60
MAX_CELL = 300  # characters that are kept of a cell
MAX_TEXT = 100_000  # characters of a cell beyond which the whole file is refused
MAX_SHEET, MAX_TEXTS, MAX_SMALL = 120_000_000, 40_000_000, 4_000_000  # bytes of XML
MAX_PARTS, MAX_FORMULAS, MAX_AREAS = 1000, 1000, 10_000  # merged areas, anywhere in the sheet
PIECE = 1 << 16
FAILED, NO_MEMORY = 1, 3  # how the process ends; a signal is one of its limits
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"  # how .xls begins, and .xlsx with a password


class Refused(Exception):
    """The file as a whole is refused: a code of rosters.wording and its figures."""

    def __init__(self, code: str, **figures: Any) -> None:
        super().__init__(code)
        self.code, self.figures = code, figures


class CellFlag(TypedDict):
    """`x`: why the cell cannot be read, a code of rosters.wording; `v`: how it begins."""

    x: str
    v: str


type Cell = str | CellFlag


class FileLine(NamedTuple):
    number: int  # in the file, from 1
    cells: list[Cell]


# --- cells and lines ----------------------------------------------------------------------------
# Written by hand or by programs without being meant.
SPACES = dict.fromkeys(map(ord, "\u00a0\u2007\u202f\t\r\n"), " ")
# Control characters, and marks that turn the direction of writing: they hide what a text says.
HIDING = re.compile("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200e\u200f]")
USUAL = re.compile(r"\w[\w.@'/]*(?:[ -][\w.@'/]+)*")  # most cells: nothing about them is to be changed


def cell(text: str) -> Cell:
    """Return a cell's text with plain single spaces; flagged where it is long, hides something or is a formula."""
    if len(text) <= MAX_CELL and USUAL.fullmatch(text):
        return text
    plain = " ".join(text.translate(NOTHING).translate(SPACES).split())
    if len(plain) > MAX_CELL:
        return CellFlag(x="too_long", v=plain[:40])
    if HIDING.search(plain):
        return CellFlag(x="hidden_marks", v="".join(c for c in plain if c.isprintable())[:40])
    if plain[:1] in {"=", "+", "@", "＝", "＋", "－", "＠"} or (plain[:1] == "-" and len(plain) > 1):
        return CellFlag(x="formula", v=plain[:40])
    return "" if plain in {"-", "–", "—"} else plain  # a dash says that there is nothing


def shown(value: Cell) -> str:
    return value if isinstance(value, str) else value["v"]


def filled(lines: Iterator[FileLine]) -> Iterator[FileLine]:
    """Yield the lines that say something, their empty ends cut off; refuse too many of them."""
    number = 0
    for line in lines:
        while line.cells and line.cells[-1] == "":
            line.cells.pop()
        if not line.cells:
            continue
        if (number := number + 1) > MAX_LINES:
            raise Refused("too_many_lines", limit=MAX_LINES)
        if (width := len(line.cells)) > MAX_COLUMNS:
            raise Refused("too_many_columns", line=line.number, column=width, limit=MAX_COLUMNS)
        yield line


# --- CSV: which letters, which delimiter, where its lines are ------------------------------------
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
DELIMITERS = ";,\t|"
# Words of at least two letters in an encoding of one byte a letter.
WORD = re.compile(rb"[A-Za-z\xa8\xb8\xc0-\xff]{2,}")
HIGH = re.compile(rb"[\xa8\xb8\xc0-\xff]")


def text_lines(content: bytes, encoding: str) -> Iterator[FileLine]:
    """Yield every line with its number in the file; a quoted cell may run over several."""
    text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    delimiter = delimiter_of(text.read(PIECE))
    text.seek(0)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    csv.field_size_limit(MAX_TEXT)
    number = 1
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS * 20:
                raise Refused("too_many_columns", line=number, column=len(cells), limit=MAX_COLUMNS)
            if number > 1 or not "".join(cells).startswith("sep="):  # Excel's own hint
                yield FileLine(number, [cell(each) for each in cells])
            number = reader.line_num + 1
    except csv.Error as error:
        if "field larger" in str(error):
            raise Refused("too_long_text", line=number, column="?", limit=MAX_TEXT) from error
        raise Refused("quotes", line=number) from error


def delimiter_of(beginning: str) -> str:
    """Return the delimiter that stands equally often in most of the first lines, outside quotation marks."""
    first = [re.sub(r'"[^"]*"', "", line) for line in beginning.splitlines()[:20] if line.strip()]

    def score(delimiter: str) -> int:
        counts = Counter(line.count(delimiter) for line in first)
        return max((times * number for number, times in counts.items() if number), default=0)

    return max(DELIMITERS, key=score)


def encoding_of(content: bytes) -> str:
    """Return utf-8-sig, utf-8, utf-16, cp1254 or cp1251. Refuses what is no text."""
    bom = next((name for mark, name in BOMS.items() if content.startswith(mark)), "")
    if b"\0" in content and not bom:
        raise Refused("not_text")
    usual = ["utf-8", *(("cp1251", "cp1254") if _looks_cyrillic(content) else ("cp1254", "cp1251"))]
    for name in [bom] if bom else usual:
        try:
            text = content.decode(name)
        except UnicodeError:
            continue
        if "\0" in text:
            raise Refused("not_text")
        return name
    raise Refused("unknown_encoding")


def _looks_cyrillic(content: bytes) -> bool:
    """Cyrillic words are all of high bytes, Turkish letters stand between plain ones."""
    whole = mixed = 0
    for word in WORD.findall(content):
        high = len(HIGH.findall(word))
        whole += high == len(word)
        mixed += 0 < high < len(word)
    return whole > mixed


# --- XLSX: looked over by ourselves, its values by calamine --------------------------------------
UNREADABLE = (
    CalamineError, zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, OSError, expat.ExpatError,
    ValueError, LookupError,
)  # fmt: skip
REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
AREA = re.compile(f"{REFERENCE.pattern}:{REFERENCE.pattern}")
# Without these a sheet has no formula, error or merged cell. Most have none, and need no second look.
SPECIAL = (b"<f", b":f", b"mergeCell", b'"e"', b"'e'")


class SheetMarks:
    """Read from the XML of a sheet what its cells have beside values: formulas, errors, merged areas."""

    def __init__(self) -> None:
        self.flags: defaultdict[int, dict[int, CellFlag]] = defaultdict(dict)  # by row and column
        self.merged: list[tuple[int, int, int, int]] = []  # row, column to row, column
        self.formulas = self.row = self.column = 0
        self.error = self.taking = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.taking = False
        match _local(tag):
            case "row":
                self.row, self.column = int(attributes.get("r", self.row + 1)), 0
            case "c":
                found = REFERENCE.fullmatch(attributes.get("r", ""))
                self.column = _column(found[1]) if found else self.column + 1
                self.error = attributes.get("t") == "e"
                if self.error:
                    self.flags[self.row][self.column] = CellFlag(x="error_value", v="")
            case "v":
                self.taking = self.error
            case "f":
                self.formulas += 1
                if self.formulas > MAX_FORMULAS:
                    raise Refused("many_formulas", limit=MAX_FORMULAS)
                self.flags[self.row][self.column] = CellFlag(x="formula", v="")
            case "mergeCell":
                self._merge(attributes.get("ref", ""))

    def data(self, text: str) -> None:
        if self.taking:
            flag = self.flags[self.row][self.column]
            flag["v"] = (flag["v"] + text).strip()[:40]

    def _merge(self, reference: str) -> None:
        if len(self.merged) >= MAX_AREAS:
            raise Refused("many_merged", limit=MAX_AREAS)
        if found := AREA.fullmatch(reference):
            self.merged.append((int(found[2]), _column(found[1]), int(found[4]), _column(found[3])))


def _column(letters: str) -> int:
    """Return the number of a column: A is 1, Z is 26, AA is 27."""
    return sum((ord(letter) - 64) * 26**power for power, letter in enumerate(reversed(letters)))


def _local(tag: str) -> str:
    return tag.rpartition(" ")[2]


def _external(*_arguments: Any) -> None:
    raise Refused("external")


def _declared(version: str, encoding: str | None, standalone: int) -> None:
    """Others are not read as they were looked over."""
    if encoding and encoding.lower() not in {"utf-8", "us-ascii"}:
        raise Refused("damaged")


class Workbook:
    """An archive whose parts were looked over; its values are read afterwards."""

    def __init__(self, content: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        self._look_inside()
        types = self._elements("[Content_Types].xml")
        if any("macroenabled" in each.get("ContentType", "").lower() for _tag, each in types):
            raise Refused("macros")
        name, part = self._first_sheet()
        for other, limit in (("xl/styles.xml", MAX_SMALL), ("xl/sharedStrings.xml", MAX_TEXTS)):
            if other in self.archive.NameToInfo:
                self._parse(other, limit)
        self.marks = marks = SheetMarks()
        if self._parse(part, MAX_SHEET):
            self._parse(part, MAX_SHEET, StartElementHandler=marks.start, CharacterDataHandler=marks.data)
        self.rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(name)

    def _look_inside(self) -> None:
        parts = self.archive.infolist()
        names = [part.filename for part in parts]
        if any(part.flag_bits & 1 for part in parts):
            raise Refused("locked")
        if len(parts) > MAX_PARTS or len(set(names)) < len(names):
            raise Refused("damaged")
        if "xl/workbook.xml" not in names:
            raise Refused("not_a_workbook")
        if any("vbaproject" in name.lower() or "macrosheets" in name.lower() for name in names):
            raise Refused("macros")
        if sum(part.file_size for part in parts) > MAX_SHEET + MAX_TEXTS:
            raise Refused("unpacks_too_large")

    def _parse(self, name: str, limit: int, **handlers: Any) -> bool:
        """Read a part of whole XML without definitions of its own, up to its limit whatever the archive declares;
        say whether something special stands in it.
        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler, parser.XmlDeclHandler = _external, _declared
        for handler, called in handlers.items():
            setattr(parser, handler, called)
        size, special, last = 0, False, b""
        with self.archive.open(name) as part:
            while piece := part.read(PIECE):
                size += len(piece)
                if size > limit:
                    raise Refused("unpacks_too_large")
                if b"\0" in piece:  # UTF-16
                    raise Refused("damaged")
                special = special or any(mark in last + piece for mark in SPECIAL)
                last = piece[-10:]
                parser.Parse(piece, False)
        parser.Parse(b"", True)
        return special

    def _elements(self, name: str) -> list[tuple[str, dict[str, str]]]:
        """Return (local name, attributes by local name) of a small part."""
        found: list[tuple[str, dict[str, str]]] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            found.append((_local(tag), {_local(key): value for key, value in attributes.items()}))

        if name in self.archive.NameToInfo:
            self._parse(name, MAX_SMALL, StartElementHandler=start)
        return found

    def _first_sheet(self) -> tuple[str, str]:
        """Return the name and the part of the first visible sheet."""
        targets = {
            each.get("Id"): each.get("Target", "")
            for tag, each in self._elements("xl/_rels/workbook.xml.rels")
            if tag == "Relationship" and each.get("TargetMode") != "External"
        }
        sheets = [each for tag, each in self._elements("xl/workbook.xml") if tag == "sheet"]
        if len({each.get("name") for each in sheets}) < len(sheets):
            raise Refused("damaged")
        for sheet in sheets:
            target = targets.get(sheet.get("id"), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if sheet.get("state", "visible") == "visible" and part in self.archive.NameToInfo:
                return sheet.get("name", ""), part
        raise Refused("no_sheet")

    def lines(self) -> Iterator[FileLine]:
        rows, flags = self.rows, self.marks.flags
        left, height = (rows.start[1], rows.end[0] + 1) if rows.start and rows.end else (0, 0)
        below = repeat(list[Any](), max(flags, default=0) - height)  # formulas without a value
        for number, values in enumerate(chain(rows.iter_rows(), below), 1):
            flagged = flags.get(number, {})
            if not (flagged or any(values)) and set(values) <= {""}:
                continue
            cells: list[Cell] = [""] * left
            cells += [self._cell(value, number, column) for column, value in enumerate(values, left + 1)]
            cells += [""] * (max(flagged, default=0) - len(cells))
            for column, flag in flagged.items():
                cells[column - 1] = CellFlag(x=flag["x"], v=flag["v"] or shown(cells[column - 1]))
            yield FileLine(number, cells)

    @staticmethod
    def _cell(value: Any, line: int, column: int) -> Cell:
        match value:
            case str():
                if len(value) > MAX_TEXT:
                    raise Refused("too_long_text", line=line, column=column, limit=MAX_TEXT)
                return cell(value) if value else ""
            case bool():
                return str(int(value))
            case float() if math.isfinite(value):
                return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
            case float():
                return CellFlag(x="error_value", v=str(value))
            case date():  # and an instant
                return (value.date() if isinstance(value, datetime) else value).isoformat()
        return cell(str(value))


# --- the process ---------------------------------------------------------------------------------
def opened(content: bytes) -> tuple[dict[str, Any], Iterator[FileLine]]:
    """Return what is said first of a file, and its lines."""
    if not content:
        raise Refused("empty")
    if content.startswith(OLD_OR_LOCKED):
        raise Refused("locked")
    if content.startswith(b"PK"):
        try:
            book = Workbook(content)
        except UNREADABLE as error:
            raise Refused("damaged") from error
        return {"encoding": "xlsx", "merged": book.marks.merged}, book.lines()
    encoding = encoding_of(content)
    return {"encoding": encoding, "merged": []}, text_lines(content, encoding)


def write(content: bytes, out: BinaryIO) -> None:
    def say(what: Any) -> None:
        out.write(json.dumps(what, ensure_ascii=False).encode("utf-8", errors="replace") + b"\n")

    try:
        first, lines = opened(content)
        say(first)
        for line in filled(lines):
            say(line)
        say({"end": True})
    except Refused as refusal:
        say({"refused": [refusal.code, refusal.figures]})
    out.flush()


def main() -> None:
    for limit, most in {"AS": MEMORY, "CPU": SECONDS, "CORE": 0, "FSIZE": 0}.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{limit}"), (most, most))
    try:
        write(sys.stdin.buffer.read(), sys.stdout.buffer)
    except MemoryError:
        sys.exit(NO_MEMORY)


if __name__ == "__main__":
    main()

"""The first visible sheet of an .xlsx workbook, read as a stream.

Nothing is unpacked to disk and nothing is kept but shared texts under a limit, so that a small archive
with enormous contents, a cell at the far end of the sheet or one long text named a million times costs
nothing before it is refused. Formulas are flagged, never computed; macros are refused.
"""

import re
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, BinaryIO
from xml.parsers import expat

from .lines import MAX_COLUMNS, MAX_TEXT, Cell, Flag, Line, cell
from .refusals import FileRefused

PIECE = 1 << 16
# NotImplementedError is what zipfile says of a way of packing that it does not know.
UNREADABLE = (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, OSError)
MAX_PARTS = 1000
MAX_SHEET, MAX_TEXTS, MAX_SMALL = 120_000_000, 40_000_000, 4_000_000  # bytes of XML
MAX_FORMULAS = 1000
MAX_AREAS = 10_000  # merged, anywhere in the sheet
BUILT_IN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")


@dataclass
class Book:
    texts: list[Cell] = field(default_factory=list)
    date_styles: frozenset[int] = frozenset()
    epoch: datetime = datetime(1899, 12, 30)
    sheet: str = ""
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # row, column to row, column


def lines(file: BinaryIO) -> tuple[Book, Iterator[Line]]:
    """The book, whose `merged` is whole once all lines are taken, and the lines."""
    try:
        archive = zipfile.ZipFile(file)
        _look_inside(archive)
        book = _book(archive)
    except UNREADABLE as error:
        raise FileRefused("damaged") from error
    return book, _lines(archive, book)


def _look_inside(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if any(part.flag_bits & 1 for part in parts):
        raise FileRefused("locked")
    if len(parts) > MAX_PARTS or len(set(names)) < len(names):
        raise FileRefused("damaged")
    if "xl/workbook.xml" not in names:
        raise FileRefused("not_a_workbook")
    if any("vbaproject" in name.lower() or "macrosheets" in name.lower() for name in names):
        raise FileRefused("macros")
    if sum(part.file_size for part in parts) > MAX_SHEET + MAX_TEXTS:
        raise FileRefused("unpacks_too_large")


def _pieces(archive: zipfile.ZipFile, name: str, limit: int) -> Iterator[bytes]:
    """What the part says, up to its limit, whatever the archive declares."""
    size = 0
    with archive.open(name) as part:
        while piece := part.read(PIECE):
            size += len(piece)
            if size > limit:
                raise FileRefused("unpacks_too_large")
            yield piece


def _parser() -> Any:
    def refuse(*_arguments: Any) -> None:
        raise FileRefused("external")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.buffer_size = PIECE
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _parse(parser: Any, pieces: Iterator[bytes]) -> None:
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise FileRefused("damaged") from error


def _elements(archive: zipfile.ZipFile, name: str) -> list[tuple[str, dict[str, str]]]:
    """(local name, attributes by local name) of a small part."""
    found: list[tuple[str, dict[str, str]]] = []
    if name not in archive.NameToInfo:
        return found
    parser = _parser()
    parser.StartElementHandler = lambda tag, attributes: found.append(
        (_local(tag), {_local(key): value for key, value in attributes.items()})
    )
    _parse(parser, _pieces(archive, name, MAX_SMALL))
    return found


def _local(tag: str) -> str:
    return tag.rpartition(" ")[2]


def _book(archive: zipfile.ZipFile) -> Book:
    if any(
        "macroenabled" in attributes.get("ContentType", "").lower()
        for _tag, attributes in _elements(archive, "[Content_Types].xml")
    ):
        raise FileRefused("macros")
    book = Book(sheet=_first_sheet(archive), date_styles=_date_styles(archive))
    for tag, attributes in _elements(archive, "xl/workbook.xml"):
        if tag == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
            book.epoch = datetime(1904, 1, 1)
    book.texts = _texts(archive)
    return book


def _first_sheet(archive: zipfile.ZipFile) -> str:
    targets = {
        attributes.get("Id"): attributes.get("Target", "")
        for tag, attributes in _elements(archive, "xl/_rels/workbook.xml.rels")
        if tag == "Relationship" and attributes.get("TargetMode") != "External"
    }
    for tag, attributes in _elements(archive, "xl/workbook.xml"):
        if tag == "sheet" and attributes.get("state", "visible") == "visible":
            target = targets.get(attributes.get("id"), "")
            name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if name in archive.NameToInfo:
                return name
    raise FileRefused("no_sheet")


def _date_styles(archive: zipfile.ZipFile) -> frozenset[int]:
    """Indexes of the cell formats that show a day."""
    dates, found, inside, number = set(BUILT_IN_DATES), set(), False, 0
    for tag, attributes in _elements(archive, "xl/styles.xml"):
        if tag == "numFmt":
            code = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", attributes.get("formatCode", "")).lower()
            if "d" in code and ("m" in code or "y" in code) or "yy" in code:
                dates.add(_number(attributes.get("numFmtId", "")))
        elif tag in {"cellXfs", "cellStyles", "dxfs", "cellStyleXfs"}:
            inside, number = tag == "cellXfs", 0
        elif tag == "xf" and inside:
            if _number(attributes.get("numFmtId", "")) in dates:
                found.add(number)
            number += 1
    return frozenset(found)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else -1


def _texts(archive: zipfile.ZipFile) -> list[Cell]:
    """The texts that cells share, each judged once, however often it is named."""
    if "xl/sharedStrings.xml" not in archive.NameToInfo:
        return []
    texts: list[Cell] = []
    parts: list[str] = []
    state = {"text": False, "reading": 0}
    parser = _parser()

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = _local(tag)
        state["text"] = name == "t" and not state["reading"]
        state["reading"] += name == "rPh"  # how it is read aloud

    def end(tag: str) -> None:
        name = _local(tag)
        state["text"] = False
        state["reading"] -= name == "rPh"
        if name == "si":
            texts.append(cell("".join(parts)))
            parts.clear()

    def data(text: str) -> None:
        if state["text"]:
            parts.append(text)

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, data
    _parse(parser, _pieces(archive, "xl/sharedStrings.xml", MAX_TEXTS))
    return texts


class _Sheet:
    """Handlers of the sheet's XML: whole rows wait in `ready`."""

    def __init__(self, book: Book) -> None:
        self.book, self.ready = book, deque[Line]()
        self.row = self.column = self.formulas = 0
        self.cells: dict[int, Cell] = {}
        self.kind = self.style = ""
        self.parts: list[str] = []
        self.taking = self.formula = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match _local(tag):
            case "row":
                self.row = _number(attributes.get("r", "")) if "r" in attributes else self.row + 1
                self.cells, self.column = {}, 0
            case "c":
                found = _REFERENCE.fullmatch(attributes.get("r", ""))
                self.column = _column(found[1]) if found else self.column + 1
                self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "0")
                self.parts, self.formula = [], False
            case "v" | "t":
                self.taking = True
            case "f":
                self.formula = True
            case "mergeCell":
                self._merge(attributes.get("ref", ""))

    def data(self, text: str) -> None:
        if self.taking:
            self.parts.append(text)

    def end(self, tag: str) -> None:
        match _local(tag):
            case "v" | "t":
                self.taking = False
            case "c":
                self._cell()
            case "row" if self.cells:
                width = max(self.cells)
                self.ready.append(Line(self.row, [self.cells.get(n, "") for n in range(1, width + 1)]))

    def _cell(self) -> None:
        value = self._value("".join(self.parts))
        if self.formula:
            self.formulas += 1
            if self.formulas > MAX_FORMULAS:
                raise FileRefused("many_formulas", limit=MAX_FORMULAS)
            value = Flag(x="formula", v=value if isinstance(value, str) else value["v"])
        if value == "":
            return
        if self.column > MAX_COLUMNS:
            raise FileRefused("too_many_columns", line=self.row, column=self.column, limit=MAX_COLUMNS)
        self.cells[self.column] = value

    def _value(self, text: str) -> Cell:
        match self.kind:
            case "s":
                number = _number(text)
                if not 0 <= number < len(self.book.texts):
                    raise FileRefused("damaged")
                return self.book.texts[number]
            case "e":
                return Flag(x="error_value", v=text[:40])
            case "b":
                return {"1": "1", "0": "0"}.get(text, "")
            case "n" if text:
                return _figure(text, self.book, _number(self.style) in self.book.date_styles)
        if len(text) > MAX_TEXT:
            raise FileRefused("too_long_text", line=self.row, column=self.column, limit=MAX_TEXT)
        return cell(text)

    def _merge(self, reference: str) -> None:
        if len(self.book.merged) >= MAX_AREAS:
            raise FileRefused("many_merged", limit=MAX_AREAS)
        first, _, last = reference.partition(":")
        corners = [_REFERENCE.fullmatch(corner) for corner in (first, last)]
        if corners[0] and corners[1]:
            (left, top), (right, bottom) = ((_column(each[1]), int(each[2])) for each in corners if each)
            self.book.merged.append((top, left, bottom, right))


def _lines(archive: zipfile.ZipFile, book: Book) -> Iterator[Line]:
    sheet, parser = _Sheet(book), _parser()
    parser.StartElementHandler, parser.EndElementHandler = sheet.start, sheet.end
    parser.CharacterDataHandler = sheet.data
    try:
        for piece in _pieces(archive, book.sheet, MAX_SHEET):
            parser.Parse(piece, False)
            while sheet.ready:
                yield sheet.ready.popleft()
        parser.Parse(b"", True)
    except (expat.ExpatError, *UNREADABLE) as error:
        raise FileRefused("damaged") from error
    yield from sheet.ready


def _column(letters: str) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _figure(text: str, book: Book, is_date: bool) -> Cell:
    """A number as it is written, or the day that it stands for."""
    try:
        number = float(text)
        if is_date:
            return (book.epoch + timedelta(days=number)).date().isoformat()
        return str(int(number)) if number == int(number) and abs(number) < 1e15 else repr(number)
    except (ValueError, OverflowError):
        return Flag(x="error_value", v=text[:40])

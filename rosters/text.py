"""CSV as it comes from offices: which letters, which delimiter, where its lines are."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from .lines import MAX_COLUMNS, MAX_TEXT, Line, cell
from .refusals import FileRefused

PIECE = 1 << 16
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
DELIMITERS = ";,\t|"
# Words of at least two letters in an encoding of one byte a letter.
WORD = re.compile(rb"[A-Za-z\xa8\xb8\xc0-\xff]{2,}")
HIGH = re.compile(rb"[\xa8\xb8\xc0-\xff]")


def lines(file: BinaryIO, encoding: str) -> Iterator[Line]:
    """Every line with its number in the file; a quoted cell may run over several."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        yield from _lines(text)
    finally:
        text.detach()


def _lines(text: io.TextIOWrapper) -> Iterator[Line]:
    delimiter = delimiter_of(text.read(PIECE))
    text.seek(0)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    csv.field_size_limit(MAX_TEXT)
    number = 1
    try:
        for cells in reader:
            if len(cells) > MAX_COLUMNS * 20:
                raise FileRefused("too_many_columns", line=number, column=len(cells), limit=MAX_COLUMNS)
            if not (number == 1 and len(cells) == 1 and cells[0].startswith("sep=")):  # Excel's own hint
                yield Line(number, [cell(each) for each in cells])
            number = reader.line_num + 1
    except csv.Error as error:
        if "field larger" in str(error):
            raise FileRefused("too_long_text", line=number, column="?", limit=MAX_TEXT) from error
        raise FileRefused("quotes", line=number) from error


def delimiter_of(beginning: str) -> str:
    """The delimiter that stands equally often in most of the first lines, outside quotation marks."""
    first = [re.sub(r'"[^"]*"', "", line) for line in beginning.splitlines()[:20] if line.strip()]
    scores = {}
    for delimiter in DELIMITERS:
        counts = Counter(line.count(delimiter) for line in first)
        scores[delimiter] = max((times * number for number, times in counts.items() if number), default=0)
    return max(DELIMITERS, key=lambda delimiter: scores[delimiter])


def encoding_of(file: BinaryIO) -> str:
    """utf-8-sig, utf-8, utf-16, cp1254 or cp1251. Read piece by piece; refuses what is no text."""
    file.seek(0)
    beginning = file.read(PIECE)
    for bom, name in BOMS.items():
        if beginning.startswith(bom):
            return name if _decodes(file, name) else _unknown()
    if b"\0" in beginning:
        raise FileRefused("not_text")
    if _decodes(file, "utf-8"):
        return "utf-8"
    cyrillic = _looks_cyrillic(file)
    for name in ("cp1251", "cp1254") if cyrillic else ("cp1254", "cp1251"):
        if _decodes(file, name):
            return name
    return _unknown()


def _unknown() -> str:
    raise FileRefused("unknown_encoding")


def _decodes(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while piece := file.read(PIECE):
            if "\0" in decoder.decode(piece):
                raise FileRefused("not_text")
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _looks_cyrillic(file: BinaryIO) -> bool:
    """Cyrillic words are all of high bytes, Turkish letters stand between plain ones."""
    file.seek(0)
    whole = mixed = 0
    while piece := file.read(PIECE):
        for word in WORD.findall(piece):
            high = len(HIGH.findall(word))
            whole += high == len(word)
            mixed += 0 < high < len(word)
    return whole > mixed

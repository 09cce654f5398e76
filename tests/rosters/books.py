"""Roster files as offices make them, and as nobody should."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

HEADINGS = ["Xidməti nömrə", "Soyad", "Ad", "Ata adı", "Bölmə", "Vəzifə", "E-poçt"]


def csv_of(lines: Iterable[Sequence[Any]], *, encoding: str = "utf-8", delimiter: str = ";") -> bytes:
    text = "".join(delimiter.join(map(_quoted, line)) + "\r\n" for line in lines)
    return text.encode(encoding)


def _quoted(value: Any) -> str:
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ';,\t|"\n') else text


def book_of(lines: Iterable[Sequence[Any]], *, merged: Sequence[str] = (), macros: bool = False) -> bytes:
    """An .xlsx workbook; days are written as days, texts beginning with = as formulas."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    sheet = book.add_worksheet("Siyahı")
    for row, line in enumerate(lines):
        for column, value in enumerate(line):
            if hasattr(value, "year"):
                sheet.write_datetime(row, column, value, day)
            else:
                sheet.write(row, column, value)
    for area in merged:
        sheet.merge_range(area, "bir")
    book.close()
    return with_part(file.getvalue(), "xl/vbaProject.bin", b"macro") if macros else file.getvalue()


def with_part(book: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one part more, or with another content of a part."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part.filename, old.read(part.filename))
        new.writestr(name, content)
    return made.getvalue()


def sheet_of(rows: Iterable[str], *, texts: str = "") -> bytes:
    """A workbook whose sheet holds these rows of XML as they are."""
    whole = "".join(rows)
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    book = with_part(
        book_of([["a"]]), "xl/worksheets/sheet1.xml", f"<worksheet {space}>{whole}</worksheet>".encode()
    )
    return with_part(book, "xl/sharedStrings.xml", f"<sst {space}>{texts}</sst>".encode()) if texts else book

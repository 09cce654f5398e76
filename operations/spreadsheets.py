"""Files that people open in a spreadsheet: CSV and XLSX, row by row, with constant memory."""

import csv
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from . import clock

type Cell = StrOrPromise | int | float | Decimal | bool | date | datetime | None
type Rows = Iterable[Sequence[Cell]]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS, LONGEST_TEXT = 1_048_575, 32_767  # what XLSX can hold, without the headings
WIDTH = 24  # characters


class TooManyRows(Exception):
    """More than a sheet can hold; the text is for the person who asked."""


def no_formula(text: str) -> str:
    """Return the text with a mark before a leading = + - @, also behind white space: a spreadsheet takes it
    for a formula.
    """
    leading = text.lstrip()[:1]
    return f"'{text}" if leading and leading in "=+-@＝＋－＠" or text[:1] in {"\t", "\r"} else text


def csv_download(name: str, headings: Sequence[StrOrPromise], rows: Rows) -> FileResponse:
    """Return an attachment: UTF-8 with the mark by which spreadsheets tell it, semicolons between cells.

    It is written in full before the first byte leaves; its bytes are `b"".join(response)`.
    """
    return _download(name, "text/csv; charset=utf-8", _write_csv, headings, rows)


def xlsx_download(name: str, headings: Sequence[StrOrPromise], rows: Rows) -> FileResponse:
    """Do as `csv_download`, as XLSX."""
    return _download(name, XLSX, _write_xlsx, headings, rows)


def write_csv(path: Path, headings: Sequence[StrOrPromise], rows: Rows) -> int:
    """Write the file and return how many rows it has, without the headings."""
    with path.open("wb") as file:
        return _write_csv(file, headings, rows)


def write_xlsx(path: Path, headings: Sequence[StrOrPromise], rows: Rows) -> int:
    """Do as `write_csv`, as XLSX; raise TooManyRows where a sheet cannot hold them."""
    with path.open("wb") as file:
        return _write_xlsx(file, headings, rows)


def _download(
    name: str, content_type: str, write: Any, headings: Sequence[StrOrPromise], rows: Rows
) -> FileResponse:
    file = tempfile.SpooledTemporaryFile(max_size=1_000_000)  # noqa: SIM115  # the response closes it
    write(file, headings, rows)
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
    response.headers["Cache-Control"] = "no-store"
    return response


class _Text:
    """UTF-8 into a binary file that stays open."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def write(self, text: str) -> int:
        return self.file.write(text.encode("utf-8", errors="replace"))


def _write_csv(file: IO[bytes], headings: Sequence[StrOrPromise], rows: Rows) -> int:
    file.write(b"\xef\xbb\xbf")
    writer = csv.writer(_Text(file), delimiter=";")
    writer.writerow([no_formula(str(heading)) for heading in headings])
    number = 0
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
        number += 1
    return number


def _csv_cell(cell: Cell) -> Any:
    match cell:
        case None:
            return ""
        case bool():
            return int(cell)
        case int() | float() | Decimal():
            return cell
        case datetime():
            return _local(cell).isoformat(sep=" ", timespec="minutes")
        case date():
            return cell.isoformat()
        case _:
            return no_formula(str(cell))


def _local(instant: datetime) -> datetime:
    """Return an instant as a clock in Baku shows it: spreadsheets know no zones."""
    return instant.astimezone(clock.BAKU).replace(tzinfo=None) if instant.tzinfo else instant


def _write_xlsx(file: IO[bytes], headings: Sequence[StrOrPromise], rows: Rows) -> int:
    """Write text as text, whatever it begins with: nothing becomes a formula or a link."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        formats = {
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
            "instant": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }
        worksheet = book.add_worksheet()
        worksheet.freeze_panes(1, 0)
        worksheet.set_column(0, max(len(headings) - 1, 0), WIDTH)
        bold = book.add_format({"bold": True})
        for column, heading in enumerate(headings):
            worksheet.write_string(0, column, str(heading)[:LONGEST_TEXT], bold)
        number = 0
        for number, row in enumerate(rows, start=1):
            if number > MOST_ROWS:
                raise TooManyRows(_("A sheet holds at most 1,048,575 rows. Choose fewer, or CSV."))
            for column, cell in enumerate(row):
                _write_cell(worksheet, number, column, cell, formats)
    return number


def _write_cell(worksheet: Any, row: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    match cell:
        case None:
            return
        case bool():
            worksheet.write_boolean(row, column, cell)
        case int() | float() | Decimal():
            worksheet.write_number(row, column, cell)
        case datetime():
            worksheet.write_datetime(row, column, _local(cell), formats["instant"])
        case date():
            worksheet.write_datetime(row, column, cell, formats["day"])
        case _:
            worksheet.write_string(row, column, str(cell)[:LONGEST_TEXT])

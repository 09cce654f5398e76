"""What a spreadsheet finds in our files, and what it must not."""

import csv
import io
import tracemalloc
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from operations import spreadsheets
from operations.spreadsheets import csv_download, no_formula, write_csv, write_xlsx, xlsx_download

HEADINGS = ["Soyad", "Ad"]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "  =1", "\t=1", "\r=1", "＝1", '=HYPERLINK("http://a")']


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def read_xlsx(path: Path) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_a_spreadsheet_would_calculate_is_marked_as_text(text: str) -> None:
    assert no_formula(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", " ", "Əliyev", "a=b", "1-2", "'=1", "O'Hara"])
def test_other_text_stays(text: str) -> None:
    assert no_formula(text) == text


def test_csv_is_utf8_with_its_mark_and_semicolons(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    assert write_csv(path, HEADINGS, [["Əliyev; Ə", 'Şəms "Ş"'], ["Ilqar\nIı", None]]) == 2
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfSoyad;Ad\r\n")
    assert read_csv(content) == [HEADINGS, ["Əliyev; Ə", 'Şəms "Ş"'], ["Ilqar\nIı", ""]]


def test_cells_keep_their_kinds(tmp_path: Path) -> None:
    row = [date(2026, 3, 1), datetime(2026, 2, 28, 21, 30, tzinfo=UTC), 7, 1.5, True]
    write_csv(tmp_path / "x.csv", ["a"] * 5, [row])
    write_xlsx(tmp_path / "x.xlsx", ["a"] * 5, [row])
    assert read_csv((tmp_path / "x.csv").read_bytes())[1] == [
        "2026-03-01", "2026-03-01 01:30", "7", "1.5", "1",
    ]  # fmt: skip
    assert read_xlsx(tmp_path / "x.xlsx")[1] == [
        date(2026, 3, 1), datetime(2026, 3, 1, 1, 30), 7.0, 1.5, True,
    ]  # fmt: skip


def test_xlsx_holds_no_formula_and_no_link(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "x.xlsx"
    write_xlsx(path, HEADINGS, [[text, "http://agency.example"] for text in FORMULAS])
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "hyperlink" not in sheet
    assert [row[0] for row in read_xlsx(path)[1:4]] == FORMULAS[:3]


def test_headings_of_xlsx_stay_in_sight(tmp_path: Path) -> None:
    assert write_xlsx(tmp_path / "x.xlsx", HEADINGS, []) == 0
    assert read_xlsx(tmp_path / "x.xlsx") == [HEADINGS]


def test_more_rows_than_a_sheet_holds_are_refused_in_words(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 2)
    with pytest.raises(spreadsheets.TooManyRows, match="at most"):
        write_xlsx(tmp_path / "x.xlsx", HEADINGS, [["a", "b"]] * 3)


def test_text_longer_than_a_cell_is_cut(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "x.xlsx", HEADINGS, [["x" * 40_000, "y"]])
    assert len(read_xlsx(tmp_path / "x.xlsx")[1][0]) == 32_767


def test_downloads_are_attachments_that_no_browser_keeps() -> None:
    for download, ending in ((csv_download, "csv"), (xlsx_download, "xlsx")):
        response = download(f"siyahı.{ending}", HEADINGS, [["a", "b"]])
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["Cache-Control"] == "no-store"
        assert len(b"".join(response)) == int(response.headers["Content-Length"])  # type: ignore[arg-type]


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_memory_does_not_grow_with_the_rows(write: Any, tmp_path: Path) -> None:
    peaks = []
    for rows in (200, 20_000):
        tracemalloc.start()
        write(tmp_path / "x", HEADINGS, ([f"Əliyev {n}", n] for n in range(rows)))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 1_000_000

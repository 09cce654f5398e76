import io
import json
import os
import resource
import subprocess
import sys
import tracemalloc
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from rosters import staging, wording
from rosters.wording import FileRefused

from .books import HEADINGS, book_of, csv_of, sheet_of, with_part

LINE = ["M-01188", "Quliyev", "Orxan", "Vaqif oğlu", "Gəncə", "LAB", "o.quliyev@agency.example"]


def read(content):
    """(what was read, its lines)"""
    lines = []
    found = staging.read_file([content], lambda steps: lines.extend(line for step in steps for line in step))
    return found, lines


def refusal(content):
    with pytest.raises(FileRefused) as caught:
        read(content)
    for language in ("az", "en", "ru"):
        with override(language):
            assert "%" not in str(caught.value)
    return caught.value.code


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_is_read_in_every_encoding_and_with_every_delimiter(encoding, delimiter):
    found, lines = read(csv_of([HEADINGS, LINE], encoding=encoding, delimiter=delimiter))
    assert found.headings == HEADINGS
    assert lines == [(2, LINE)]


def test_turkish_letters_of_windows_1254_are_told_from_cyrillic_ones_of_1251():
    turkish = csv_of([["Soyad", "Ad", "E-mail"], ["Şıxıyev", "Oğuz", "a@b.example"]], encoding="cp1254")
    russian = csv_of([["Фамилия", "Имя", "E-mail"], ["Гулиев", "Орхан", "a@b.example"]], encoding="cp1251")
    assert (read(turkish)[0].encoding, read(turkish)[1][0][1][:2]) == ("cp1254", ["Şıxıyev", "Oğuz"])
    assert (read(russian)[0].encoding, read(russian)[1][0][1][:2]) == ("cp1251", ["Гулиев", "Орхан"])


def test_numbers_of_lines_are_those_of_the_file_also_after_a_cell_of_two_lines():
    content = b'Soyad;Ad\r\n"Qul\niyev";Orxan\r\n\r\nNa\xc4\x9f\xc4\xb1yeva;Sevinc\r\n'
    assert [line.number for line in read(content)[1]] == [2, 5]


def test_headings_may_stand_below_a_title():
    found, lines = read(csv_of([["Əməkdaşların siyahısı"], [], HEADINGS, LINE]))
    assert (found.headings, lines[0].number) == (HEADINGS, 4)


def test_a_workbook_is_read_with_days_numbers_and_shared_texts():
    book = book_of([["Xidməti nömrə", "Soyad", "Başlama tarixi"], [1207, "Nağıyeva", date(2026, 12, 1)]])
    assert read(book)[1] == [(2, ["1207", "Nağıyeva", "2026-12-01"])]


def test_our_reader_sees_what_another_library_sees():
    rows = [HEADINGS, *([f"M-{n}", "Quliyev", "", "Vaqif oğlu", 7.5, n, "x@y.example"] for n in range(50))]
    book = book_of(rows)
    other = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    plain = [[str(int(v)) if isinstance(v, float) and v == int(v) else str(v) for v in row] for row in other]
    assert [line.cells for line in read(book)[1]] == plain[1:]


def test_formulas_are_flagged_and_never_computed():
    book = book_of([HEADINGS, ["M-1", '=HYPERLINK("http://x.example";"Quliyev")', *LINE[2:]]])
    assert read(book)[1][0].cells[1]["x"] == "formula"
    text = csv_of([HEADINGS, ["M-1", "@SUM(A1)", "+cmd", "-2+3", *LINE[4:]]])
    assert [cell["x"] for cell in read(text)[1][0].cells[1:4]] == ["formula"] * 3


def test_formulas_without_a_value_and_errors_are_flagged_wherever_they_stand():
    rows = [
        '<row r="1"><c r="B1" t="str"><v>Soyad</v></c><c r="C1" t="str"><v>Ad</v></c></row>',
        '<row r="2"><c r="B2" t="str"><v>Quliyev</v></c><c r="D2"><f>1+1</f></c></row>',
        '<row r="3"><c r="B3" t="e"><v>#REF!</v></c><c t="e"><f>A1</f><v>#N/A</v></c></row>',
        '<row r="5"><c r="B5"><f>1</f></c></row>',
    ]
    found, lines = read(sheet_of(["<sheetData>", *rows, "</sheetData>"]))
    assert found.headings == ["", "Soyad", "Ad", ""]
    assert lines == [
        (2, ["", "Quliyev", "", {"x": "formula", "v": ""}]),
        (3, ["", {"x": "error_value", "v": "#REF!"}, {"x": "formula", "v": "#N/A"}]),
        (5, ["", {"x": "formula", "v": ""}]),
    ]


def test_merged_cells_below_the_headings_are_flagged_in_each_line():
    book = book_of([HEADINGS, *[LINE] * 3], merged=["E2:E4"])
    assert [line.cells[4]["x"] for line in read(book)[1]] == ["merged"] * 3
    assert [line.cells[0] for line in read(book)[1]] == ["M-01188"] * 3


def test_long_and_hidden_texts_are_flagged():
    lines = read(csv_of([HEADINGS, ["x" * 400, "Quli\u202eyev", "Or\u200bxan", "\u00a0Vaqif  oğlu "]]))[1]
    assert [cell["x"] for cell in lines[0].cells[:2]] == ["too_long", "hidden_marks"]
    assert lines[0].cells[2:] == ["Orxan", "Vaqif oğlu"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\r\n ; \r\n", "empty"),
        (b"Soyad;Ad\r\n", "no_lines"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "locked"),
        (b"PK\x03\x04 no archive", "damaged"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not_text"),
        (b"\xff\xfea", "unknown_encoding"),
        (b'Soyad;Ad\r\n"Quliyev;Orxan\r\n', "quotes"),
        (b'Soyad;Ad\r\n"Quliyev"x;Orxan\r\n', "quotes"),
        (b'Soyad;Ad\r\n"' + b"x" * 200_000 + b'";y\r\n', "too_long_text"),
        (b"Soyad;Ad\r\n" + b"x;" * 200 + b"y\r\n", "too_many_columns"),
        (b"Soyad;Ad\r\n" + b"x;y\r\n" * 100_001, "too_many_lines"),
        (book_of([HEADINGS, LINE], macros=True), "macros"),
        (with_part(book_of([["a"]]), "xl/workbook.xml", b"<a"), "damaged"),
        (with_part(book_of([["a"]]), "xl/worksheets/sheet1.xml", b"<!DOCTYPE x []><a/>"), "external"),
        (sheet_of([f'<sheetData><row r="1"><c r="{c}1"><v>1</v></c></row></sheetData>' for c in ["XFD"]]), "too_many_columns"),
        (sheet_of(["<sheetData>", *(f'<row r="{n}"><c r="A{n}"><f>1</f><v>1</v></c></row>' for n in range(1, 1100)), "</sheetData>"]), "many_formulas"),
        (sheet_of(['<sheetData><row r="1"><c r="A1" t="s"><v>7</v></c></row></sheetData>'], texts="<si><t>a</t></si>"), "damaged"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_roster_is_refused_in_words(content, code):
    assert refusal(content) == code


def test_a_workbook_of_macros_under_the_name_of_another_is_refused():
    types = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
    assert refusal(with_part(book_of([HEADINGS, LINE]), "[Content_Types].xml", types)) == "macros"


BOMBS = {
    "zeros": lambda: with_part(book_of([["a"]]), "xl/worksheets/sheet1.xml", b"<a>" + b" " * 165_000_000),
    "rows": lambda: sheet_of(["<sheetData>", '<row><c t="str"><v>x</v></c></row>' * 300_000, "</sheetData>"]),
    "far": lambda: sheet_of(['<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>']),
    "shared": lambda: sheet_of(
        ["<sheetData>", '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>' * 20_000, "</sheetData>"],
        texts=f"<si><t>{'x' * 90_000}</t></si>",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ["zeros", "rows", "far"])
def test_bombs_are_refused_before_memory_is_used(name):
    content = BOMBS[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refusal(content) in {"unpacks_too_large", "too_many_lines", "too_many_columns"}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # KB


@pytest.mark.parametrize(
    "rows", ['<row r="1"><c r="A1"><v>1</v></c></row>', '<row r="1"><c r="A1" t="str"><v>Ad</v></c></row>']
)
def test_cell_at_the_far_end_kills_only_the_process_that_reads(rows):
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refusal(sheet_of([f"<sheetData>{rows}{far}</sheetData>"])) == "too_heavy"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # KB


def test_process_that_reads_ends_with_whoever_stops_listening():
    before = children()
    with staging.reader([csv_of([HEADINGS, *[LINE] * 50_000])]) as said:
        assert next(said)["encoding"] == "utf-8"
        assert len(children() - before) == 1
    assert children() - before == set()


def test_process_that_reads_has_neither_secrets_nor_django():
    before = children()  # of other tests: a browser's driver
    environs = []

    def pieces():  # asked while the process waits for the file: once it has it all, it may end at any time
        environs.extend(Path(f"/proc/{child}/environ").read_bytes() for child in children() - before)
        yield csv_of([HEADINGS, LINE])

    with staging.reader(pieces()) as said:
        next(said)
    [environ] = environs
    assert environ.rstrip(b"\0") == b"LC_ALL=C.UTF-8"
    imported = "import sys, rosters.reading; print('django' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", imported], capture_output=True, text=True).stdout == "False\n"
    )


def children():
    """Return the ids of the processes that this one has started and that still are there."""
    return {
        each.name
        for each in Path("/proc").iterdir()
        if each.name.isdigit() and parent_of(each.name) == os.getpid()
    }


def parent_of(process):
    try:
        return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def test_one_long_text_named_a_hundred_thousand_times_kills_only_the_process_that_reads():
    content = BOMBS["shared"]()
    tracemalloc.start()
    assert refusal(content) == "too_heavy"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40_000_000


def test_long_words_of_a_refusal_are_kept_readable():
    assert wording.words_of(FileRefused("said", words="söz " * 200).kept()) == ("söz " * 200)[:280]


def test_plain_lines_have_a_limit_too(monkeypatch):
    monkeypatch.setattr(staging, "MAX_PLAIN", 1000)
    assert refusal(csv_of([HEADINGS, *[LINE] * 50])) == "unpacks_too_large"


def test_a_refusal_is_kept_without_a_language():
    kept = FileRefused("too_many_lines", limit=9).kept()
    assert json.loads(kept) == ["too_many_lines", {"limit": 9}]
    with override("en"):
        assert wording.words_of(kept).startswith("The file has more than 9 lines.")
    assert wording.words_of("old words") != ""


def test_merged_cells_without_number_are_refused_before_they_fill_the_memory():
    areas = '<mergeCell ref="A1:B1"/>' * 10_001
    book = sheet_of(["<sheetData/>", f"<mergeCells>{areas}</mergeCells>"])
    assert refusal(book) == "many_merged"


@pytest.mark.parametrize(
    "encoding", ["utf-7", "utf-16", "cp037", "windows-1251", "idna", "nobody-knows", "hex"]
)
@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml"]
)
def test_a_part_in_another_encoding_is_refused_in_words(part, encoding):
    """A file that expat and calamine do not read alike is not read at all."""
    with zipfile.ZipFile(io.BytesIO(book_of([HEADINGS, LINE]))) as archive:
        xml = archive.read(part).decode().partition("?>")[2]
    declared = f'<?xml version="1.0" encoding="{encoding}"?>{xml}'
    try:
        content = declared.encode(encoding)
    except (LookupError, UnicodeError):
        content = declared.encode()
    for each in (content, declared.encode()):
        assert refusal(with_part(book_of([HEADINGS, LINE]), part, each)) == "damaged"


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_part_packed_in_a_way_that_nobody_knows_is_refused_in_words(part):
    packed = bytearray(book_of([HEADINGS, LINE]))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        local = archive.getinfo(part).header_offset
    name = part.encode()
    central = packed.rindex(name) - 46
    packed[local + 8 : local + 10] = packed[central + 10 : central + 12] = (99).to_bytes(2, "little")
    assert refusal(bytes(packed)) == "damaged"

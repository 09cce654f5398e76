"""Roster files as the world sends them, made from a seed: some are only odd, some are meant to harm."""

import io
import random
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import xlsxwriter

from .books import with_part

HEADINGS = {
    "service_number": ["Xidməti nömrə", "SERVICE NUMBER", "Табельный номер", "Tabel №", "nömrə?"],
    "family_name": ["Soyad", "Family name", "Фамилия", "SOYADI "],
    "given_name": ["Ad", "Given name", "Имя", " adı*"],
    "father_name": ["Ata adı", "Patronymic", "Отчество"],
    "unit": ["Bölmə", "Unit", "Подразделение"],
    "role": ["Vəzifə", "Role", "Должность"],
    "email": ["E-poçt", "E-mail", "Электронная почта"],
    "start_date": ["Başlama tarixi", "Start date", "Дата начала"],
    "end_date": ["Çıxış tarixi", "Last day", "Дата увольнения"],
    "full_name": ["S.A.A.", "Full name", "ФИО"],
}
DAYS: list[Any] = [
    "1.12.2026", "01/12/2026", "2026-12-01", "1 dekabr 2026", "December 1, 2026", "1 декабря 2026 г.", "31.11.2026",
    "12/25/2026", "01.12.26", "46357", "dünən", "0000-00-00", "99.99.9999", "1.1.1", "2026-12-01T25:61", "∞",
    date(2026, 12, 1), datetime(2026, 12, 1, 13, 0), "", "", "",
]  # fmt: skip
POISON: list[Any] = [
    "=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+994501234567", "-5", '"', '""', "a\nb", "a;b,c\td|e", "x" * 5000,
    "'; DROP TABLE people_user; --", "<script>alert(1)</script>", "\u202eovehs", "Məmmеdova", "M?mm?dova", "\ufffd",
    "👮", "a\u0301\u0301\u0301", "ＦＵＬＬ", "İ", "ı", "null", "None", "{{ 7*7 }}", "%s%s%s", "../../etc/passwd",
    "\u0000"[:0], "\x07bell", " ", "-", "#REF!", "1e309", "NaN", "-0", "𐌀", "ё" * 61, "O'Brien", "D’Arc", "a" * 300,
]  # fmt: skip


class Hostile:
    """`known`: service numbers and names of the agency; `others`: numbers and addresses of another's people."""

    def __init__(self, seed: int, known: list[tuple[str, str, str]], others: list[str]) -> None:
        self.random = random.Random(seed)
        self.known, self.others = known, others

    def make(self) -> tuple[str, bytes]:
        """(file name, content)."""
        columns = self._columns()
        lines = [[self._heading(column) for column in columns]]
        lines += [self._line(columns) for _ in range(self.random.randint(0, 12))]
        if self.random.random() < 0.15:
            lines.insert(0, ["Siyahı", *[""] * self.random.randint(0, 3)])
        if self.random.random() < 0.5:
            name, content = "siyahi.csv", self._csv(lines)
        else:
            name, content = "siyahi.xlsx", self._xlsx(lines)
        return name, self._damaged(content)

    def _columns(self) -> list[str]:
        columns = ["service_number", "family_name", "given_name", "unit", "role"]
        more = ["father_name", "email", "start_date", "end_date", "full_name", "other"]
        columns += self.random.sample(more, self.random.randint(0, 4))
        if self.random.random() < 0.15:
            columns.append(self.random.choice(columns))  # a heading twice
        if self.random.random() < 0.1:
            columns.pop(self.random.randrange(len(columns)))
        if self.random.random() < 0.04:
            columns += ["other"] * 200
        self.random.shuffle(columns)
        return columns

    def _heading(self, column: str) -> str:
        if self.random.random() < 0.03:
            return str(self.random.choice(["", "???", *POISON[:4]]))
        return self.random.choice(HEADINGS.get(column, ["Qeyd", "", "№"]))

    def _line(self, columns: list[str]) -> list[Any]:
        number, family, given = self.random.choice(
            [
                *self.known,
                (f"N-{self.random.randint(1, 30)}", "Yeni", "Nəfər"),
                (self.random.choice(self.others), "Oğru", "Kimsə"),
            ]
        )
        cells = {
            "service_number": number, "family_name": family, "given_name": given, "father_name": "Vaqif oğlu",
            "full_name": f"{family} {given}", "unit": self.random.choice(["ganja", "shirvan", "Ganja (en)", "baku", ""]),
            "role": self.random.choice(["LAB", "lab", "LAB (ru)", "XXX"]), "start_date": self.random.choice(DAYS),
            "end_date": self.random.choice([*DAYS, *[""] * 40]),
            "email": self.random.choice(["", f"a{self.random.randint(1, 9)}@agency.example", *self.others, "kim"]),
        }  # fmt: skip
        line = [cells.get(column, self.random.choice(["", "qeyd"])) for column in columns]
        while self.random.random() < 0.25:
            line[self.random.randrange(len(line))] = self.random.choice(POISON)
        if self.random.random() < 0.05:
            return line[: self.random.randrange(len(line) + 1)]
        if self.random.random() < 0.05:
            return [*line, "artıq", "xana"]
        return line

    def _csv(self, lines: list[list[Any]]) -> bytes:
        delimiter = self.random.choice(";,\t|")
        end = self.random.choice(["\r\n", "\n", "\r\n\r\n"])
        encoding = self.random.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1254", "cp1251"])
        quoting = self.random.random() < 0.9

        def quoted(value: Any) -> str:
            text = value.isoformat() if hasattr(value, "isoformat") else str(value)
            needs = any(mark in text for mark in (delimiter, '"', "\n", "\r"))
            return '"' + text.replace('"', '""') + '"' if quoting and needs else text

        text = end.join(delimiter.join(map(quoted, line)) for line in lines)
        return text.encode(encoding, errors="replace")

    def _xlsx(self, lines: list[list[Any]]) -> bytes:
        file = io.BytesIO()
        book = xlsxwriter.Workbook(file, {"in_memory": True, "nan_inf_to_errors": True})
        day = book.add_format(
            {"num_format": self.random.choice(["dd.mm.yyyy", "mm/dd/yy", '[$-42C]d mmmm yyyy"-cı il"'])}
        )
        sheet = book.add_worksheet("Siyahı")
        for row, line in enumerate(lines):
            for column, value in enumerate(line):
                if hasattr(value, "isoformat"):
                    sheet.write_datetime(row, column, value, day)
                elif isinstance(value, str) and value.startswith("=") and self.random.random() < 0.5:
                    sheet.write_formula(row, column, value)
                else:
                    sheet.write_string(row, column, str(value))
        if self.random.random() < 0.15:
            sheet.merge_range(1, 0, self.random.randint(2, 9), self.random.randint(0, 2), "bir")
        book.close()
        return self._stuffed(file.getvalue())

    def _stuffed(self, book: bytes) -> bytes:
        evils: list[Callable[[], bytes]] = [
            lambda: with_part(book, "xl/vbaProject.bin", b"x"),
            lambda: with_part(book, "xl/sharedStrings.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
            lambda: with_part(book, "xl/workbook.xml", b"<workbook/>"),
            lambda: with_part(book, "xl/styles.xml", b"\xff\xfe\x00"),
            lambda: with_part(book, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r='9999999'><c r='A9999999'><v>1</v></c></row></sheetData></worksheet>"),
            lambda: _encrypted(book),
        ]  # fmt: skip
        return self.random.choice(evils)() if self.random.random() < 0.12 else book

    def _damaged(self, content: bytes) -> bytes:
        chance = self.random.random()
        if chance < 0.06 and content:
            return content[: self.random.randrange(len(content))]
        if chance < 0.12 and content:
            changed = bytearray(content)
            for _ in range(self.random.randint(1, 20)):
                changed[self.random.randrange(len(changed))] = self.random.randrange(256)
            return bytes(changed)
        return content


def _encrypted(book: bytes) -> bytes:
    """Every part is marked as protected by a password."""
    changed = bytearray(book)
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        for part in archive.infolist():
            changed[part.header_offset + 6] |= 1
    place = book.find(b"PK\x01\x02")
    while place >= 0:
        changed[place + 8] |= 1
        place = book.find(b"PK\x01\x02", place + 4)
    return bytes(changed)

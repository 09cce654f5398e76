"""What is given to people outside, what they confirm, and when it holds no more."""

import csv
from datetime import date
from io import StringIO
from itertools import groupby
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from courses.models import Edition
from curriculum.checks import refuse_broken
from curriculum.files import Broken
from curriculum.items import LoadOutcome
from curriculum.loading import load
from curriculum.reading import DATA, read_curriculum
from curriculum.review import ReviewedText, review_of
from curriculum.review_pack import in_the_open
from curriculum.schema.courses import CourseEntry
from curriculum.schema.review import What

from .conftest import Change

COURSE = "courses/signs.yaml"
EXAM = "assessments/scenarios/exam-a.yaml"
DAY = date(2027, 1, 15)


def mark(folder: Path, what: What = "law") -> str:
    curriculum = read_curriculum(folder)
    return review_of(curriculum, curriculum.courses[0]).fingerprint(what)


def confirm(folder: Path, text: str, what: What = "law") -> None:
    entry = f"{{course: C1, what: {what}, by: A lawyer, day: {DAY}, text: '{text}'}}"
    (folder / "review.yaml").write_text(f"format: 1\nconfirmations:\n  - {entry}\n", encoding="utf-8")


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))


@pytest.fixture
def pack(folder: Path, tmp_path: Path) -> Path:
    out = tmp_path / "pack"
    call_command("review_pack", "C1", "--out", str(out), "--from", str(folder), stdout=StringIO())
    return out


class TestPack:
    def test_there_is_a_page_and_a_table_for_each_reader(self, pack: Path) -> None:
        names = {"law", "az", "en", "ru", "SECRET-key"}
        assert {path.name for path in pack.iterdir()} == {
            f"C1-{name}.{form}" for name in names for form in ("html", "csv")
        }

    def test_a_statement_has_its_place_sources_three_languages_and_room(self, pack: Path) -> None:
        (row,) = [row for row in table(pack / "C1-law.csv") if "law.statement" in row["Yeri"]]
        assert list(row.values()) == [
            "c1/first/signs body[3].law.statement", f"{COURSE}, line 27", "", "PALERMO-3 (2026-11-24, V)",
            "İnsan alveri cinayətdir.", "Trafficking is a crime.", "Торговля людьми — преступление.", "", "", "", "",
        ]  # fmt: skip
        page = (pack / "C1-law.html").read_text(encoding="utf-8")
        assert "İnsan alveri cinayətdir." in page and "24.11.2026" in page and "mənbədə oxunub" in page

    def test_an_editor_has_their_language_first_and_room_for_it_alone(self, pack: Path) -> None:
        with (pack / "C1-ru.csv").open(encoding="utf-8-sig") as file:
            heads = next(csv.reader(file, delimiter=";"))
        assert heads[4:] == ["Русский", "Azərbaycanca", "English", "Исправление: Русский", "Примечание"]
        assert '<html lang="ru">' in (pack / "C1-ru.html").read_text(encoding="utf-8")

    def test_keys_and_critical_errors_stand_in_the_secret_file_alone(self, pack: Path) -> None:
        secret = table(pack / "C1-SECRET-key.csv")
        (row,) = [row for row in secret if row["Yeri"] == "exam-a/exam-a-q2-a reason"]
        assert row["MƏXFİ"] == "MƏXFİ" and row["Düzgün cavab"] == "right: do-not · critical: ERR-DELAY"
        assert {"exam-a/ERR-DELAY story", "exam-a/exam-a-f1 reason", "ERR-DELAY rule"} <= {
            row["Yeri"] for row in secret
        }
        assert "MƏXFİ" in (pack / "C1-SECRET-key.html").read_text(encoding="utf-8")
        for name in ("law", "az", "en", "ru"):
            for form in ("csv", "html"):
                text = (pack / f"C1-{name}.{form}").read_text(encoding="utf-8")
                assert "Gözləyirəm" in text  # the option
                for told in ("Gec olar", "O gözləyərdi", "do-not", "ERR-DELAY", "indicator: CD1"):
                    assert told not in text, (name, form, told)

    def test_nothing_beside_an_option_tells_the_key(self, pack: Path) -> None:
        """Its letter, its place in the file, the lines it takes and what it rests on would."""
        (option,) = [
            row for row in table(pack / "C1-law.csv") if row["Yeri"].startswith("exam-a/exam-a-q2 ~")
        ]
        (question,) = [row for row in table(pack / "C1-law.csv") if row["Yeri"] == "exam-a/exam-a-q2 prompt"]
        assert (option["Azərbaycanca"], option["Fayl, sətir"]) == ("Gözləyirəm", EXAM)
        sources = "Mənbələr (mətnin tarixi, işarəsi)"
        assert option[sources] == question[sources]
        (reason,) = [
            row for row in table(pack / "C1-SECRET-key.csv") if row["Yeri"] == "exam-a/exam-a-q2-a reason"
        ]
        where, _line, mark = reason["Fayl, sətir"].split(", ")  # so the secret file says which is which
        assert (where, f"exam-a/{mark} text") == (EXAM, option["Yeri"])

    def test_every_text_of_the_course_and_its_cases_stands_in_one_of_the_two(self, pack: Path) -> None:
        places = [row["Yeri"] for name in ("law", "SECRET-key") for row in table(pack / f"C1-{name}.csv")]
        assert len(places) == len(set(places))
        texts = {row["English"] for name in ("law", "SECRET-key") for row in table(pack / f"C1-{name}.csv")}
        assert {
            "Course",
            "Only to the duty officer",
            "Ask",
            "Warehouse",
            "Too late",
            "Recognises papers",
        } <= texts

    def test_a_page_is_whole_by_itself(self, pack: Path) -> None:
        for path in pack.glob("*.html"):
            text = path.read_text(encoding="utf-8")
            assert not any(told in text for told in ("<script", "<link", "src=", "http:", "https:")), (
                path.name
            )

    def test_a_course_that_is_not_there_is_named(self, folder: Path, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match=r"There is no course C9: C1\."):
            call_command("review_pack", "C9", "--out", str(tmp_path / "out"), "--from", str(folder))

    def test_each_course_that_ships_can_be_read(self, tmp_path: Path) -> None:
        output = StringIO()
        call_command("review_pack", "C0", "--out", str(tmp_path), stdout=output)
        lines = output.getvalue().splitlines()
        assert len(lines) == 10 + 4
        assert all(int(line.split(": ")[1].split()[0]) > 200 for line in lines[:10])


SHIPPED = read_curriculum(DATA)


@pytest.mark.parametrize("course", SHIPPED.courses, ids=lambda course: course.code)
def test_open_documents_of_what_ships_tell_no_key(course: CourseEntry) -> None:
    """Of a case: no letter of an option, no line of a file, one list of sources, parts of a question in no order."""
    review = review_of(SHIPPED, course)
    shown = in_the_open(review.statements)
    cases = [each for each in shown if each.where.startswith("assessments/")]
    assert {each.where for each in cases if "line" in each.where} == set()
    parts = [each for each in cases if each.mark]
    assert all(each.place.endswith(f"/{each.mark} text") for each in parts)
    for _question, found in groupby(parts, key=lambda each: each.mark.split()[0]):
        these = list(found)
        assert [each.mark for each in these] == sorted({each.mark for each in these})
        assert {each.sources for each in these} == {these[0].sources}
    assert len({each.place for each in shown}) == len(shown)
    assert {*map(id, _texts(shown))} == {
        *map(id, _texts([each for each in review.statements if not each.secret]))
    }


def _texts(statements: list[ReviewedText]) -> list[dict[str, str]]:
    return [each.texts for each in statements]


class TestConfirmation:
    @pytest.mark.parametrize(
        ("name", "old", "new", "others"),
        [
            (COURSE, "az: Bir iş.", "az: Tək bir iş.", {"az"}),
            (EXAM, "az: Gec olar", "az: Gecikər", {"az"}),
            (EXAM, "right: do-not", "right: do", {"az", "en", "ru"}),
            ("standards/legal-sources.yaml", "adopted: 2000-11-15\n    state_on: 2026-11-24",
             "adopted: 2000-11-15\n    state_on: 2026-11-25", set()),
        ],
    )  # fmt: skip
    def test_another_text_answer_or_day_is_another_text(
        self, folder: Path, change: Change, name: str, old: str, new: str, others: set[str]
    ) -> None:
        whats: tuple[What, ...] = ("law", "az", "en", "ru")
        before = {what: mark(folder, what) for what in whats}
        change(name, old, new)
        assert {what for what in whats if mark(folder, what) != before[what]} == {"law", *others}

    def test_a_translation_is_confirmed_by_its_own_editor(self, folder: Path, change: Change) -> None:
        law, ru = mark(folder), mark(folder, "ru")
        change(COURSE, "ru: Одно дело.", "ru: Дело одно.")
        assert mark(folder) == law and mark(folder, "ru") != ru

    def test_a_moved_line_is_the_same_text(self, folder: Path, change: Change) -> None:
        before = mark(folder)
        change(COURSE, "  code: C1\n", "\n  code: C1\n")
        assert mark(folder) == before

    def test_a_course_that_is_not_there_is_refused(self, folder: Path) -> None:
        confirm(folder, mark(folder))
        path = folder / "review.yaml"
        path.write_text(
            path.read_text(encoding="utf-8").replace("course: C1", "course: C9"), encoding="utf-8"
        )
        with pytest.raises(Broken, match="there is no course “C9”"):
            refuse_broken(read_curriculum(folder))

    def test_nobody_has_confirmed_what_ships(self) -> None:
        assert read_curriculum(DATA).confirmations == []


@pytest.mark.django_db
class TestLoading:
    def days(self) -> list[date | None]:
        return list(Edition.objects.order_by("number").values_list("law_confirmed_on", flat=True))

    def test_a_confirmation_is_an_edition_of_its_own_until_the_text_changes(
        self, folder: Path, change: Change
    ) -> None:
        load(folder)
        confirm(folder, mark(folder))
        report = load(folder)
        assert set(report.outcomes.values()) == {LoadOutcome.UNCHANGED}
        assert report.notes == ["C1: edition 2 published"]
        load(folder)
        assert self.days() == [None, DAY]
        change(COURSE, "az: Bir iş.", "az: Tək bir iş.")
        load(folder)
        assert self.days() == [None, DAY, None]

    def test_another_text_than_was_confirmed_is_not(self, folder: Path) -> None:
        confirm(folder, "0" * 12)
        load(folder)
        assert self.days() == [None]

    def test_an_editor_of_a_language_confirms_no_law(self, folder: Path) -> None:
        confirm(folder, mark(folder, "en"), "en")
        load(folder)
        assert self.days() == [None]

from datetime import date

import pytest

from rosters import columns, values
from rosters.values import CellRefused

TODAY = date(2026, 11, 24)
FIRST = date(2026, 12, 1)


@pytest.mark.parametrize(
    "text",
    ["1.12.2026", "01.12.2026", "01/12/2026", "1-12-2026", "2026-12-01", "2026/12/1", "20261201", "1 dekabr 2026",
     "1 dekabr 2026-cı il", "1 Dekabr 2026", "1 DEKABR 2026", "1 dek 2026", "1 December 2026", "December 1, 2026",
     "1 Dec 2026", "1 декабря 2026 г.", "1 декабря 2026 года", "1 дек. 2026 г.", "2026-12-01T00:00:00",
     "01.12.2026 09:00", "2026-12-01T09:00:00+04:00"],
)  # fmt: skip
def test_a_day_is_read_in_every_usual_style(text):
    assert values.day(text, TODAY) == FIRST


@pytest.mark.parametrize(
    ("text", "code"),
    [("31.11.2026", "no_such_day"), ("29.02.2025", "no_such_day"), ("12/25/2026", "no_such_day"),
     ("01.12.26", "short_year"), ("46357", "no_day"), ("dünən", "no_day"), ("1 brumer 2026", "no_day"),
     ("00.00.0000", "no_such_day"), ("01.12.1899", "far_day"), ("01.12.2126", "far_day"), ("1.2.3.2026", "no_day")],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_the_reason(text, code):
    with pytest.raises(CellRefused) as refusal:
        values.day(text, TODAY)
    assert refusal.value.code == code


def test_bound_of_a_column_is_the_last_year_that_is_taken():
    assert values.day("31.12.2027", TODAY, ahead=1) == date(2027, 12, 31)
    with pytest.raises(CellRefused) as refusal:
        values.day("01.01.2028", TODAY, ahead=1)
    assert refusal.value.about == "1950–2027"


@pytest.mark.parametrize(
    ("text", "kept"),
    [("Məmmədova", "Məmmədova"), ("MƏMMƏDOVA", "Məmmədova"), ("İSMAYILOVA", "İsmayılova"), ("KAMRAN QIZI", "Kamran qızı"),
     ("VAQİF OĞLU", "Vaqif oğlu"), ("ƏLİYEVA-QASIMOVA", "Əliyeva-Qasımova"), ("ИВАНОВ", "Иванов"), ("D'Artagnan", "D'Artagnan"),
     ("de la Cruz", "de la Cruz")],
)  # fmt: skip
def test_names_in_capitals_are_written_as_documents_write_them(text, kept):
    assert values.name(text, 60, small_i="ı") == kept


@pytest.mark.parametrize(
    ("text", "small_i", "kept"),
    [("ƏLIYEV", "", "ƏLIYEV"), ("QASIMOVA", "", "QASIMOVA"), ("ƏLİYEV", "", "Əliyev"), ("KAMRAN QIZI", "", "Kamran qızı"),
     ("MƏMMƏDOV", "", "Məmmədov"), ("ALIYEVA", "i", "Aliyeva"), ("İLHAM", "", "İlham"), ("I\u0307SMAYI\u0307L", "ı", "İsmayil")],
)  # fmt: skip
def test_large_i_becomes_small_only_where_it_is_known_which(text, small_i, kept):
    assert values.name(text, 60, small_i) == kept


@pytest.mark.parametrize(
    ("text", "code", "about"),
    [("Məmmеdova", "other_script", "е"), ("Nguyễn", "not_drawn", "ễ"), ("M?mm?dova", "lost_letter", ""), ("Quliyev2", "not_a_name", ""),
     ("<b>x</b>", "not_a_name", ""), ("x" * 61, "too_long", "60")],
)  # fmt: skip
def test_what_is_no_name_is_refused_with_the_reason(text, code, about):
    with pytest.raises(CellRefused) as refusal:
        values.name(text, 60)
    assert (refusal.value.code, refusal.value.about) == (code, about)


def test_a_whole_name_is_told_apart():
    whole = {"family_name": "Quliyev", "given_name": "Orxan", "father_name": "Vaqif oğlu"}
    assert values.whole_name("Quliyev Orxan Vaqif oğlu") == whole
    with pytest.raises(CellRefused):
        values.whole_name("Quliyev")


def test_headings_are_recognised_in_three_languages_whatever_their_case_and_marks():
    for line in (
        ["XİDMƏTİ NÖMRƏ *", "Soyadı", "Adı", "Atasının adı", "Bölmə (kod)", "Vəzifəsi", "E-poçt"],
        ["Service No.", "Surname", "First name", "Patronymic", "Unit", "Position", "E-mail"],
        ["Табельный номер", "Фамилия", "Имя", "Отчество", "Подразделение", "Должность", "Эл. почта"],
    ):
        assert list(columns.recognised(line)[0].values()) == [
            "service_number", "family_name", "given_name", "father_name", "unit", "role", "email",
        ]  # fmt: skip


def test_two_headings_for_one_field_are_left_to_a_person():
    assert columns.recognised(["Ad", "Name", "Soyad"]) == ({"2": "family_name"}, ["Ad", "Name"])


def test_a_mapping_that_recognises_nobody_or_names_nobody_is_not_enough():
    assert columns.missing({"0": "family_name", "1": "given_name"}) == ["key"]
    assert columns.missing({"0": "service_number"}) == ["name"]
    assert columns.missing({"0": "email", "1": "email", "2": "full_name"}) == ["twice"]
    assert columns.missing({"0": "national_id", "1": "full_name"}) == []

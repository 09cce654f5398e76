import unicodedata
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales.text import fold, foreign_letter, short_name, unbroken, written_name


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Məmmədova", "memmedova"),
        ("MƏMMƏDOVA", "memmedova"),
        ("İSMAYILOV", "ismayilov"),
        ("Ismayılov", "ismayilov"),
        ("Исмайылов", "ismayilov"),
        ("ŞIXƏLİYEV", "sixeliyev"),
        ("Quliyev", "quliyev"),
        ("Гулиев", "quliev"),
        ("Ağayev", "aqayev"),
        ("Çingiz  Gözəl", "cinqiz qozel"),
        ("Əсгəров", "esqerov"),
        ("Гәһрәман", "qehreman"),
        ("Müs'ab", "musab"),
        ("Müsʼab", "musab"),
        ("Müs’ab", "musab"),
        ("  Aytən\u00a0 Kamran  qızı ", "ayten kamran qizi"),
        ("DƏMX-1042", "demx-1042"),
        ("André", "andre"),
        ("", ""),
    ],
)
def test_fold_gives_one_spelling_for_search(written, folded):
    assert fold(written) == folded


@given(st.text())
def test_fold_of_a_fold_is_itself(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="abcçdeəfgğhxıijkqlmnoöprsştuüvyzABCÇDEƏFGĞHXIİJKQLMNOÖPRSŞTUÜVYZ "))
def test_fold_does_not_care_how_letters_are_composed(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


@given(st.text(alphabet="abcçdeəfgğhxıijkqlmnoöprsştuüvyz"))
def test_fold_leaves_plain_letters(text):
    assert fold(text).isascii()


@pytest.mark.parametrize(
    ("word", "letter"),
    [
        ("Məmmədov", None),
        ("Мамедов", None),
        ("Məmmədоv", "о"),  # the Cyrillic letter
        ("Mаmedov", "а"),
        ("Мамеdов", "d"),
        ("Müsʼab", None),
        ("Əliyeva-Həsənova", None),
        ("LAB-0417", None),
        ("аgayev", "а"),  # the one Cyrillic letter stands first
        ("Аliyeva", "А"),
        ("Αli", "Α"),  # Greek
        ("аb", "а"),  # as many of both
        ("", None),
    ],
)
def test_letter_of_another_script_is_named(word, letter):
    assert foreign_letter(word) == letter


@pytest.mark.parametrize(("word", "letter"), [("аb", "b"), ("bа", "b"), ("Mамедов", "M"), ("Mamedов", "о")])
def test_expected_script_decides_where_letters_of_both_are_as_many(word, letter):
    assert foreign_letter(word, "CYRILLIC") == letter


@dataclass
class Person:
    family_name: str = "Hüseynov"
    given_name: str = "Tural"
    father_name: str = "Rafiq oğlu"
    family_name_latin: str = ""
    given_name_latin: str = ""
    family_name_cyrillic: str = ""
    given_name_cyrillic: str = ""
    father_name_cyrillic: str = ""


def test_name_is_written_as_documents_of_the_language_write_it():
    person = Person(
        family_name_latin="Huseynov", given_name_latin="Tural", family_name_cyrillic="Гусейнов",
        given_name_cyrillic="Турал", father_name_cyrillic="Рафик оглы",
    )  # fmt: skip
    assert written_name(person, "az") == "Hüseynov Tural Rafiq oğlu"
    assert written_name(person, "en") == "Tural Huseynov"
    assert written_name(person, "ru") == "Гусейнов Турал Рафик оглы"
    assert [short_name(person, language) for language in ("az", "en", "ru")] == [
        "Tural Hüseynov", "Tural Huseynov", "Турал Гусейнов",
    ]  # fmt: skip
    assert [short_name(Person(), language) for language in ("en", "ru")] == ["Tural Hüseynov"] * 2


def test_name_without_other_spellings_is_written_as_it_is():
    assert [written_name(Person(), language) for language in ("en", "ru")] == [
        "Tural Hüseynov",
        "Hüseynov Tural Rafiq oğlu",
    ]


def test_name_without_a_fathers_name_has_no_gap():
    assert written_name(Person(father_name=""), "az") == "Hüseynov Tural"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("кредит 2 000 манатов.", "кредит 2~000~манатов."),
        ("20 000 manat, 12 % və 5 gün", "20~000~manat, 12~% və 5 gün"),
        ("в 2026 году 14 человек", "в 2026 году 14 человек"),
        ("012 000 04 12", "012~000 04 12"),
        ("", ""),
    ],
)
def test_thousands_and_what_they_count_stay_on_one_line(written, kept):
    assert unbroken(written) == kept.replace("~", "\N{NO-BREAK SPACE}")

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from locales.languages import AZERBAIJANI
from locales.sorting import in_order, sort_key


def test_azerbaijani_alphabet_is_the_order():
    assert in_order(reversed("abcçdeəfgğhxıijkqlmnoöprsştuüvyz"), sort_key) == list(
        "abcçdeəfgğhxıijkqlmnoöprsştuüvyz"
    )


@pytest.mark.parametrize(
    ("language", "names"),
    [
        (
            "az",
            ["Ağayev", "Cəfərov", "Çingizov", "Elçin", "Əliyev", "Əliyeva", "Əliyeva Aytən", "Fərəcov", "Gözəlov",
             "Ğafarov", "Hacıyev", "Xəlilov", "Iqlim", "İsmayılov", "Kərimov", "Quliyev", "Səfərov", "Şahin",
             "Tağıyev", "Uğur", "Üzeyir", "Vəliyev", "Yusif", "Zaur"],
        ),
        ("az", ["Quba", "Гулијев", "Qusar", "Ləman"]),
        ("ru", ["Area 2", "Агентство", "Егоров", "Ёлкин", "Жук", "Йод", "Шаки", "Щука", "Эльчин", "Яшма"]),
        ("en", ["10 Unit", "Agency", "Ərəb", "Eva", "İsmayıl", "Quba", "Zaqatala"]),
    ],
)  # fmt: skip
def test_each_language_has_its_order(language, names):
    with translation.override(language):
        assert in_order(reversed(names)) == names


def test_unknown_language_reads_azerbaijani():
    with translation.override("de"):
        assert in_order(["Zaur", "Əli", "Elçin"]) == ["Elçin", "Əli", "Zaur"]


def test_word_ends_before_a_letter_and_case_and_apostrophes_count_nothing():
    assert sort_key("Əli Zaur") < sort_key("Əlibaba") and sort_key("MÜS'AB ISI") == sort_key("Müsab ısı")


@pytest.mark.parametrize(("one", "same"), [("Гулијев", "Quliyev"), ("Ҹәфәров", "Cəfərov"), ("Éva", "Eva")])
def test_letters_of_other_alphabets_stand_with_those_they_are_read_as(one, same):
    assert sort_key(one) == sort_key(same)


@given(st.text(), st.sampled_from(["az", "en", "ru"]))
def test_key_is_figures_alone_two_a_letter(text, language):
    key = sort_key(text, language)
    assert len(key) % 2 == 0 and (key == "" or key.isascii() and key.isdigit())


@given(st.text(AZERBAIJANI), st.text(AZERBAIJANI))
def test_keys_compare_as_the_alphabet_does(one, other):
    expected = [AZERBAIJANI.index(c) for c in one] < [AZERBAIJANI.index(c) for c in other]
    assert (sort_key(one) < sort_key(other)) is expected

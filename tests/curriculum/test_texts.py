import pytest

from curriculum.texts import figures_in, markup_problem, mixed_word


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Пасспорт у начальника, 958-IIQ, C1-LAB", None),
        ("e-qanun.az-da yoxlanılmalıdır", None),
        ("şəxs və işçі", "işçі"),  # the last letter is Cyrillic
        ("Cрочно", "Cрочно"),  # the first letter is Latin
    ],
)
def test_a_word_of_two_scripts_is_found(text: str, word: str | None) -> None:
    assert mixed_word(text) == word


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<b>Dərhal</b> xəbər <ul><li>bir</li></ul>", None),
        ('<a href="https://e-qanun.az/">qanun</a>', None),
        ("2 < 3", None),
        ("<script>alert(1)</script>", "<script> is not allowed"),
        ('<b onclick="x()">a</b>', "<b> may have no attribute but the address of a link"),
        ('<a href="javascript:x()">a</a>', "<a> may have no attribute but the address of a link"),
        ("<b>a", "<b> is not closed"),
        ("a</b>", "</b> closes nothing"),
        ("<b><i>a</b></i>", "</b> closes nothing"),
        ("<!-- x -->", "comments are not allowed"),
    ],
)
def test_only_plain_markup_may_stand_in_a_paragraph(text: str, words: str | None) -> None:
    assert markup_problem(text, rich=True) == words


def test_elsewhere_no_markup_may_stand() -> None:
    assert markup_problem("a < b", rich=False) is None
    assert markup_problem("<b>a</b>", rich=False) == "no markup here, it belongs to paragraphs"


def test_figures_of_a_text_are_named() -> None:
    assert figures_in("{figure:a} {figure:b}") == ["a", "b"]

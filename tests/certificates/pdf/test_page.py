import dataclasses
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.pdf import art
from certificates.pdf.page import PageBlock, PageLine, compose
from certificates.pdf.render import RenderError, render
from certificates.pdf.typeface import BOLD, REGULAR, NotPrintable, check_printable, fit, line_count
from certificates.pdf.wording import WORDINGS, day_text

from ..proof_values import BEARER, FACTS, SHOWN

PIXEL = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
letters = st.text(st.sampled_from("WMəƏşığİiöü l"), min_size=1, max_size=120)


@given(letters, st.integers(40, 240))
def test_text_is_set_in_the_lines_it_was_measured_for(text: str, width: int):
    size, lines = fit(text, BOLD, width, ((1, 30, 20), (2, 20, 10)))
    assert lines == line_count(text, BOLD, size, width * 72 / 25.4 * 0.985)
    assert 10 <= size <= 30
    if size > 20:
        assert lines == 1


def test_shorter_text_is_never_set_smaller():
    sizes = [fit("W" * length, BOLD, 245, ((1, 32, 19), (2, 17, 10)))[0] for length in range(1, 71)]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("text", ["ə\u0301", "\u202eabc", "tab\t", "line\u2028", "Ω", "\ufeff"])
def test_character_without_a_picture_is_refused(text: str):
    with pytest.raises(NotPrintable):
        check_printable(text)


def test_all_fixed_words_can_be_printed():
    for words in WORDINGS.values():
        for text in dataclasses.astuple(words):
            check_printable(text)


@pytest.mark.parametrize(
    "language, expected",
    [("az", "05.01.2027"), ("en", "5 January 2027"), ("ru", "05.01.2027")],
)
def test_day_is_written_as_the_language_does(language: str, expected: str):
    text = day_text(date(2027, 1, 5), language)
    assert unicodedata.normalize("NFKC", text) == expected
    assert " " not in text


def test_page_without_anything_that_could_be_fetched_is_rendered():
    page = compose(FACTS, BEARER, shown=SHOWN, layout="az-en", qr=PIXEL)
    assert render(page).startswith(b"%PDF-")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/x.png",
        "https://example.com/x.png",
        "file:///etc/passwd",
        "/etc/passwd",
        "../page.py",
        "data:image/svg+xml;base64,PHN2Zy8+",
        "EBGaramond-Regular.ttf\0",
    ],
)
def test_any_other_resource_is_refused(address: str):
    page = compose(FACTS, BEARER, shown=SHOWN, layout="az", qr=PIXEL)
    blocks = tuple(
        PageBlock(name="code", lines=(PageLine(picture=address, role="Figure"),))
        if block.name == "code"
        else block
        for block in page.blocks
    )
    with pytest.raises(RenderError):
        render(dataclasses.replace(page, blocks=blocks))


def test_text_that_overflows_its_frame_is_an_error():
    page = compose(FACTS, BEARER, shown=SHOWN, layout="az", qr=PIXEL)
    too_large = PageBlock(name="number", lines=(PageLine(kind="number", text="SERTİFİKAT", size=90),))
    blocks = tuple(too_large if block.name == "number" else block for block in page.blocks)
    with pytest.raises(RenderError, match="not clean"):
        render(dataclasses.replace(page, blocks=blocks))


def test_art_is_the_same_each_time():
    first = art.background()
    art.background.cache_clear()
    assert art.background() == first


def test_lines_of_one_language_have_that_language():
    for layout, expected in (("az", {"az", ""}), ("ru", {"ru", ""}), ("az-en", {"az", "en", ""})):
        page = compose(FACTS, BEARER, shown=SHOWN, layout=layout, qr=PIXEL)
        assert {line.language for line in page.lines} == expected
        assert line_count("a", REGULAR, 10, 100) == 1

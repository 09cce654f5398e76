"""Bytes on the wire, letters in the fonts, and nothing that the content policy would block."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from fontTools.ttLib import TTFont

from .pages import drawn_html

STATIC = settings.BASE_DIR / "elearning" / "static"
FONTS = STATIC / "fonts"
CSS = STATIC / "css" / "app.css"
TEMPLATES = [  # of pages; letters and PDF are read elsewhere
    path
    for path in sorted(settings.BASE_DIR.glob("*/templates/**/*.html"))
    if not {"mail", "pdf"} & set(path.parts) and not path.stem.endswith("_pdf")
]
FIRST_PAGE, LATER_PAGE, CHANGE_OF_LANGUAGE = 60_000, 15_000, 20_000  # bytes, gzip 4

AZERBAIJANI = "AaBbCcÇçDdEeƏəFfGgĞğHhXxIıİiJjKkQqLlMmNnOoÖöPpRrSsŞşTtUuÜüVvYyZz"
SIGNS = "0123456789 .,:;!?-–—−…«»“”‘’„()[]/%&+=#@*·•×₼№§°\u00a0"
RUSSIAN = "".join(chr(code) for code in range(ord("А"), ord("я") + 1)) + "Ёё"


def zipped(path: Path) -> int:
    """Return what a server that compresses at level 4 sends; fonts are compressed already."""
    body = path.read_bytes()
    return len(body) if path.suffix == ".woff2" else min(len(body), len(gzip.compress(body, 4)))


def named_in_css() -> set[Path]:
    found = re.findall(r"url\(([^)]+)\)", CSS.read_text(encoding="utf-8"))
    return {(CSS.parent / address).resolve() for address in found}


def loaded_by(html: str) -> set[Path]:
    """Every file the page and its style sheet name, fonts of the other script left out."""
    named = {STATIC / address for address in re.findall(r"(?:href|src)=\"/static/([^\"]+)\"", html)}
    cyrillic = 'lang="ru"' in html.split(">", 2)[1]
    return named | {path for path in named_in_css() if cyrillic or not path.stem.endswith("-ru")}


def welcome(language: str) -> str:
    return drawn_html(
        "pages/welcome.html", language=language, path=f"/{language}/", indexable=True, hotline="152"
    )


def zipped_page(html: str) -> int:
    return len(gzip.compress(html.encode(), 4))


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_first_page_stays_small(language):
    html = welcome(language)
    assert zipped_page(html) + sum(zipped(path) for path in loaded_by(html)) < FIRST_PAGE


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_scripts_of_a_page_leave_room_for_it(template):
    """Later pages bring their HTML, their own scripts and style sheet: the longest HTML of ours is the welcome page's."""
    own = re.findall(r"{% static \"((?:js|css)/[\w.-]+)\" %}", template.read_text(encoding="utf-8"))
    brought = sum(zipped(STATIC / name) for name in set(own) - {"js/app.js", "css/app.css"})
    assert zipped_page(welcome("ru")) + brought < LATER_PAGE


def test_change_from_azerbaijani_to_russian_stays_small():
    html = welcome("ru")
    new = loaded_by(html) - loaded_by(welcome("az"))
    assert zipped_page(html) + sum(zipped(path) for path in new) < CHANGE_OF_LANGUAGE
    assert [path.name for path in new] == ["commissioner-400-ru.woff2"]


def test_every_file_that_a_page_or_the_style_sheet_names_exists():
    assert sorted(str(path) for path in named_in_css() | loaded_by(welcome("ru")) if not path.exists()) == []


def letters_in(name: str) -> set[str]:
    return {chr(code) for code in TTFont(FONTS / name).getBestCmap()}


@pytest.mark.parametrize("name", ["commissioner-400-az.woff2", "commissioner-600-az.woff2"])
def test_latin_font_holds_every_letter_and_sign(name):
    assert sorted(set(AZERBAIJANI + SIGNS) - letters_in(name)) == []


def test_cyrillic_font_holds_every_letter():
    assert sorted(set(RUSSIAN) - letters_in("commissioner-400-ru.woff2")) == []


def test_ranges_of_the_style_sheet_cover_their_fonts():
    """A letter outside the range would come from another font in the middle of a word."""
    css = CSS.read_text(encoding="utf-8")
    faces = re.findall(r"url\(\.\./fonts/([\w.-]+)\).*?unicode-range: ([^;]+);", css, re.DOTALL)
    wanted = {"az": set(AZERBAIJANI + SIGNS), "ru": set(RUSSIAN)}
    for name, ranges in faces:
        covered = {code for part in ranges.split(",") for code in _span(part)}
        assert sorted(letter for letter in wanted[name[-8:-6]] if ord(letter) not in covered) == [], name
    assert len(faces) == 3


def _span(part: str) -> range:
    first, _, last = part.strip().removeprefix("U+").partition("-")
    return range(int(first, 16), int(last or first, 16) + 1)


def test_fonts_come_with_their_licence():
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text(encoding="utf-8")


# --- what the content policy blocks -------------------------------------------------------------

INLINE = {
    "a style": re.compile(r"<style|\sstyle\s*=", re.IGNORECASE),
    "a script": re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE),
    "a handler": re.compile(r"<[^>{]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "another host": re.compile(r"(?:src|srcset|action)=\"(?:https?:)?//", re.IGNORECASE),
}


# What the site never sends to a browser: one becomes a PDF, one is a file that is handed over.
NOT_SERVED = {
    "clearance/templates/clearance/paper.html",
    "curriculum/templates/curriculum/review_pack.html",
}


@pytest.mark.parametrize("kind", sorted(INLINE))
def test_no_template_holds(kind):
    found = {
        str(path.relative_to(settings.BASE_DIR))
        for path in TEMPLATES
        if INLINE[kind].search(path.read_text(encoding="utf-8"))
    }
    assert found == (NOT_SERVED if kind == "a style" else set())


@pytest.mark.parametrize("sheet", sorted((STATIC / "css").glob("*.css")), ids=lambda path: path.name)
def test_style_sheet_asks_no_other_host(sheet):
    assert (
        re.findall(r"(?:@import|url\(\s*[\"']?(?:https?:|//|data:))", sheet.read_text(encoding="utf-8")) == []
    )


def test_no_style_sheet_changes_the_case_of_letters():
    """text-transform turns the Azerbaijani i into I."""
    assert "text-transform" not in CSS.read_text(encoding="utf-8")


def test_scripts_neither_evaluate_text_nor_ask_another_host():
    wrong = re.compile(r"\beval\(|new Function|innerHTML\s*=|document\.write|[\"'`]https?://")
    scripts = [
        path for path in (STATIC / "js").glob("**/*.js") if wrong.search(path.read_text(encoding="utf-8"))
    ]
    assert [path.name for path in scripts] == []

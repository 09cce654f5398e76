"""Texts of curriculum files: what markup they may hold, one script a word, which figures they show."""

import re
from html.parser import HTMLParser

from locales.text import foreign_letter

ALLOWED_TAGS = {"b", "i", "a", "ul", "ol", "li"}
LETTERS = re.compile(r"[^\W\d_]+")
FIGURE = re.compile(r"\{figure:([^}]*)\}")
TERM = re.compile(r'<a href="term:([^"]*)">')
MARKUP = re.compile(r"<[a-zA-Z/!]")


def mixed_word(text: str) -> str | None:
    """The first word that mixes scripts (a Cyrillic `а` in a Latin word); None if there is none."""
    return next((word for word in LETTERS.findall(text) if foreign_letter(word)), None)


def figures_in(text: str) -> list[str]:
    """The codes of {figure:code} in a text."""
    return FIGURE.findall(text)


def terms_in(text: str) -> list[str]:
    """The numbers of the terms of the glossary that a text explains in place."""
    return TERM.findall(text)


def markup_problem(text: str, *, rich: bool) -> str | None:
    """Return the reason for refusing the markup of a text, in words; None if it may stay."""
    if not rich:
        return "no markup here, it belongs to paragraphs" if MARKUP.search(text) else None
    parser = _Markup()
    parser.feed(text)
    parser.close()
    if parser.problem is None and parser.open:
        return f"<{parser.open[-1]}> is not closed"
    return parser.problem


class _Markup(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.problem: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        allowed = [name for name, value in attrs if tag == "a" and name == "href" and _is_address(value)]
        if tag not in ALLOWED_TAGS:
            self.problem = self.problem or f"<{tag}> is not allowed"
        elif len(allowed) != len(attrs):
            self.problem = self.problem or f"<{tag}> may have no attribute but the address of a link"
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problem = self.problem or f"</{tag}> closes nothing"

    def handle_comment(self, data: str) -> None:
        self.problem = self.problem or "comments are not allowed"


def _is_address(value: str | None) -> bool:
    return (value or "").startswith(("https://", "http://", "/", "#", "term:"))

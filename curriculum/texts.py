"""Texts of curriculum files: what markup they may hold, one script a word, figures put in."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from locales.text import foreign_letter

ALLOWED_TAGS = {"b", "i", "a", "ul", "ol", "li"}
LETTERS = re.compile(r"[^\W\d_]+")
FIGURE = re.compile(r"\{figure:([^}]*)\}")
MARKUP = re.compile(r"<[a-zA-Z/!]")
LIST = re.compile(r"\s*(<(ul|ol)>.*?</\2>)\s*", re.DOTALL)


def mixed_word(text: str) -> str | None:
    """The first word that mixes scripts (a Cyrillic `а` in a Latin word); None if there is none."""
    return next((word for word in LETTERS.findall(text) if foreign_letter(word)), None)


def figures_in(text: str) -> list[str]:
    """The codes of {figure:code} in a text."""
    return FIGURE.findall(text)


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
    return (value or "").startswith(("https://", "http://", "/", "#"))


def filled(value: Any, figures: Mapping[str, str]) -> Any:
    """The same value with the number of each figure put in, and lists set apart by empty lines."""
    if isinstance(value, str):
        text = FIGURE.sub(lambda match: figures[match[1]], value)
        return LIST.sub(r"\n\n\1\n\n", text).strip()
    if isinstance(value, Mapping):
        return {key: filled(part, figures) for key, part in value.items()}
    if isinstance(value, list):
        return [filled(part, figures) for part in value]
    return value

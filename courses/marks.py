"""The few marks a paragraph may hold, as trainers type them, and their HTML. Pure; both ways without loss.

empty line  next paragraph        **bold**  *italic*  [text](https://…)
- item      list                  \\  before a mark: the character itself
1. item     numbered list         [text](term:26)  a term of the glossary, explained in place
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import groupby

from django.utils.html import escape

ITEM = re.compile(r"(-|\d+\.) (.*)", re.DOTALL)
INLINE = re.compile(
    r"\\(?P<plain>[\\*\[\]\-0-9])"
    r"|\*\*(?P<b>(?:\\.|[^\\])+?)\*\*"
    r"|\*(?P<i>(?:\\.|[^\\*])+?)\*"
    r"|\[(?P<text>(?:\\.|[^\[\]\\])+)\]\((?P<to>(?:https?://|mailto:|tel:|term:|/|#)[^)\s\"<>]*)\)",
    re.DOTALL,
)
MARK = re.compile(r"([\\*\[\]])")
FIRST = re.compile(r"^(-|\d+\.)(?= )", re.MULTILINE)  # what would begin an item


def to_html(text: str) -> str:
    return "".join(_blocks(text))


def _blocks(text: str) -> Iterator[str]:
    tidy = "\n".join(line.strip() for line in text.splitlines())
    for chunk in re.split(r"\n{2,}", tidy.strip()):
        for kind, lines in groupby(chunk.split("\n"), key=_kind):
            if kind == "p":
                yield f"<p>{_inline('\n'.join(lines))}</p>"
            else:
                items = (_inline(line.split(" ", 1)[1]) for line in lines)
                yield f"<{kind}>{''.join(f'<li>{item}</li>' for item in items)}</{kind}>"


def _kind(line: str) -> str:
    found = ITEM.fullmatch(line)
    return "p" if not found else "ul" if found[1] == "-" else "ol"


def _inline(text: str) -> str:
    made: list[str] = []
    end = 0
    for found in INLINE.finditer(text):
        made.append(escape(text[end : found.start()]))
        end = found.end()
        made.append(_marked(found))
    return "".join([*made, escape(text[end:])])


def _marked(found: re.Match[str]) -> str:
    if found["plain"]:
        return escape(found["plain"])
    if found["text"]:
        return f'<a href="{escape(found["to"])}">{_inline(found["text"])}</a>'
    tag = "b" if found["b"] else "i"
    return f"<{tag}>{_inline(found[tag])}</{tag}>"


def from_html(html: str) -> str:
    """Return the marks of the HTML that a curriculum file may hold: `<b> <i> <a href> <ul> <ol> <li> <p>`."""
    reader = _HtmlToMarks()
    reader.feed(html)
    reader.close()
    lines = "".join(reader.made).replace("\r", "").split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()


class _HtmlToMarks(HTMLParser):
    SIGNS = {"b": "**", "strong": "**", "i": "*", "em": "*", "p": "\n\n"}

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.made: list[str] = []
        self.lists: list[str] = []
        self.number = 0  # of the item
        self.href = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("ul", "ol"):
            self.lists.append(tag)
            self.number = 0
            self.made.append("\n\n")
        elif tag == "li":
            self.number += 1
            sign = "- " if self.lists[-1:] == ["ul"] else f"{self.number}. "
            self.made.append(("" if self.number == 1 else "\n") + sign)
        elif tag == "a":
            self.href = (dict(attrs).get("href") or "").replace(")", "%29")
            self.made.append("[")
        else:
            self.made.append(self.SIGNS.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self.lists.pop()
            self.made.append("\n\n")
        elif tag == "a":
            self.made.append(f"]({self.href})")
        else:
            self.made.append(self.SIGNS.get(tag, ""))

    def handle_data(self, data: str) -> None:
        if self.lists:  # an item is one line; between items there is nothing
            data = re.sub(r"\s+", " ", data) if data.strip() else ""
        self.made.append(FIRST.sub(r"\\\1", MARK.sub(r"\\\1", data)))

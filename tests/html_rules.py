"""What holds of every page: HTML without errors, ids given once, names for fields, heads for tables, groups for choices."""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib

TYPED = {"hidden", "submit", "button", "reset", "image"}  # inputs that need no label
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "headers")
# The fields of an account, by the word that a browser fills them with.
FILLED = {
    "on", "off", "username", "email", "new-password", "current-password", "one-time-code", "name", "tel",
    "username webauthn", "webauthn",
}  # fmt: skip


def faults_of(html: str) -> list[str]:
    """Return what is wrong with a page, in the order of the rules; empty where nothing is."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    page = parser.parse(html)
    elements = [one for one in page.iter() if isinstance(one.tag, str)]
    above = {child: parent for parent in elements for child in parent}
    ids = Counter(one.get("id") for one in elements if one.get("id") is not None)
    return [
        *(f"parser: {code} {more} at {place}" for place, code, more in parser.errors),
        *(f"id twice: {name}" for name, times in ids.items() if times > 1),
        *_loose(elements, ids),
        *_unnamed(elements, above),
        *_ungrouped(elements, above),
        *_tables(elements, above),
        *_filled(elements),
    ]


def _said(one: Element) -> str:
    source = " ".join(f'{name}="{value}"' for name, value in one.items())
    return f"<{one.tag} {source}>"[:140]


def _loose(elements: list[Element], ids: Counter[str | None]) -> Iterator[str]:
    """References that lead nowhere."""
    for one in elements:
        named = [each for name in REFERENCES for each in (one.get(name) or "").split()]
        if one.tag == "label" and one.get("for") is not None:
            named.append(one.get("for") or "")
        for each in named:
            if each not in ids:
                yield f"no element {each}: {_said(one)}"


def _ways_up(one: Element, above: dict[Element, Element]) -> Iterator[Element]:
    while one in above:
        one = above[one]
        yield one


def _unnamed(elements: list[Element], above: dict[Element, Element]) -> Iterator[str]:
    """Fields, buttons, links and pictures without a name."""
    labelled = {one.get("for") for one in elements if one.tag == "label"}
    for one in elements:
        if one.get("aria-label") or one.get("aria-labelledby") or one.get("title"):
            continue
        if one.tag in {"input", "select", "textarea"} and one.get("type") not in TYPED:
            inside = any(each.tag == "label" for each in _ways_up(one, above))
            if not inside and (one.get("id") is None or one.get("id") not in labelled):
                yield f"no label: {_said(one)}"
        if one.tag == "img" and one.get("alt") is None:
            yield f"no alt: {_said(one)}"
        if one.tag in {"a", "button", "summary"} and not "".join(one.itertext()).strip():
            if not any(each.get("alt") for each in one.iter("img")):
                yield f"no words: {_said(one)}"


def _ungrouped(elements: list[Element], above: dict[Element, Element]) -> Iterator[str]:
    """Choices of one name that no fieldset with a legend, and no group with a name, holds together."""
    found: dict[tuple[int, str, str], list[Element]] = {}
    for one in elements:
        if one.tag == "input" and one.get("type") in {"checkbox", "radio"}:
            form = next((id(each) for each in _ways_up(one, above) if each.tag == "form"), 0)
            found.setdefault((form, one.get("type") or "", one.get("name") or ""), []).append(one)
    for (_form, _type, _name), those in found.items():
        if len(those) > 1 and not all(any(map(_is_group, _ways_up(one, above))) for one in those):
            yield f"no group: {_said(those[0])}"


def _is_group(one: Element) -> bool:
    if one.tag == "fieldset":
        return one.find("legend") is not None or bool(one.get("aria-labelledby") or one.get("aria-label"))
    return one.get("role") in {"group", "radiogroup"} and bool(
        one.get("aria-label") or one.get("aria-labelledby")
    )


def _tables(elements: list[Element], above: dict[Element, Element]) -> Iterator[str]:
    """Tables of data: a name, a head for every column and for every row."""
    for table in elements:
        if table.tag != "table" or table.get("role") == "presentation":
            continue
        regions = [
            one for one in _ways_up(table, above) if one.get("role") == "region" or one.tag == "figure"
        ]
        if table.find("caption") is None and not table.get("aria-label") and not regions:
            yield f"no caption: {_said(table)}"
        for head in table.iter("th"):
            if head.get("scope") not in {"col", "row", "colgroup", "rowgroup"}:
                yield f"no scope: {_said(head)} {''.join(head.itertext()).strip()[:40]}"
        for body in table.iter("tbody"):
            for row in body.iter("tr"):
                cells: list[Any] = list(row)
                if len(cells) > 1 and not any(cell.tag == "th" for cell in cells):
                    yield f"no row head: {''.join(row.itertext()).strip()[:60]}"


def _filled(elements: list[Element]) -> Iterator[str]:
    for one in elements:
        word = one.get("autocomplete")
        if one.tag in {"input", "select", "textarea"} and word is not None and word not in FILLED:
            yield f"autocomplete: {_said(one)}"
        if one.get("type") == "email" and word == "username" and one.get("name") != "login":
            yield f"autocomplete: {_said(one)}"

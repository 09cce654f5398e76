"""Reading HTML in tests: the tree, and whether its forms are tied together."""

import re
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation


def tree(html: str | bytes) -> Element:
    page = html5lib.parse(html, namespaceHTMLElements=False)
    for element in page.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]  # drawings have a namespace of their own
    return page


def words(element: Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def flat(html: str | bytes) -> str:
    """Return the source on one line without space beside tags, however its template is laid out."""
    source = re.sub(r"[ \t\r\n]+", " ", html.decode() if isinstance(html, bytes) else html)
    return re.sub(r" ?(<[^>]*?) ?(/?>) ?", r"\1\2", source)


def by_id(page: Element, name: str) -> Element:
    found = [element for element in page.iter() if element.get("id") == name]
    assert len(found) == 1, f"{len(found)} elements have the id {name}"
    return found[0]


def with_class(page: Element, name: str) -> list[Element]:
    return [element for element in page.iter() if name in (element.get("class") or "").split()]


def drawn(template: str, language: str = "en", path: str = "/en/", **context: Any) -> Element:
    """A piece of a template as a page of `language` shows it."""
    request = RequestFactory().get(path)
    with translation.override(language):
        html = engines["django"].from_string(template).render(context, request)
    return tree(html)


def drawn_html(template: str, language: str = "en", path: str = "/en/", **context: Any) -> str:
    """A whole template by name, as a stranger gets it."""
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    with translation.override(language):
        return render_to_string(template, context, request)


def component(name: str, **context: Any) -> Element:
    return drawn(f'{{% include "components/{name}.html" %}}', **context)


def loose_ends(page: Element) -> list[str]:
    """Return what a form promises and does not keep: labels, hints and errors that lead nowhere."""
    ids = {element.get("id") for element in page.iter() if element.get("id")}
    labelled = {element.get("for") for element in page.iter("label")}
    wrong = []
    for element in page.iter():
        for name in ("aria-describedby", "aria-labelledby", "for"):
            wrong += [
                f"{element.tag} {name} {one}" for one in (element.get(name) or "").split() if one not in ids
            ]
        href = element.get("href") or ""
        if href.startswith("#") and href[1:] not in ids:
            wrong.append(f"link to {href}")
        if element.tag in {"input", "select", "textarea"} and element.get("type") not in {"hidden", "submit"}:
            if element.get("id") not in labelled and not element.get("aria-label"):
                wrong.append(f"no label: {element.get('name')}")
    return wrong

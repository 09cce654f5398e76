"""Somebody with a plain browser: no script, forms and links as the pages give them, one language."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit
from xml.etree.ElementTree import Element

import polib
import requests
from django.test import Client

from tests.elearning.pages import tree, words

ROOT = Path(__file__).resolve().parent.parent
READ_ALOUD = ("aria-label", "title", "alt", "placeholder", "content")
AZERBAIJANI = re.compile("[əƏğĞşŞıİ]")
CYRILLIC = re.compile("[А-Яа-яЁё]")
NOT_READ = {"data-for", "data-facts"}  # of all data- attributes, which hold words that scripts show
# Names of the product and of the languages, addresses and initials: the same everywhere.
SAME_EVERYWHERE = re.compile(r"Nişanə|Azərbaycanca|Русский|\S+@\S+|^\w\w$")


@dataclass
class Form:
    """A form as its page gives it: what it would send, and where. `elsewhere`: labels of boxes that belong to it
    and stand outside."""

    action: str
    method: str
    fields: dict[str, list[str]]
    element: Element
    elsewhere: list[Element] = field(default_factory=list)

    def put(self, name: str, *values: str) -> "Form":
        self.fields[name] = list(values)
        return self


class InProcess:
    """Django's own client under the few names of a requests session: for pages under a moved clock."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get(self, url: str, params: Any = None, headers: Any = None, timeout: float = 0) -> Any:
        return self._told(self.client.get(url, params, follow=True, headers=headers))

    def post(self, url: str, data: Any, headers: Any = None, timeout: float = 0) -> Any:
        body = urlencode(data)
        kind = "application/x-www-form-urlencoded"
        return self._told(self.client.post(url, body, content_type=kind, follow=True, headers=headers))

    @staticmethod
    def _told(answer: Any) -> Any:
        answer.url = answer.request["PATH_INFO"]
        return answer


@dataclass
class Visitor:
    """`faults`: what was wrong with a page on the way; `passed`: the paths that were looked at."""

    url: str
    language: str
    names: Iterable[str] = ()  # of people and places, which keep their letters
    session: Any = field(default_factory=requests.Session)
    faults: list[str] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    page: Element = field(default_factory=lambda: Element("html"))
    path: str = ""

    # --- going ----------------------------------------------------------------------------------------

    def get(self, path: str, *, status: int = 200, **headers: str) -> "Visitor":
        answer = self.session.get(urljoin(self.url, path), headers=headers, timeout=60)
        return self._arrive(answer, status)

    def send(self, form: Form, button: tuple[str, str] | None = None, *, status: int = 200) -> "Visitor":
        data = [(name, value) for name, values in form.fields.items() for value in values]
        data += [button] if button else []
        address = urljoin(self.url + self.path, form.action)
        if form.method == "get":
            answer = self.session.get(address, params=data, timeout=60)
        else:
            headers = {"Referer": self.url + self.path, "Origin": self.url}
            answer = self.session.post(address, data=data, headers=headers, timeout=60)
        return self._arrive(answer, status)

    def _arrive(self, answer: requests.Response, status: int) -> "Visitor":
        parts = urlsplit(answer.url)
        self.path = parts.path + (f"?{parts.query}" if parts.query else "")
        self.page = tree(answer.content)
        self.passed.append(self.path)
        said = [text for template in _templates_of(self.page) for text in texts(template)]
        if answer.status_code != status:
            self._fault(
                f"status {answer.status_code}, not {status}: {words(self.page.find('.//main'))[:300]}"
            )
        for fault in faults_of(self.page, self.language, self.names, said):
            self._fault(fault)
        return self

    def _fault(self, what: str) -> None:
        self.faults.append(f"{self.path}: {what}")

    def follow(self, part: str, inside: str = "main") -> "Visitor":
        """The first link whose address has this part."""
        return self.get(self.link(part, inside))

    def link(self, part: str, inside: str = "main") -> str:
        where = self.page if inside == "page" else self.page.find(f".//{inside}")
        assert where is not None
        for element in where.iter("a"):
            if re.search(part, element.get("href") or ""):
                return element.get("href") or ""
        raise AssertionError(
            f"{self.path}: no link to {part} among {[a.get('href') for a in where.iter('a')]}"
        )

    def form(self, part: str = "", inside: str = "main") -> Form:
        """The first form whose action has this part."""
        where = self.page if inside == "page" else self.page.find(f".//{inside}")
        assert where is not None
        for element in where.iter("form"):
            if re.search(part, element.get("action") or ""):
                elsewhere = [
                    label
                    for label in where.iter("label")
                    if any(one.get("form", "") == element.get("id") for one in label.iter("input"))
                ]
                return Form(
                    element.get("action") or self.path,
                    (element.get("method") or "get").lower(),
                    dict(_fields(element, *elsewhere)),
                    element,
                    elsewhere,
                )
        raise AssertionError(f"{self.path}: no form to {part}: {words(where)[:500]}")

    # --- what every page must have ------------------------------------------------------------------------

    def languages_lead_here(self) -> None:
        """The links of the language switch: this page, in each language, and back."""
        here, signed = self.path, self.session
        addresses = {a.get("hreflang"): a.get("href") for a in self.page.iter("a") if a.get("hreflang")}
        addresses = {code: address for code, address in addresses.items() if code != self.language}
        if sorted(map(str, addresses)) != sorted({"az", "en", "ru"} - {self.language}):
            self._fault(f"languages {sorted(map(str, addresses))}")
        for code, address in addresses.items():
            answer = signed.get(urljoin(self.url, address), timeout=60)
            page = tree(answer.content)
            _templates_of(page)
            if answer.status_code != 200 or page.get("lang") != code:
                self._fault(f"{address} has status {answer.status_code} and language {page.get('lang')}")
            if _bones(page) != _bones(self.page):
                self._fault(f"{address} is another page")
            back = [a.get("href") for a in page.iter("a") if a.get("hreflang") == self.language]
            if [urlsplit(one or "").path for one in back] != [urlsplit(here).path]:
                self._fault(f"{address} leads back to {back}")
            # what is printed answers in the language read last: that is this one again
            signed.get(urljoin(self.url, back[0] or here), timeout=60)


def _fields(*parts: Element) -> Iterator[tuple[str, list[str]]]:
    """Return what is filled in already; radio buttons and boxes only where checked."""
    found: dict[str, list[str]] = {}
    for element in (element for part in parts for element in part.iter()):
        name, kind = element.get("name"), element.get("type") or "text"
        if not name or element.get("disabled") is not None:
            continue
        if element.tag == "input" and kind not in {"submit", "button"}:
            if kind not in {"radio", "checkbox"} or element.get("checked") is not None:
                found.setdefault(name, []).append(element.get("value") or "")
        elif element.tag == "select":
            chosen = [
                option.get("value") or ""
                for option in element.iter("option")
                if option.get("selected") is not None
            ]
            first = [option.get("value") or "" for option in element.iter("option")][:1]
            found.setdefault(name, []).extend(chosen or first)
        elif element.tag == "textarea":
            found.setdefault(name, []).append(element.text or "")
    return iter(found.items())


def _bones(page: Element) -> list[str]:
    """The page without its words: elements of its main part that every language has."""
    main = page.find(".//main")
    assert main is not None
    return [
        element.tag for element in main.iter() if element.tag in {"h1", "form", "table", "article", "section"}
    ]


def _templates_of(page: Element) -> list[Element]:
    """Return what a script may show: taken out of the page."""
    found = []
    for parent in list(page.iter()):
        for child in [child for child in parent if child.tag == "template"]:
            parent.remove(child)
            found.append(child)
    return found


def faults_of(page: Element, language: str, names: Iterable[str] = (), said: Iterable[str] = ()) -> list[str]:
    """Wrong language of the page, or words on it (or `said` by its scripts) that are of another one."""
    found = [] if page.get("lang") == language else [f"language {page.get('lang')}"]
    if len(list(page.iter("h1"))) != 1:
        found.append(f"{len(list(page.iter('h1')))} headings of the first level")
    keep = re.compile(
        "|".join([SAME_EVERYWHERE.pattern, *map(re.escape, sorted(names, key=len, reverse=True))])
    )
    for text in [*texts(page), *said]:
        if foreign(keep.sub("", text), language):
            found.append(f"foreign words: {text[:100]}")
    return found


def texts(element: Element) -> Iterator[str]:
    """Everything that is read on a page or read aloud, outside parts marked as of another language."""
    for part in element:
        if isinstance(part.tag, str) and part.tag not in {"script", "style", "code"} and not part.get("lang"):
            for name in READ_ALOUD:
                if (text := part.get(name)) and not (name == "content" and part.get("name") == "viewport"):
                    yield " ".join(text.split())
            for name, value in part.attrib.items():
                if name.startswith("data-") and name not in NOT_READ and " " in value:
                    yield value
            if part.text and part.text.strip():
                yield " ".join(part.text.split())
            yield from texts(part)
        if part.tail and part.tail.strip():
            yield " ".join(part.tail.split())


def foreign(text: str, language: str) -> bool:
    if language == "en":
        return bool(AZERBAIJANI.search(text) or CYRILLIC.search(text))
    if text in _catalogue(language):  # as it stands in the sources
        return _catalogue(language)[text] != text
    if language == "az":
        return bool(CYRILLIC.search(text))
    latin = re.findall(r"\b[A-Za-z]{2,}\b", text)
    return bool(AZERBAIJANI.search(text)) or (len(latin) > 3 and not CYRILLIC.search(text))


@cache
def _catalogue(language: str) -> dict[str, str]:
    """Texts of the interface of two words and more, with their translations."""
    entries = polib.pofile(str(ROOT / "locales" / language / "LC_MESSAGES" / "django.po"))
    return {entry.msgid: entry.msgstr for entry in entries if " " in entry.msgid}

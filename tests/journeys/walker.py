"""Somebody with a telephone and a keyboard: no mouse, nothing touched, every page looked at."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.urls import resolve
from django.utils import translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import Download, Locator, Page, TimeoutError

from .axe import STOP, overflow, violations, watch

PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 844}
WIDEST = """() => [...document.querySelectorAll('main *')].filter(one =>
  one.getBoundingClientRect().right > innerWidth && !one.closest('.tw')).map(one => one.outerHTML.slice(0, 80))"""
ID = re.compile(r"[\w-]{20,}")
FARTHEST = 400  # stops on the longest page
LOOKS = 3  # by the engines, at pages of one kind; all where NISANE_LANGUAGE is named (`make prove`)


def az(text: str, context: str = "") -> str:
    """The words of the interface in Azerbaijani."""
    return spoken("az", text, context)


def spoken(language: str, text: str, context: str = "") -> str:
    with translation.override(language):
        return pgettext(context, text) if context else gettext(text)


class Walker:
    """Goes by Tab, Shift+Tab, Enter, Space, arrows and letters. What is wrong on the way is gathered.

    `faults`: page and what axe, the console, or a stop of the keyboard without ring, off the screen or
    covered showed. `passed`: the addresses that were looked at.
    """

    def __init__(self, page: Page, url: str, language: str = "az") -> None:
        self.page, self.url, self.language = page, url, language
        self.faults: list[str] = []
        self.passed: list[str] = []
        self._looks = Counter[str]()
        self._complaints = watch(page)
        page.set_viewport_size(PHONE)

    # --- pages ----------------------------------------------------------------------------------------

    def open(self, address: str) -> None:
        """An address that is printed on paper, or typed into a new browser."""
        self.page.goto(address)
        self.arrive()

    def arrive(self) -> None:
        """Looks at the page that is shown: axe, width, language, console."""
        self.page.wait_for_load_state("load")
        self._picture()
        self.look()
        self.page.set_viewport_size(NARROW)
        if wide := overflow(self.page):
            self._fault(f"{wide} px too wide at 320: {self.page.evaluate(WIDEST)}")
        self.page.set_viewport_size(PHONE)
        if self.page.locator("html").get_attribute("lang") != self.language:
            self._fault("wrong language")
        if (heads := self.page.locator("h1").count()) != 1:
            self._fault(f"{heads} headings of the first level")
        self.passed.append(self.path)

    def _picture(self) -> None:
        """For people who want to see the way: NISANE_PICTURES names a folder."""
        if folder := os.environ.get("NISANE_PICTURES"):
            name = re.sub(r"\W+", "-", ID.sub("ID", self.path)).strip("-") or "root"
            for width in (1280, PHONE["width"]):
                self.page.set_viewport_size({"width": width, "height": PHONE["height"]})
                file = f"{len(self.passed):02}-{name}-{self.language}-{width}.png"
                self.page.screenshot(path=Path(folder, file), full_page=True)

    def look(self) -> None:
        kind = f"{resolve(urlsplit(self.path).path).view_name} {self.path.count('/')}"  # of the catalogue, by depth
        self._looks[kind] += 1
        if self._looks[kind] <= LOOKS or "NISANE_LANGUAGE" in os.environ:
            for violation in violations(self.page):
                self._fault(violation)
        if wide := overflow(self.page):
            self._fault(f"{wide} px too wide: {self.page.evaluate(WIDEST)}")
        while self._complaints:
            self._fault(self._complaints.pop())

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.url).partition("#")[0]

    def words(self, text: str, context: str = "") -> str:
        """The words of the interface, in the language that is walked."""
        return spoken(self.language, text, context)

    def _fault(self, what: str) -> None:
        self.faults.append(f"{self.path}: {what}")

    # --- the menu -------------------------------------------------------------------------------------

    def go(self, text: str, context: str = "") -> None:
        """Follows a line of the main menu; where it is folded into one sheet, opens that first."""
        sheet = self.page.locator(".nav-s summary")
        if sheet.count():
            self.to(sheet)
            self.press("Enter")
            self.look()
        menu = self.page.get_by_role("navigation", name=self.words("Main menu"))
        self.follow(menu.get_by_role("link", name=self.words(text, context), exact=True))

    # --- stops ----------------------------------------------------------------------------------------

    def to(self, aim: Locator | str) -> None:
        """Tab until the aim has the focus. A group of buttons is one stop: any of it is arrival."""
        aim = self.page.locator(aim) if isinstance(aim, str) else aim
        try:
            element = aim.element_handle(timeout=5000)
        except TimeoutError:
            text = self.page.locator("main").inner_text()
            raise AssertionError(f"{self.path}: no {aim}\n{text}\n{self.faults}") from None
        assert element is not None
        for _ in range(FARTHEST):
            if self._is_at(element):
                return
            self.page.keyboard.press("Tab")
            self._stand()
        raise AssertionError(
            f"{self.path}: the keyboard does not reach {element.evaluate('e => e.outerHTML')[:200]}"
        )

    def _is_at(self, element: Any) -> bool:
        at: bool = element.evaluate(
            """e => { const at = document.activeElement
                      return at === e || e.type === 'radio' && at.type === 'radio' && at.name === e.name && at.form === e.form }"""
        )
        return at

    def _stand(self) -> None:
        stop = self.page.evaluate(STOP)
        if stop is None:  # past the last one: the browser's own controls
            return
        for wanted in ("ring", "seen", "free"):
            if not stop[wanted]:
                self._fault(f"stop “{stop['name']}”: {wanted}")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def follow(self, aim: Locator | str) -> None:
        """To a link or a button, and through it to the next page."""
        self.to(aim)
        with self.page.expect_navigation():
            self.press("Enter")
        self.arrive()

    def link(self, text: str, context: str = "") -> Locator:
        return self.page.get_by_role("link", name=self.words(text, context), exact=True).first

    def button(self, text: str) -> Locator:
        return self.page.get_by_role("button", name=self.words(text), exact=True).first

    def fill(self, aim: Locator | str, text: str) -> None:
        self.to(aim)
        self.page.keyboard.type(text)

    def tick(self, box: Locator) -> None:
        self.to(box)
        self.press("Space")

    def choose(self, button: Locator) -> None:
        """One radio button of a group: Tab to the group, then arrows."""
        self.to(button)
        element = button.element_handle()
        assert element is not None
        for _ in range(20):
            if element.evaluate("e => document.activeElement === e"):
                break
            self.press("ArrowDown")
            self._stand()
        if not element.evaluate("e => e.checked"):
            self.press("Space")
        assert element.evaluate("e => e.checked && document.activeElement === e")

    def choose_option(self, select: Locator, text: str) -> None:
        """An option of a closed list, by typing its first letters."""
        self.to(select)
        self.page.keyboard.type(text)

    @contextmanager
    def download(self) -> Iterator[list[Download]]:
        found: list[Download] = []
        with self.page.expect_download() as coming:
            yield found
        found.append(coming.value)

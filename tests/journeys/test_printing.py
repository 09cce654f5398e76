"""Pages that people print, as a browser prints them."""

import io
from collections.abc import Iterator

import pypdf
import pytest
from playwright.sync_api import Browser

from tests.running import Demo

from .meter import Meter


@pytest.fixture
def meter(browser: Browser, demo: Demo) -> Iterator[Meter]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield Meter(context, demo)
    context.close()


def test_field_sheet_is_one_page_in_each_language(meter: Meter, demo: Demo) -> None:
    """A4, lying: it is folded to A5."""
    meter.sign_in("officer2")
    for language in ("az", "en", "ru"):
        meter.page.goto(f"{demo.url}/{language}/courses/c1-lab/field-sheet/")
        (page,) = pypdf.PdfReader(io.BytesIO(meter.page.pdf(prefer_css_page_size=True))).pages
        assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [297, 210]


def test_widest_tables_are_whole_on_paper(meter: Meter, demo: Demo) -> None:
    page = meter.page
    for who, path in (("rule_owner", "rules/"), ("national", "people/figures/")):
        meter.sign_in(who)
        page.goto(f"{demo.url}/az/{path}")
        page.set_viewport_size({"width": 703, "height": 1000})  # A4 with its margins
        page.emulate_media(media="print")
        wider = "one => one.querySelector('table').offsetWidth - one.clientWidth"
        assert [table.evaluate(wider) for table in page.locator(".tw").all()] == [0] * page.locator(
            ".tw"
        ).count()
        page.emulate_media(media="screen")
        page.context.clear_cookies()


def test_number_to_call_is_printed(meter: Meter, demo: Demo) -> None:
    meter.page.goto(f"{demo.url}/az/help/")
    meter.page.emulate_media(media="print")
    assert meter.page.locator('a.btn[href^="tel:"]').first.is_visible()
    assert not meter.page.locator("a.btn:not([href^='tel:'])").first.is_visible()

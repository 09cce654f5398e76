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

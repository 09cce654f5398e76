"""A day is typed, on the site and in the editor; what is wrong with it is said in words of the page."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from people.models import User
from tests.databases import really_committed
from tests.factories import client_of

from .walker import PHONE

pytestmark = really_committed


def enter(page: Page, live_server: LiveServer, person: User, address: str) -> None:
    value = client_of(person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}{address}")


def test_day_is_typed_and_left_by_tab_and_what_is_wrong_is_said_in_words_of_the_page(
    page: Page, live_server: LiveServer, officer: User, coordinator: User
) -> None:
    """No calendar and no bubble of the browser, which speak its language."""
    enter(page, live_server, coordinator, f"/az/people/{officer.public_id}/leave/")
    field = page.locator("#id_first_day")
    field.focus()
    page.keyboard.type("31.02.2026")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") != "id_first_day"
    page.locator("main form.card [type=submit]").click()
    expect(page.locator(".errs")).to_contain_text("Belə gün yoxdur: 31.02.2026.")
    expect(page.locator("#id_first_day")).to_have_value("31.02.2026")


def test_day_of_an_edition_is_typed_and_left_by_tab(
    page: Page, live_server: LiveServer, curriculum: Any, trainer: User
) -> None:
    """Wagtail's own calendar stayed open, and made today of a day it could not read."""
    enter(page, live_server, trainer, f"/cms/editions/{curriculum.course.pk}/propose/")
    field = page.locator("input[name=legal_date]")
    field.fill("")
    page.keyboard.type("02.09.2024")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") != "legal_date"
    assert field.input_value() == "02.09.2024"
    assert page.locator(".xdsoft_datetimepicker").count() == 0


@pytest.mark.parametrize("kind", ["course", "lesson"])
def test_day_in_the_editor_is_of_the_same_kind(
    page: Page, live_server: LiveServer, curriculum: Any, trainer: User, kind: str
) -> None:
    shown = curriculum.course
    if kind == "lesson":
        shown = curriculum.course.get_descendants().get(slug="talking-to-workers")
    enter(page, live_server, trainer, f"/cms/pages/{shown.pk}/edit/")
    assert page.locator("input[name=legal_date]").get_attribute("type") == "text"

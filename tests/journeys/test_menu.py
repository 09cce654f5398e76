"""The menu of somebody with every position, and with one: one row on a desk, one sheet on a telephone."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from people.actions.grants import break_glass
from people.models import Agency
from tests import factories
from tests.databases import really_committed
from tests.factories import client_of

from .axe import overflow, violations

pytestmark = really_committed
ROW = 64  # pixels: a line with its padding


@pytest.fixture
def page_of_everybody(page: Page, live_server: LiveServer, agency: Agency) -> Page:
    person = factories.make_person()
    break_glass(person=person, reason="fire", by=None)
    value = client_of(person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    return page


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_menu_is_one_row_on_a_desk_and_one_sheet_on_a_telephone(
    page_of_everybody: Page, live_server: LiveServer, language: str
) -> None:
    page = page_of_everybody
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{live_server.url}/{language}/help/")
    box = page.locator(".nav").bounding_box()
    assert box is not None and box["height"] < ROW
    for group in page.locator(".grp > summary").all():
        group.click()
        assert overflow(page) == 0
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}/{language}/help/")
    box = page.locator(".nav").bounding_box()
    assert box is not None and box["height"] < ROW
    page.locator(".nav-s summary").click()
    expect(page.locator(".nav-s a").last).to_be_visible()
    assert (violations(page), overflow(page)) == ([], 0)


@pytest.mark.parametrize("position", [factories.Position.TRAINER, factories.Position.RULE_OWNER])
def test_menu_of_one_position_is_one_row_on_a_desk_and_one_sheet_on_a_telephone(
    page: Page, live_server: LiveServer, position: str
) -> None:
    person = factories.make_person()
    factories.give(person, position)
    value = client_of(person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(f"{live_server.url}/az/help/")
        box = page.locator(".nav").bounding_box()
        assert box is not None and box["height"] < ROW
    page.locator(".nav-s summary").click()
    expect(page.locator(".nav-s a").last).to_be_visible()
    assert (violations(page), overflow(page)) == ([], 0)


def test_groups_close_with_escape_and_with_a_click_elsewhere(
    page_of_everybody: Page, live_server: LiveServer
) -> None:
    page = page_of_everybody
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{live_server.url}/en/help/")
    first, second = page.locator(".grp").nth(0), page.locator(".grp").nth(1)
    first.locator("summary").click()
    expect(first).to_have_attribute("open", "")
    second.locator("summary").click()
    expect(first).not_to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(second).not_to_have_attribute("open", "")
    assert second.locator("summary").evaluate("one => one === document.activeElement")
    second.locator("summary").click()
    page.mouse.click(1200, 700)
    expect(second).not_to_have_attribute("open", "")

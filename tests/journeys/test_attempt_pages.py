"""The pages of an attempt by eye of axe, by keyboard, narrow, large and in the dark."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from assessments import actions
from assessments.models import Attempt, Blueprint
from people.models import User
from tests.assessments.conftest import exam, practice, start  # noqa: F401 - fixtures
from tests.assessments.walking import save, stage_code
from tests.databases import really_committed

from .axe import faults, overflow, violations

pytestmark = really_committed
WIDTHS = {"phone": 390, "desk": 1280}


@pytest.fixture
def attempt(exam: Blueprint, officer: User) -> Attempt:  # noqa: F811
    """In its second stage, with an answer."""
    found = start(exam, officer)
    actions.close_stage(attempt=found, stage_code=stage_code(found), by=officer)
    code = stage_code(found, 2)
    save(found, {f"{code}-q2": {"act": "present"}}, stage=code)
    return found


@pytest.fixture
def practised(practice: Blueprint, officer: User) -> Attempt:  # noqa: F811
    found = start(practice, officer)
    code = stage_code(found)
    save(found, {f"{code}-q1": [f"{code}-q1-r0", f"{code}-q1-w0"], f"{code}-q4": {f"{code}-q4-b": "do"}})
    return actions.close_attempt(attempt=found, by=officer, confirmed=True)


@pytest.fixture
def show(watched: Page, live_server: LiveServer, officer: User) -> Callable[..., Page]:
    client = Client()
    client.force_login(officer)
    value = client.cookies["sessionid"].value
    watched.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])

    def shown(attempt: Attempt, path: str, width: str = "phone", language: str = "az") -> Page:
        watched.set_viewport_size({"width": WIDTHS[width], "height": 800})
        watched.goto(f"{live_server.url}/{language}/attempts/{attempt.public_id}/{path}")
        return watched

    return shown


@pytest.mark.shared
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["az", "ru"])
@pytest.mark.parametrize("path", ["", "1/1/", "1/2/", "close/"])
def test_page_stands_axe_and_keyboard(
    show: Any, attempt: Attempt, path: str, language: str, width: str
) -> None:
    assert faults(show(attempt, path, width, language)) == []


@pytest.mark.shared
@pytest.mark.parametrize("width", WIDTHS)
def test_feedback_stands_axe_and_keyboard(show: Any, practised: Attempt, width: str) -> None:
    assert faults(show(practised, "feedback/", width)) == []


@pytest.mark.shared
@pytest.mark.parametrize("width", WIDTHS)
def test_asking_again_moves_to_what_is_missing(show: Any, attempt: Attempt, width: str) -> None:
    page = show(attempt, "close/", width, "en")
    page.get_by_role("button", name="Close the examination").click()
    expect(page.locator(".errs")).to_be_focused()
    assert violations(page) == []
    page.locator(".errs a").click()
    expect(page.locator("#confirmed")).to_be_focused()


def test_pages_stand_axe_in_the_dark(show: Any, attempt: Attempt, practised: Attempt, watched: Page) -> None:
    watched.emulate_media(color_scheme="dark")
    assert violations(show(attempt, "1/2/")) == []
    assert violations(show(practised, "feedback/")) == []


@pytest.mark.parametrize("path", ["", "1/2/", "close/"])
def test_page_reflows_at_400_per_cent_and_with_text_twice_as_large(
    show: Any, attempt: Attempt, path: str, watched: Page
) -> None:
    show(attempt, path, language="ru")
    watched.set_viewport_size({"width": 320, "height": 256})
    assert overflow(watched) == 0
    watched.set_viewport_size({"width": 1280, "height": 800})
    watched.evaluate("document.documentElement.style.fontSize = '200%'")
    assert overflow(watched) == 0


def test_stage_is_answered_and_closed_with_the_keyboard_alone(show: Any, exam: Any, officer: User) -> None:  # noqa: F811
    attempt = start(exam, officer)
    page = show(attempt, "1/1/", language="en")
    page.locator("#q-1 input").first.focus()
    page.keyboard.press("Space")
    for _row in range(7):  # three elements, a verdict, three actions: Tab to each, Space takes the first
        page.keyboard.press("Tab")
        while page.evaluate("document.activeElement.type") == "checkbox":
            page.keyboard.press("Tab")
        page.keyboard.press("Space")
    expect(page.locator("[data-answered]")).to_have_text("4 / 4")
    page.keyboard.press("Tab")
    expect(page.locator("summary", has_text="How marks are given")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Close the stage")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/1/2/")
    assert len(attempt.answers.all()) == 4

"""The editor keeps what is typed from the first moment, and while it saves; who leaves too early is warned."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route
from pytest_django.live_server_helper import LiveServer

from courses.models import LessonPage
from people.models import User
from tests import tiny
from tests.databases import really_committed
from tests.factories import client_of

from .axe import watch
from .waiting import wait_until

pytestmark = really_committed
BLOCK = ".lesson-body [data-streamfield-stream-container] > [data-streamfield-child]"


@pytest.fixture
def lesson(curriculum: tiny.Curriculum) -> LessonPage:
    return LessonPage.objects.get(slug="talking-to-workers")


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, lesson: LessonPage, trainer: User) -> Iterator[Page]:
    """The trainer's browser, at a desk in English."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=live_server.url)
    session = client_of(trainer).cookies["sessionid"].value
    context.add_cookies(
        [
            {"name": name, "value": value, "url": live_server.url}
            for name, value in {"sessionid": session, "nisane_language": "en"}.items()
        ]
    )
    page = context.new_page()
    complaints = watch(page)
    yield page
    context.close()
    assert complaints == []


def open_editor(page: Page, lesson: LessonPage) -> Locator:
    """Return the Azerbaijani heading as soon as one can type in it."""
    page.goto(f"/cms/pages/{lesson.pk}/edit/", wait_until="commit")
    return page.locator("input[name=heading_az]")


def saved(lesson: LessonPage) -> LessonPage:
    draft: LessonPage = LessonPage.objects.get(pk=lesson.pk).get_latest_revision_as_object()
    return draft


def wait_for_heading(page: Page, lesson: LessonPage, heading: str) -> None:
    wait_until(page, lambda: saved(lesson).heading_az == heading)  # type: ignore[attr-defined]


def test_words_typed_at_once_are_saved(page: Page, lesson: LessonPage) -> None:
    heading = open_editor(page, lesson)
    heading.fill("")
    heading.press_sequentially("Tez")
    wait_for_heading(page, lesson, "Tez")


def test_words_typed_before_the_scripts_have_run_are_saved(page: Page, lesson: LessonPage) -> None:
    held: list[Route] = []
    # The last script: the others wait for it.
    page.route(re.compile(r"/cms(\.[0-9a-f]+)?\.js$"), lambda route: held.append(route))
    heading = open_editor(page, lesson)
    heading.fill("Tez")
    assert held
    held[0].continue_()
    wait_for_heading(page, lesson, "Tez")


def test_block_deleted_at_once_is_gone(page: Page, lesson: LessonPage) -> None:
    open_editor(page, lesson)
    page.locator(f"{BLOCK} [data-streamfield-action=DELETE]").first.click()
    wait_until(page, lambda: len(saved(lesson).body) == 0)


def test_who_leaves_at_once_is_warned_and_keeps_the_words(page: Page, lesson: LessonPage) -> None:
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    heading = open_editor(page, lesson)
    heading.fill("")
    heading.press_sequentially("Tez")
    page.evaluate("() => { setTimeout(() => location.assign('/cms/')) }")
    wait_until(page, lambda: asked == ["beforeunload"])
    wait_for_heading(page, lesson, "Tez")


def test_words_typed_while_it_saves_are_saved_next(page: Page, lesson: LessonPage) -> None:
    """Wagtail takes the form as saved when the answer comes, with what was typed since it was sent."""
    held: list[Route] = []
    page.route(
        "**/edit/", lambda route: held.append(route) if is_first_save(route, held) else route.continue_()
    )
    heading = open_editor(page, lesson)
    heading.fill("")
    heading.press_sequentially("Tez")
    wait_until(page, lambda: bool(held))
    heading.press_sequentially(" yazılır")
    held[0].continue_()
    wait_for_heading(page, lesson, "Tez yazılır")


def is_first_save(route: Route, held: list[Route]) -> bool:
    return route.request.method == "POST" and not held


def test_block_that_is_only_opened_at_once_is_not_saved(page: Page, lesson: LessonPage) -> None:
    before = lesson.revisions.count()
    open_editor(page, lesson)
    page.locator(f"{BLOCK} [data-panel-toggle]").first.click()
    page.wait_for_timeout(4000)
    assert page.locator(f"{BLOCK} textarea[lang=az]").first.is_visible()
    assert lesson.revisions.count() == before

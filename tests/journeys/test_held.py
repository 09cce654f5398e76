"""What the page holds: closing without a connection, answers overtaken elsewhere, answers given in lists and texts."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect
from pytest_django.live_server_helper import LiveServer

from assessments import actions
from assessments.models import Attempt, StageProgress
from people.models import User
from tests.assessments import cases
from tests.assessments.conftest import exam, start  # noqa: F401 - fixtures
from tests.assessments.test_branches import publish
from tests.assessments.walking import open_stages, save, saved, stage_code
from tests.databases import really_committed

from .axe import faults
from .test_outbox import Desk, attempt, desk, fill, until  # noqa: F401 - fixtures

pytestmark = really_committed


# --- without a connection -----------------------------------------------------------------------------


def test_closing_a_stage_without_connection_is_held_by_the_page(desk: Desk) -> None:  # noqa: F811
    fill(desk)
    desk.choose()
    assert until(lambda: len(saved(desk.attempt)) == 4 and desk.kept() == [])
    desk.context.set_offline(True)
    close = desk.page.get_by_role("button", name="Close the stage")
    close.click()
    desk.shows("held")
    expect(desk.page.locator(".save")).to_be_focused()
    assert open_stages(desk.attempt) == [stage_code(desk.attempt)]
    desk.context.set_offline(False)
    desk.shows("back")
    close.click()
    desk.page.wait_for_url("**/1/2/")


def test_closing_with_an_answer_kept_here_says_why_nothing_was_closed(desk: Desk) -> None:  # noqa: F811
    fill(desk)
    desk.choose()
    assert until(lambda: len(saved(desk.attempt)) == 4 and desk.kept() == [])
    desk.context.set_offline(True)
    desk.choose(words="choice -a")
    desk.shows("wait")
    close = desk.page.get_by_role("button", name="Close the stage")
    close.click()
    desk.shows("held")
    expect(desk.page.locator(".save")).to_be_focused()
    desk.context.set_offline(False)
    assert until(lambda: desk.kept() == [])
    close.click()
    desk.page.wait_for_url("**/1/2/")


def test_finishing_without_connection_is_held_by_the_page(desk: Desk) -> None:  # noqa: F811
    desk.page.goto(f"{desk.server.url}/en/attempts/{desk.attempt.public_id}/close/")
    desk.page.get_by_label("I close with").check()
    desk.context.set_offline(True)
    button = desk.page.get_by_role("button", name="Close the examination")
    button.click()
    desk.shows("held")
    assert Attempt.objects.open().count() == 1
    desk.context.set_offline(False)
    button.click()
    desk.page.wait_for_url("**/result/")


def posts(found: Desk, lost: Callable[[Route], object]) -> list[str]:
    """From now on the line dies in each closing; what is held before is asked for and sent as ever."""
    seen: list[str] = []

    def die(route: Route) -> None:
        if route.request.method != "POST" or "/answers/" in route.request.url:
            return route.continue_()
        seen.append(route.request.url)
        lost(route)
        return route.abort()

    found.page.route("**/attempts/**", die)
    return seen


@pytest.mark.parametrize("arrived", [False, True])
def test_line_that_dies_in_closing_a_stage_is_held_by_the_page(desk: Desk, arrived: bool) -> None:  # noqa: F811
    """Whether the closing has arrived or not: pressing again leads on, and the stage is closed once."""
    fill(desk)
    desk.choose()
    assert until(lambda: len(saved(desk.attempt)) == 4 and desk.kept() == [])
    first = stage_code(desk.attempt)
    seen = posts(desk, lambda route: arrived and route.fetch(max_redirects=0))
    close = desk.page.get_by_role("button", name="Close the stage")
    close.dblclick()
    desk.shows("lost")
    expect(desk.page.locator(".save")).to_be_focused()
    assert (len(seen), desk.page.url) == (1, desk.address)
    assert (open_stages(desk.attempt) == [first]) is not arrived
    desk.page.unroute_all()
    close.click()
    desk.page.wait_for_url("**/1/2/")
    assert StageProgress.objects.count() == 2
    assert len(saved(desk.attempt)) == 4


@pytest.mark.parametrize("arrived", [False, True])
def test_line_that_dies_in_finishing_is_held_by_the_page(desk: Desk, arrived: bool) -> None:  # noqa: F811
    desk.page.goto(f"{desk.server.url}/en/attempts/{desk.attempt.public_id}/close/")
    desk.page.get_by_label("I close with").check()
    seen = posts(desk, lambda route: arrived and route.fetch(max_redirects=0))
    button = desk.page.get_by_role("button", name="Close the examination")
    button.dblclick()
    desk.shows("lost")
    expect(desk.page.locator(".save")).to_be_focused()
    assert (len(seen), Attempt.objects.open().count()) == (1, 0 if arrived else 1)
    desk.page.unroute_all()
    button.click()
    desk.page.wait_for_url("**/result/")


def signed_in_elsewhere(found: Desk, person: User | None = None) -> None:
    """In another window meanwhile: the token that this page holds is old."""
    found.context.clear_cookies()
    found.sign_in(person)
    found.context.new_page().goto(f"{found.server.url}/en/account/email/")


def test_closing_a_stage_after_signing_in_again_elsewhere_goes_on(desk: Desk) -> None:  # noqa: F811
    fill(desk)
    desk.choose()
    assert until(lambda: len(saved(desk.attempt)) == 4 and desk.kept() == [])
    signed_in_elsewhere(desk)
    desk.page.get_by_role("button", name="Close the stage").click()
    desk.page.wait_for_url("**/1/2/")


def test_finishing_after_signing_in_again_elsewhere_goes_on(desk: Desk) -> None:  # noqa: F811
    desk.page.goto(f"{desk.server.url}/en/attempts/{desk.attempt.public_id}/close/")
    desk.page.get_by_label("I close with").check()
    signed_in_elsewhere(desk)
    desk.page.get_by_role("button", name="Close the examination").click()
    desk.page.wait_for_url("**/result/")


def test_closing_with_somebody_else_signed_in_asks_to_sign_in(desk: Desk, officer2: User) -> None:  # noqa: F811
    signed_in_elsewhere(desk, officer2)
    desk.page.get_by_role("button", name="Close the stage").click()
    desk.shows("signin")
    assert (desk.page.url, open_stages(desk.attempt)) == (desk.address, [stage_code(desk.attempt)])


@pytest.mark.parametrize("status", [502, 504])
def test_closing_that_the_proxy_cannot_pass_on_is_held_by_the_page(desk: Desk, status: int) -> None:  # noqa: F811
    away = lambda route: (
        route.continue_() if "/answers/" in route.request.url else route.fulfill(status=status)
    )
    desk.page.route("**/attempts/**", away)
    desk.page.get_by_role("button", name="Close the stage").click()
    desk.shows("lost")
    assert desk.page.url == desk.address


def test_finishing_refused_shows_why(desk: Desk) -> None:  # noqa: F811
    desk.page.goto(f"{desk.server.url}/en/attempts/{desk.attempt.public_id}/close/")
    desk.page.get_by_role("button", name="Close the examination").click()
    expect(desk.page.locator(".errs")).to_be_focused()
    assert Attempt.objects.open().count() == 1


def test_finishing_sends_first_what_the_device_still_holds(desk: Desk) -> None:  # noqa: F811
    """The server is there, the answer has not arrived yet: nothing is closed over it."""
    only_asked = lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    desk.page.route("**/answers/", only_asked)
    desk.choose()
    desk.shows("wait")
    desk.page.goto(f"{desk.server.url}/en/attempts/{desk.attempt.public_id}/close/")
    desk.page.get_by_label("I close with").check()
    button = desk.page.get_by_role("button", name="Close the examination")
    button.click()
    expect(desk.page.locator(".save")).to_be_focused()
    desk.shows("wait")
    assert Attempt.objects.open().count() == 1
    desk.page.unroute_all()
    button.click()
    desk.page.wait_for_url("**/result/")
    assert desk.chosen() == f"{stage_code(desk.attempt)}-q3-b"
    assert desk.kept() == []


# --- answered later elsewhere -------------------------------------------------------------------------


def test_answer_kept_here_and_given_later_elsewhere_is_told_not_dropped(desk: Desk) -> None:  # noqa: F811
    newer = desk.context.new_page()
    newer.goto(desk.address)
    desk.choose(words="choice -c", page=newer)
    desk.shows("ok", newer)
    desk.page.route("**/answers/", lambda route: route.abort())
    desk.choose(words="choice -a")
    desk.shows("wait")
    desk.page.unroute_all()
    desk.page.reload()
    desk.shows("overtaken")
    expect(desk.page.locator(".save")).to_have_text(
        re.compile(r"Answered later in another window: that counts\. Kept here, not counted: choice -a")
    )
    expect(desk.page.locator("#q-3").get_by_label("choice -c")).to_be_checked()
    assert desk.chosen() == f"{stage_code(desk.attempt)}-q3-c"
    desk.page.get_by_role("button", name="Understood, delete it here").click()
    expect(desk.page.locator(".save")).to_be_hidden()
    assert desk.kept() == []


# --- lists, and passages of a material ----------------------------------------------------------------


@pytest.fixture
def branching(context: BrowserContext, live_server: LiveServer, officer: User) -> Desk:
    found = Desk(context, live_server, start(publish(cases.branching()), officer))
    found.sign_in()
    found.open()
    return found


def mark(found: Desk, words: str) -> Any:
    return found.page.locator("label.mk", has_text=words).locator("input")


def test_passages_and_lists_are_saved_at_once_and_counted(branching: Desk) -> None:
    page = branching.page
    mark(branching, "and I signed").check()
    branching.shows("ok")
    assert until(lambda: saved(branching.attempt).get("b1-a-s1-q1") == ["b1-a-s1-q1-b"])
    expect(page.locator("[data-answered]")).to_have_text("1 / 3")
    page.locator("#q-1").get_by_label("None of these").check()
    expect(mark(branching, "and I signed")).not_to_be_checked()
    assert until(lambda: saved(branching.attempt).get("b1-a-s1-q1") == [])
    for number, words in enumerate(["papers taken", "No indicator", "a debt grows"]):
        page.locator("#q-2 select").nth(number).select_option(label=words)
    assert until(lambda: len(saved(branching.attempt).get("b1-a-s1-q2") or {}) == 3)
    expect(page.locator("[data-answered]")).to_have_text("2 / 3")


def test_lists_and_passages_come_back_after_a_dead_line(branching: Desk) -> None:
    page = branching.page
    page.route("**/answers/", lambda route: route.abort())
    mark(branching, "I said").check()
    page.locator("#q-2 select").first.select_option(label="papers taken")
    branching.shows("wait")
    page.unroute_all()
    page.reload()
    expect(mark(branching, "I said")).to_be_checked()
    expect(page.locator("#q-2 select").first.locator("option:checked")).to_have_text("papers taken")
    assert until(lambda: len(saved(branching.attempt)) == 2)


def test_two_steps_in_one_place_are_no_order_yet(branching: Desk) -> None:
    page = branching.page
    branching.choose(words="choice -a")
    page.get_by_role("button", name="Decide and go on").click()
    expect(page.locator(".errs")).to_be_focused()
    page.get_by_role("button", name=re.compile("Close with 2 questions")).click()
    page.wait_for_url("**/1/2/#decision")
    expect(page.locator("#decision")).to_contain_text("choice -a")
    for number, place in enumerate("1123"):
        page.locator("#q-4 select").nth(number).select_option(place)
    expect(page.locator("[data-answered]")).to_have_text("0 / 1")
    page.locator("#q-4 select").nth(1).select_option("4")
    expect(page.locator("[data-answered]")).to_have_text("1 / 1")


@pytest.mark.shared
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_of_every_kind_stand_axe_and_keyboard(branching: Desk, width: int) -> None:
    page = branching.page
    page.set_viewport_size({"width": width, "height": 800})
    assert faults(branching.open()) == []
    answers = {"b1-a-s1-q1": ["b1-a-s1-q1-b"], "b1-a-s1-q3": "b1-a-s1-q3-a"}
    save(branching.attempt, answers, stage="b1-a-s1")
    actions.close_stage(attempt=branching.attempt, stage_code="b1-a-s1", by=branching.attempt.person)
    page.goto(branching.address.replace("/1/1/", "/1/2/"))
    assert faults(page) == []
    actions.close_attempt(attempt=branching.attempt, by=branching.attempt.person, confirmed=True)
    page.goto(branching.address.replace("/1/1/", "/feedback/"))
    assert faults(page) == []


def test_decision_made_without_a_line_meets_one_made_on_a_second_device(
    branching: Desk, browser: Browser, live_server: LiveServer
) -> None:
    """On a telephone in Azerbaijani: what was kept there comes too late, is told, and the way goes on as decided."""
    phone, address = branching.page, branching.address.replace("/en/", "/az/")
    phone.set_viewport_size({"width": 390, "height": 800})
    phone.goto(address)
    phone.context.set_offline(True)
    mark(branching, "I said").check()
    branching.choose(words="choice -a (az)")
    branching.shows("wait")
    phone.get_by_role("button", name="Qərar verib davam edin").click()
    expect(phone.locator(".save")).to_be_focused()

    second = Desk(browser.new_context(), live_server, branching.attempt)
    second.sign_in()
    second.page.goto(address)
    second.choose(words="choice -b (az)")
    second.shows("ok")
    second.page.get_by_role("button", name="Qərar verib davam edin").click()
    second.page.get_by_role("button", name="bağlayın").click()  # two questions are left, and said to be
    second.page.wait_for_url("**/1/2/#decision")
    expect(second.page.locator("#decision")).to_contain_text("choice -b (az)")
    second.context.close()

    phone.context.set_offline(False)
    branching.shows("late")
    phone.goto(address)
    expect(phone.locator("#q-3").get_by_label("choice -b (az)")).to_be_checked()
    expect(mark(branching, "I said")).not_to_be_checked()
    phone.goto(address.replace("/1/1/", "/1/2/"))
    expect(phone.locator("#decision")).to_contain_text("choice -b (az)")
    assert open_stages(branching.attempt) == ["b1-a-s3"]
    assert saved(branching.attempt)["b1-a-s1-q3"] == "b1-a-s1-q3-b"

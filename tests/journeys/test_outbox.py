"""Answers survive whatever happens to the connection, the browser and the session."""

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Playwright, Route, expect
from pytest_django.live_server_helper import LiveServer

from assessments import actions
from assessments.models import Answer, Attempt
from people.models import User
from tests.assessments.conftest import exam, practice, start  # noqa: F401 - fixtures
from tests.assessments.walking import saved, stage_code
from tests.databases import really_committed
from tests.factories import PASSWORD

from .conftest import CHROMIUM, FLAGS

pytestmark = really_committed


class Desk:
    """A browser in which the officer has opened the first stage of their attempt."""

    def __init__(self, context: BrowserContext, server: LiveServer, attempt: Attempt) -> None:
        self.context, self.server, self.attempt = context, server, attempt
        self.page = context.new_page()

    @property
    def address(self) -> str:
        return f"{self.server.url}/en/attempts/{self.attempt.public_id}/1/1/"

    def sign_in(self, person: User | None = None) -> None:
        client = Client()
        client.force_login(person or self.attempt.person)
        value = client.cookies["sessionid"].value
        self.context.add_cookies([{"name": "sessionid", "value": value, "url": self.server.url}])

    def open(self) -> Page:
        self.page.goto(self.address)
        return self.page

    def choose(self, number: int = 3, words: str = "choice -b", page: Page | None = None) -> None:
        (page or self.page).locator(f"#q-{number}").get_by_label(words, exact=True).check()

    def chosen(self) -> Any:
        return saved(self.attempt).get(f"{stage_code(self.attempt)}-q3")

    def shows(self, state: str, page: Page | None = None) -> None:
        expect((page or self.page).locator(".save")).to_have_attribute("data-state", state, timeout=15_000)

    def kept(self) -> list[dict[str, Any]]:
        """Return what lies in the box on this device."""
        return list(
            self.page.evaluate(
                """() => new Promise(done => { indexedDB.open('nisane-outbox', 1).onsuccess = event => {
                  const all = event.target.result.transaction('answers').objectStore('answers').getAll()
                  all.onsuccess = () => done(all.result) } })"""
            )
        )


def until(true: Callable[[], Any], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture
def attempt(exam: Any, officer: User) -> Attempt:  # noqa: F811
    return start(exam, officer)


@pytest.fixture
def desk(context: BrowserContext, live_server: LiveServer, attempt: Attempt) -> Desk:
    found = Desk(context, live_server, attempt)
    found.sign_in()
    found.open()
    return found


def test_change_is_saved_at_once_and_shown(desk: Desk) -> None:
    desk.choose()
    desk.shows("ok")
    assert desk.chosen() == f"{stage_code(desk.attempt)}-q3-b"
    expect(desk.page.locator(".save")).to_have_text(re.compile(r"^\s*Saved on the server, \d\d:\d\d\s*$"))
    expect(desk.page.locator("[data-answered]")).to_have_text("1 / 4")
    assert desk.kept() == []  # nothing stays on the device once it is there
    expect(desk.page.get_by_role("button", name="Save", exact=True)).to_be_hidden()


def test_none_of_these_clears_the_others_and_is_saved(desk: Desk) -> None:
    boxes = desk.page.locator("#q-1 input")
    boxes.nth(0).check()
    boxes.nth(1).check()
    desk.choose(1, "None of these")
    desk.shows("ok")
    assert until(lambda: saved(desk.attempt).get(f"{stage_code(desk.attempt)}-q1") == [])
    assert [box.is_checked() for box in boxes.all()].count(True) == 1


def test_dead_line_keeps_answers_and_sends_them_when_it_is_back(desk: Desk) -> None:
    desk.context.set_offline(True)
    desk.choose()
    desk.choose(1, "None of these")
    desk.shows("wait")
    expect(desk.page.locator(".save")).to_have_text("No connection. Kept on this device: 2")
    desk.page.get_by_role("button", name="Close the stage").click()
    expect(desk.page.locator(".save")).to_be_focused()  # nothing is closed while answers are on the way
    assert saved(desk.attempt) == {}
    desk.context.set_offline(False)
    desk.shows("ok")
    assert len(saved(desk.attempt)) == 2


def test_page_opened_again_shows_what_was_not_sent_and_sends_it(desk: Desk) -> None:
    desk.page.route("**/answers/", lambda route: route.abort())
    desk.choose()
    desk.shows("wait")
    desk.page.unroute_all()
    desk.page.reload()
    expect(desk.page.locator("#q-3").get_by_label("choice -b")).to_be_checked()
    assert until(lambda: desk.chosen() == f"{stage_code(desk.attempt)}-q3-b")


def test_reply_lost_on_the_way_back_counts_once(desk: Desk) -> None:
    seen: list[dict[str, Any]] = []

    def lose_the_first(route: Route) -> None:
        seen.append(json.loads(route.request.post_data or "{}")["answers"][0])
        reply = route.fetch()
        if len(seen) == 1:
            route.abort()
        else:
            route.fulfill(response=reply)

    desk.page.route("**/answers/", lose_the_first)
    desk.choose()
    desk.shows("wait")
    desk.shows("ok")
    assert (seen[0], Answer.objects.count()) == (seen[1], 1)


def test_killed_browser_loses_nothing(
    playwright: Playwright, live_server: LiveServer, attempt: Attempt, tmp_path: Path
) -> None:
    """kill -9, as soon as an answer that could not be sent lies on the device."""

    def launch() -> Desk:
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path), executable_path=CHROMIUM, args=FLAGS, headless=True
        )
        found = Desk(context, live_server, attempt)
        found.sign_in()
        return found

    before = launch()
    before.open()
    before.context.set_offline(True)
    before.choose()
    assert until(before.kept)
    for process in processes_of(tmp_path):
        os.kill(process, signal.SIGKILL)
    assert until(lambda: processes_of(tmp_path) == [])
    (tmp_path / "SingletonLock").unlink(missing_ok=True)
    after = launch()
    after.open()
    assert until(lambda: after.chosen() == f"{stage_code(attempt)}-q3-b"), after.kept()
    after.context.close()


def processes_of(profile: Path) -> list[int]:
    """Ids of the browser processes that use this profile."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if str(profile) in (entry / "cmdline").read_bytes().decode(errors="replace"):
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def test_session_that_ran_out_asks_to_sign_in_and_goes_on(desk: Desk) -> None:
    Session.objects.all().delete()
    desk.choose()
    desk.shows("signin")
    assert saved(desk.attempt) == {}
    with desk.context.expect_page() as opened:
        desk.page.locator(".save-do").get_by_role("link", name="Sign in").click()
    other = opened.value
    other.locator("[name=login]").fill("officer@agency.example")
    other.locator("[name=password]").fill(PASSWORD)
    other.locator("form:has([name=password]) [type=submit]").click()
    other.wait_for_url(re.compile(r"/(az|en)/$"))
    other.close()
    desk.page.evaluate(
        "document.dispatchEvent(new Event('visibilitychange'))"
    )  # headless: back in the window
    desk.shows("ok")
    assert desk.chosen() == f"{stage_code(desk.attempt)}-q3-b"
    fill(desk)
    desk.page.get_by_role("button", name="Close the stage").click()  # the form's token is new too
    desk.page.wait_for_url("**/1/2/")


def test_closing_waits_for_a_slow_line_and_for_what_was_changed_meanwhile(desk: Desk) -> None:
    slow: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if route.request.method == "POST" and not slow:
            slow.append(route)
        else:
            route.continue_()

    desk.page.route("**/answers/", hold_the_first)
    desk.choose()
    desk.shows("here")  # longer on the way than most
    assert slow
    fill(desk)
    desk.page.get_by_role("button", name="Close the stage").click()
    slow[0].continue_()
    desk.page.wait_for_url("**/1/2/")
    assert len(saved(desk.attempt)) == 4


def test_home_leads_to_answers_that_a_session_left_behind(desk: Desk) -> None:
    unsent = desk.page.locator("[data-unsent]")
    desk.page.goto(f"{desk.server.url}/en/")
    expect(unsent).to_be_hidden()
    desk.open()
    Session.objects.all().delete()
    desk.choose()
    desk.shows("signin")
    desk.sign_in()  # later, in the same browser
    desk.page.goto(f"{desk.server.url}/en/")
    expect(unsent).to_contain_text("were not sent")
    unsent.get_by_role("link").click()
    desk.shows("ok")
    assert desk.chosen() == f"{stage_code(desk.attempt)}-q3-b"
    desk.page.goto(f"{desk.server.url}/en/")
    expect(unsent).to_be_hidden()


def fill(desk: Desk) -> None:
    desk.choose(1, "None of these")
    for name in {radio.get_attribute("name") for radio in desk.page.locator("#q-2 input, #q-4 input").all()}:
        desk.page.locator(f"[name='{name}']").first.check()


def test_answer_after_closing_is_told_as_too_late_and_can_be_kept_in_a_file(desk: Desk) -> None:
    actions.close_attempt(attempt=desk.attempt, by=desk.attempt.person, confirmed=True)
    desk.choose()
    desk.shows("late")
    with desk.page.expect_download() as download:
        desk.page.get_by_role("button", name="Save to a file").click()
    text = Path(download.value.path()).read_text()
    assert [line for line in text.splitlines() if line][0] == f"{stage_code(desk.attempt)}-q3 (1.1)"
    assert [line for line in text.splitlines() if line][-1] == "choice -b"
    assert saved(desk.attempt) == {}


def test_older_window_is_told_that_another_one_counts(desk: Desk) -> None:
    newer = desk.context.new_page()
    newer.goto(desk.address)
    desk.choose(words="choice -c", page=newer)
    desk.shows("ok", newer)
    desk.choose(words="choice -a")
    desk.shows("older")
    assert desk.chosen() == f"{stage_code(desk.attempt)}-q3-c"
    desk.page.locator(".save-do").get_by_role("link", name="Open again").click()
    expect(desk.page.locator("#q-3").get_by_label("choice -c")).to_be_checked()
    desk.shows("overtaken")
    expect(desk.page.locator(".save")).to_contain_text("not counted: choice -a")
    desk.choose(words="choice -a")
    desk.shows("ok")
    assert (desk.chosen(), desk.kept()) == (f"{stage_code(desk.attempt)}-q3-a", [])


def test_older_window_that_closes_the_stage_keeps_what_another_one_saved(desk: Desk) -> None:
    desk.choose(words="choice -a")
    desk.shows("ok")
    newer = desk.context.new_page()
    newer.goto(desk.address)
    desk.choose(words="choice -c", page=newer)
    desk.choose(1, "None of these", page=newer)
    desk.shows("ok", newer)
    desk.page.get_by_role("button", name="Close the stage").click()
    expect(desk.page.locator("#q-3").get_by_label("choice -c")).to_be_checked()  # gaps are told first
    code = stage_code(desk.attempt)
    assert saved(desk.attempt) == {f"{code}-q1": [], f"{code}-q3": f"{code}-q3-c"}


def test_next_person_at_this_computer_neither_sees_nor_sends_them(desk: Desk, officer2: User) -> None:
    desk.page.route("**/answers/", lambda route: route.abort())
    desk.choose()
    desk.shows("wait")
    mine = desk.attempt
    desk.context.clear_cookies()
    desk.sign_in(officer2)
    desk.page.unroute_all()
    desk.attempt = start(mine.blueprint, officer2)
    desk.open()
    assert desk.page.locator("#q-3 :checked").count() == 0
    desk.choose(words="choice -c")
    desk.shows("ok")
    assert saved(mine) == {}
    desk.context.clear_cookies()
    desk.attempt = mine
    desk.sign_in()
    desk.open()
    assert until(lambda: desk.chosen() == f"{stage_code(mine)}-q3-b")


def test_signing_out_with_answers_not_sent_asks_first_then_forgets_them(desk: Desk) -> None:
    desk.page.route("**/answers/", lambda route: route.abort())
    desk.choose()
    desk.shows("wait")
    desk.page.locator(".me summary").click()
    leave = desk.page.get_by_role("button", name="Sign out")
    leave.click()
    desk.shows("leaving")
    expect(desk.page.locator(".save")).to_be_focused()
    if not leave.is_visible():
        desk.page.locator(".me summary").click()
    leave.click()
    desk.page.wait_for_url("**/en/")
    assert desk.kept() == []


def sign_out_elsewhere(desk: Desk) -> None:
    """From a page that knows nothing of answers."""
    desk.page.goto(f"{desk.server.url}/en/certificates/")
    desk.page.locator(".me summary").click()
    desk.page.get_by_role("button", name="Sign out").click()


def test_signing_out_elsewhere_with_answers_not_sent_asks_first_too(desk: Desk) -> None:
    desk.page.route("**/answers/", lambda route: route.abort())
    desk.choose()
    desk.shows("wait")
    sign_out_elsewhere(desk)
    desk.page.wait_for_url("**/en/account/logout/")
    leave = desk.page.locator("main").get_by_role("button", name="Sign out")
    leave.click()
    desk.shows("leaving")
    expect(desk.page.locator(".save")).to_be_focused()
    leave.click()
    desk.page.wait_for_url("**/en/")
    assert desk.kept() == []


def test_signing_out_elsewhere_sends_what_waits(desk: Desk) -> None:
    desk.page.route("**/answers/", lambda route: route.abort())
    desk.choose()
    desk.shows("wait")
    desk.page.unroute_all()
    sign_out_elsewhere(desk)
    desk.page.wait_for_url("**/en/account/logout/")
    desk.page.locator("main").get_by_role("button", name="Sign out").click()
    desk.page.wait_for_url("**/en/")
    assert desk.chosen() == f"{stage_code(desk.attempt)}-q3-b"
    assert desk.kept() == []


def test_signing_out_elsewhere_asks_nothing_where_nothing_waits(desk: Desk) -> None:
    desk.choose()
    desk.shows("ok")
    sign_out_elsewhere(desk)
    desk.page.wait_for_url("**/en/")


def test_device_that_cannot_keep_answers_says_so_and_offers_a_file(desk: Desk) -> None:
    desk.page.add_init_script("indexedDB.open = () => { throw new Error('no storage') }")
    desk.page.reload()
    desk.choose()
    desk.shows("ok")  # it still reaches the server
    desk.context.set_offline(True)
    desk.choose(words="choice -a")
    desk.shows("full")
    expect(desk.page.get_by_role("button", name="Save to a file")).to_be_visible()
    desk.context.set_offline(False)
    desk.shows("ok")
    assert desk.chosen() == f"{stage_code(desk.attempt)}-q3-a"


def test_time_left_is_told_and_its_end_leads_to_where_answers_are_marked(desk: Desk) -> None:
    expect(desk.page.locator(".left b")).to_have_text(re.compile(r"^(60|59) min$"))
    desk.page.route("**/1/1/", at_the_end)
    desk.page.reload()
    desk.choose()
    expect(desk.page.locator(".left b")).to_have_text("less than a minute")
    with desk.page.expect_navigation(url=re.compile(f"/attempts/{desk.attempt.public_id}/$")):
        pass
    assert desk.chosen() == f"{stage_code(desk.attempt)}-q3-b"


def at_the_end(route: Route) -> None:
    """The page as it is two seconds before the end."""
    reply = route.fetch()
    route.fulfill(response=reply, body=re.sub(r'data-seconds="\d+"', 'data-seconds="2"', reply.text()))


@pytest.fixture
def without_script(browser: Any, live_server: LiveServer, attempt: Attempt) -> Iterator[Desk]:
    context = browser.new_context(java_script_enabled=False)
    found = Desk(context, live_server, attempt)
    found.sign_in()
    found.open()
    yield found
    context.close()


def test_without_script_the_page_saves_and_says_so(without_script: Desk) -> None:
    desk = without_script
    desk.choose()
    desk.page.get_by_role("button", name="Save", exact=True).click()
    expect(desk.page.locator("#q-3").get_by_label("choice -b")).to_be_checked()
    expect(desk.page.locator(".save")).to_have_text(re.compile("Saved on the server"))
    expect(desk.page.locator(".left")).to_have_text(re.compile(r"^\s*until \d\d:\d\d"))
    assert desk.chosen() == f"{stage_code(desk.attempt)}-q3-b"

"""Answers while the server is down or dies, with the real server: nothing is lost, nobody else sees them."""

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.knowing import cases_of
from tests.running import Demo, answers, until
from tests.second_step import fresh_code

ANSWERS = """
    SELECT n.value FROM assessments_answer n JOIN assessments_attempt a ON a.id = n.attempt_id
    WHERE a.public_id = ? AND n.question_code = ?
"""
FAMILY = "PR1"  # its first question is answered in boxes of its own
BACK = 60_000  # milliseconds within which a page finds a server that has come back


class Learner:
    """Somebody at a shared computer, at the first stage of a practice of their own, all of the same family."""

    def __init__(self, context: BrowserContext, demo: Demo, key: str) -> None:
        self.context, self.demo, self.key = context, demo, key
        self.page: Page = context.new_page()
        self.stage = ""

    def sign_in(self) -> None:
        account = self.demo.facts["accounts"][self.key]
        self.page.goto(f"{self.demo.url}/en/account/login/")
        self.page.fill("#id_login", account["email"])
        self.page.fill("#id_password", account["password"])
        with self.page.expect_navigation():
            self.page.press("#id_password", "Enter")
        if account["totp_secret"]:
            self.page.fill("#id_code", fresh_code(account))
            with self.page.expect_navigation():
                self.page.press("#id_code", "Enter")

    def begin(self) -> None:
        course = f"{self.demo.url}/en/courses/c1-lab/"
        self.page.goto(course)
        if (enrol := self.page.locator("main form[action$='/enrol/'] button")).count():
            enrol.click()
        self._start(course)
        if [case.family for case in cases_of(self.demo, self.attempt)] != [FAMILY]:
            self.page.goto(self.stage.replace("/1/1/", "/close/"))  # the next one is another
            self.page.locator("#confirmed").check()
            self.page.locator("main form button[type=submit]").click()
            self.page.wait_for_url("**/feedback/")
            self._start(course)

    def _start(self, course: str) -> None:
        self.page.goto(f"{course}act/practice/")
        self.page.locator("main form[action$='/start/'] button").click()
        self.page.locator("main a.btn[href*='/attempts/']").click()
        self.page.wait_for_url("**/1/1/")
        self.stage = self.page.url

    @property
    def attempt(self) -> str:
        return self.stage.split("/attempts/")[1].split("/")[0]

    @property
    def question(self) -> Locator:
        return self.page.locator("fieldset[data-question]:has(input[type=checkbox])").first

    @property
    def box(self) -> Locator:
        return self.question.locator("input").first

    def shows(self, state: str) -> None:
        expect(self.page.locator(".save")).to_have_attribute("data-state", state, timeout=BACK)

    def saved(self) -> list[Any]:
        return [row[0] for row in self.demo.rows(ANSWERS, self.attempt, self.code)]

    @property
    def code(self) -> str:
        return self.question.get_attribute("data-question") or ""


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="en-GB")
    context.set_default_timeout(30_000)
    yield context
    context.close()


def test_answer_survives_a_server_that_dies_right_after_the_click(context: BrowserContext, demo: Demo):
    learner = Learner(context, demo, "trainer")
    learner.sign_in()
    learner.begin()
    web = until(lambda: demo.children().get("web"), "web to run")
    learner.box.check()
    os.kill(web, signal.SIGKILL)
    learner.shows("ok")
    assert len(learner.saved()) == 1
    until(lambda: answers(f"{demo.url}/livez"), "the web to be started again")
    learner.page.reload()
    expect(learner.box).to_be_checked()


def test_answer_given_while_the_server_is_down_waits_for_its_person(context: BrowserContext, demo: Demo):
    """Neither the next person at this computer sees it, nor is it sent in their name."""
    first, next_one = Learner(context, demo, "registrar"), Learner(context, demo, "registrar2")
    first.sign_in()
    first.begin()
    demo.stop()
    first.box.check()
    first.shows("wait")
    expect(first.page.locator(".save")).to_contain_text("Kept on this device: 1")
    code = first.code
    first.page.close()
    demo.start()

    context.clear_cookies()
    next_one.sign_in()
    next_one.begin()
    assert next_one.code == code
    expect(next_one.question.locator("input:checked")).to_have_count(0)
    next_one.question.locator("input").nth(1).check()
    next_one.shows("ok")
    assert len(next_one.saved()) == 1
    attempt = first.attempt
    assert demo.rows(ANSWERS, attempt, code) == []

    context.clear_cookies()
    again = Learner(context, demo, "registrar")
    again.sign_in()
    again.page.goto(first.stage)
    expect(again.box).to_be_checked()
    again.shows("ok")
    assert len(demo.rows(ANSWERS, attempt, code)) == 1

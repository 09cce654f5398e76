"""Failing an exam, on a telephone in Azerbaijani and with the keyboard alone: what to read again, an appeal, what
becomes of it; the assessor's side at a desk. axe looks at every page.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from assessments.models import AnswersSeen, Appeal, Attempt
from operations.outbox import work_off
from people.models import User
from tests import tiny
from tests.assessments import walking
from tests.databases import really_committed
from tests.factories import client_of

from .walker import PHONE, Walker, az

pytestmark = really_committed
WORDS = "Sual şagirdin yanında verilirdi: bunu necə başa düşməli idim?"
ANSWER = "Sual aydındır: təkbətək danışmaq dərsdə birinci addımdır."


@pytest.fixture
def walk(browser: Browser, live_server: LiveServer) -> Any:
    """Each person at a device of their own."""
    contexts = []

    def begun(person: User) -> Walker:
        context = browser.new_context(locale="az-AZ", timezone_id="Asia/Baku", viewport=PHONE)
        contexts.append(context)
        value = client_of(person).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        return Walker(context.new_page(), live_server.url)

    yield begun
    for context in contexts:
        context.close()


def test_officer_fails_reads_again_appeals_and_is_told(
    walk: Callable[[User], Walker], curriculum: tiny.Curriculum, officer: User, assessor: User
) -> None:
    tiny.prepare(curriculum, officer)
    phone = walk(officer)
    fail_the_exam(phone, curriculum)
    read_again(phone)
    result = appeal(phone)
    decide(walk(assessor))
    work_off()
    [letter] = [each for each in mail.outbox if each.subject == az("Your appeal is decided")]
    assert letter.to == [officer.email]
    assert result.removeprefix(phone.url) in letter.body
    phone.open(result)
    expect(phone.page.locator("main")).to_contain_text(ANSWER)
    assert "\n".join(phone.faults) == ""


def fail_the_exam(phone: Walker, curriculum: tiny.Curriculum) -> None:
    """Everything right, but an act that harms in the first case."""
    phone.open(f"{phone.url}/az/")
    phone.follow(phone.page.locator("main .step a.btn"))
    phone.follow(phone.page.locator('main form[action$="/start/"] button'))
    attempt = Attempt.objects.get(blueprint=curriculum.exam)
    for case in attempt.cases.all():
        _row, content = walking.case_of(attempt, case.position)
        walking.save(attempt, walking.best_answers(content), position=case.position)
    phone.follow(phone.link("Open the case"))
    harmful = phone.page.locator(".act-q:has(input[value=do-not]:checked)")
    phone.choose(harmful.locator("input[value=do]"))
    expect(phone.page.locator('.save[data-state="ok"]')).to_be_visible()
    phone.open(f"{phone.url}/az/attempts/{attempt.public_id}/close/")
    phone.follow(phone.button("Close the examination"))
    assert phone.path.endswith("/result/")
    expect(phone.page.locator("h1")).to_have_text(phone.words("You did not pass this time"))


def read_again(phone: Walker) -> None:
    """The lesson that treats the error, as the result names it, and back."""
    result = phone.page.url
    phone.follow(phone.page.locator('main a[href*="/talking-to-workers/"]').first)
    expect(phone.page.locator("h1")).to_contain_text("talking-to-workers")
    phone.open(f"{phone.url}/az/")
    expect(phone.page.locator("#step")).to_contain_text("talking-to-workers")
    phone.follow(phone.link("To the result"))
    assert phone.page.url == result


def appeal(phone: Walker) -> str:
    result = phone.page.url
    phone.follow(phone.page.locator('main a[href$="/appeal/"]'))
    phone.choose(phone.page.locator("[name=category][value=question]"))
    phone.fill("[name=text]", WORDS)
    phone.follow(phone.button("Continue"))
    phone.follow(phone.page.locator("main form button[type=submit]").first)
    assert phone.page.url == result
    expect(phone.page.locator("main")).to_contain_text(
        phone.words("Your appeal has arrived. We write to you as soon as it is decided.")
    )
    assert Appeal.objects.get().text == WORDS
    assert phone.page.locator('main a[href$="/appeal/"]').count() == 0
    return result


def decide(desk: Walker) -> None:
    """The assessor reads what is written, opens the answers, and lets the result stand with words."""
    page = desk.page
    desk.open(f"{desk.url}/az/assessor/appeals/")
    desk.follow(page.locator("main table a, main .list a").first)
    expect(page.locator("main")).to_contain_text(WORDS)
    desk.follow(page.locator('main a[href$="/answers/"]').first)
    desk.follow(page.locator("main form button[type=submit]").first)
    assert AnswersSeen.objects.count() == 1
    desk.follow(page.locator(".crumbs a").last)
    desk.follow(page.locator('main a[href$="/uphold/"]'))
    desk.fill("[name=words]", ANSWER)
    desk.follow(desk.button("Continue"))
    desk.follow(page.locator("main form button[type=submit]").first)
    expect(page.locator("main")).to_contain_text(ANSWER)
    assert "\n".join(desk.faults) == ""

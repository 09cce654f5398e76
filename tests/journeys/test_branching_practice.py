"""The branching practice case of the course on a telephone in Azerbaijani: the connection dies in the middle, the case
ends on a second device, and the feedback tells where the decisions led.
"""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from assessments import actions
from assessments.answers import Value
from assessments.content import Content
from assessments.frozen import content_of
from assessments.marking import best_answers
from assessments.models import Attempt
from assessments.stage_paths import stages_on_path
from curriculum import trying
from curriculum.reading import DATA, read_curriculum
from people.models import User
from tests.assessments import cases
from tests.assessments.conftest import PRACTICE, make_blueprint, start, titles
from tests.assessments.walking import open_stages, save, saved
from tests.databases import really_committed

from .axe import faults
from .test_outbox import Desk, until
from .walker import PHONE

pytestmark = really_committed


@pytest.fixture
def attempt(officer: User) -> Attempt:
    """A practice that draws PR2 alone, as the files have it."""
    shipped = read_curriculum(DATA)
    (practice,) = [entry for entry in shipped.blueprints if entry.code == "C1-LAB-practice"]
    [content] = [case for (case,) in trying.exams_of(practice, shipped) if case.family == "PR2"]
    family = actions.save_family(code="PR2", use="practice", titles=titles("PR2"), facts=cases.FACTS, by=None)
    scenario = actions.save_scenario(code=content.code, family=family, titles=titles("PR2"), by=None)
    actions.publish_version(scenario=scenario, content=content.model_dump(mode="json"), by=None)
    rules = {**PRACTICE, "draw": [{"from": ["PR2"], "take": 1}]}
    return start(make_blueprint("X-PR2", "practice", **rules), officer)


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer, attempt: Attempt):
    context = browser.new_context(locale="az-AZ", viewport=PHONE)
    found = Desk(context, live_server, attempt)
    found.sign_in()
    yield found
    context.close()


def stage_address(desk: Desk, number: int) -> str:
    return f"{desk.server.url}/az/attempts/{desk.attempt.public_id}/1/{number}/"


def decide(page: Page, words: str) -> None:
    page.locator(".dec").get_by_label(words, exact=True).check()


def test_dead_line_in_the_middle_and_a_second_device(
    phone: Desk, browser: Browser, live_server: LiveServer, attempt: Attempt
) -> None:
    case = content_of(attempt.cases.get().version.sha256)
    best: dict[str, Value] = best_answers(case)
    first, second = stages_on_path(case, best)[:2]
    page = phone.page
    page.goto(stage_address(phone, 1))
    assert faults(page) == []
    marked, branch = first.questions
    words = {option.code: option.text.az for option in [*marked.options, *branch.options]}
    for code in best[marked.code][:2]:
        page.locator("label.mk", has_text=words[code]).locator("input").check()
    phone.shows("ok")
    page.context.set_offline(True)
    for code in best[marked.code][2:]:
        page.locator("label.mk", has_text=words[code]).locator("input").check()
    decide(page, words[best[branch.code]])
    phone.shows("wait")
    page.get_by_role("button", name="Qərar verib davam edin").click()
    expect(page.locator(".save")).to_be_focused()  # held: no page of the browser's own
    assert branch.code not in saved(attempt) and open_stages(attempt) == [first.code]

    page.context.set_offline(False)
    assert until(lambda: saved(attempt).get(branch.code) == best[branch.code])
    assert sorted(saved(attempt)[marked.code]) == sorted(best[marked.code])
    page.get_by_role("button", name="Qərar verib davam edin").click()
    page.wait_for_url("**/1/2/#decision")
    expect(page.locator("#decision")).to_contain_text(words[best[branch.code]])

    other = Desk(browser.new_context(locale="az-AZ"), live_server, attempt)
    other.sign_in()
    other.page.goto(stage_address(other, 2))
    expect(other.page.locator("#decision")).to_contain_text(words[best[branch.code]])
    finish(attempt, case, best)
    other.page.goto(f"{live_server.url}/az/attempts/{attempt.public_id}/close/")
    other.page.locator("main form button[type=submit]").click()
    other.page.wait_for_url("**/feedback/")
    assert faults(other.page) == []
    for option in branch.options:
        expect(other.page.locator(".tl", has_text=option.text.az)).to_have_count(1)
    other.context.close()
    page.goto(stage_address(phone, 2))  # closed elsewhere: the telephone is led to what became of it
    page.wait_for_url("**/feedback/")
    assert second.code not in open_stages(attempt)


def finish(attempt: Attempt, case: Content, best: dict[str, Value]) -> None:
    """The rest by the key."""
    for stage in stages_on_path(case, best)[1:]:
        save(attempt, {question.code: best[question.code] for question in stage.questions}, stage=stage.code)
        actions.close_stage(attempt=attempt, stage_code=stage.code, by=attempt.person)

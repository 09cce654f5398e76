"""The pages of asking, of the table, of looking back and of evidence: axe, keyboard and width, on telephone and desk."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from certificates.models import Certificate
from clearance import actions, actions_override, actions_recall, case_reference
from clearance.models import Decision, OnDuty
from operations import clock
from people.actions.postings import end_posting
from people.models import User
from tests import factories, tiny
from tests.databases import really_committed

from .axe import faults
from .test_certificate import issued

pytestmark = really_committed
WIDTHS = {"phone": 390, "desk": 1280}


@pytest.fixture
def decided(
    keys: None, officer: User, officer2: User, duty_officer: User, shift_leader: User
) -> dict[str, Decision]:
    """One decision of each kind; the officer is certified, the colleague is not."""
    certificate = issued(officer)
    assert Certificate.objects.get() == certificate
    asked = tiny.function("F21", 21, "Raid", needs=["C1-LAB"], override=True)
    led = tiny.function(
        "F9",
        9,
        "Interview",
        conditions=["interpreter"],
        mode="advise",
        enforce_from=f"{clock.today() + timedelta(99)}",
    )
    trace = case_reference.trace_of(case_reference.digest_of("12-345/2026"))

    def decide(function: Any, person: User, **more: Any) -> Decision:
        return actions.decide(function=function, person=person, instant=clock.now(), by=duty_officer, **more)

    found = {
        "cleared": decide(asked, officer, case=trace),
        "conditional": decide(led, officer, confirmed=["interpreter"]),
        "not-cleared": decide(asked, officer2),
        "overridden": decide(asked, officer2, case=trace),
    }
    actions_override.override(decision=found["overridden"], reason="nobody-else", by=shift_leader)
    return found


def recalled(decision: Decision, officer: User) -> None:
    end_posting(posting=officer.postings.get(), valid_to=clock.now() + timedelta(minutes=1), by=None)
    with clock.at(clock.now() + timedelta(minutes=2)):
        answer = actions_recall.evaluated_now(decision)
        assert answer is not None
        actions_recall.recall(decision=decision, found=answer, by=None)


@pytest.fixture
def look(watched: Page, live_server: LiveServer) -> Callable[..., Page]:
    """A page as somebody sees it; what is wrong with it fails the test. NISANE_PICTURES names a folder for pictures."""

    def seen(person: User, path: str, language: str, width: str, name: str = "") -> Page:
        watched.set_viewport_size({"width": WIDTHS[width], "height": 844})
        cookie = factories.client_of(person).cookies["sessionid"].value
        watched.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        watched.goto(f"{live_server.url}/{language}/{path}")
        stands(watched, name or path, language, width)
        return watched

    return seen


def stands(page: Page, name: str, language: str, width: str) -> None:
    page.wait_for_load_state("load")
    if folder := os.environ.get("NISANE_PICTURES"):
        file = f"{name.strip('/').replace('/', '-')}-{language}-{WIDTHS[width]}.png"
        page.screenshot(path=Path(folder, file), full_page=True)
    assert faults(page) == [], name


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("az", ["Cavabları alın", "1 cavab alın", "2 cavab alın", "3 cavab alın"]),
        ("en", ["Get the answers", "Get 1 answer", "Get 2 answers", "Get 3 answers"]),
        ("ru", ["Получить ответы", "Получить 1 ответ", "Получить 2 ответа", "Получить 3 ответа"]),
    ],
)
def test_button_of_a_shift_says_how_many_answers_it_gets(
    look: Callable[..., Page],
    decided: dict[str, Decision],
    duty_officer: User,
    language: str,
    said: list[str],
):
    tiny.function("F22", 22, "Convoy", needs=["C1-LAB"])
    page = look(duty_officer, "desk/shift/", language, "phone")
    button = page.locator("main form .btn-big")
    functions, people = page.locator("input[name=functions]"), page.locator("input[name=p]:enabled")
    expect(button).to_have_text(said[0])
    functions.first.check()
    expect(button).to_have_text(said[0])
    people.first.check()
    expect(button).to_have_text(said[1])
    functions.nth(1).check()
    expect(button).to_have_text(said[2])
    functions.nth(2).check()
    expect(button).to_have_text(said[3])
    page.locator("details:has(#id_numbers) summary").click()
    page.locator("#id_numbers").fill("LAB-0417")
    expect(button).to_have_text(said[0])
    page.locator("#id_numbers").fill("")
    functions.nth(2).uncheck()
    functions.nth(1).uncheck()
    page.locator("input[name=everybody]").check()
    expect(button).to_have_text(said[2])  # two of the unit; who asks is not asked about
    button.click()
    expect(page.locator("main tbody tr")).to_have_count(2)


def test_enter_in_the_field_of_a_shift_asks_and_enters_nobody_as_on_duty(
    look: Callable[..., Page], decided: dict[str, Decision], duty_officer: User
):
    page = look(duty_officer, "desk/shift/", "en", "phone")
    page.locator("input[name=functions]").first.check()
    page.locator("input[name=p]:enabled").first.check()
    page.locator("details:has(#id_duty_until) summary").click()
    page.locator("#id_duty_until").press("Enter")
    expect(page.locator("main tbody tr")).to_have_count(1)
    assert not OnDuty.objects.exists()


@pytest.mark.shared
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_pages_of_asking_stand_axe_and_keyboard(
    look: Callable[..., Page],
    decided: dict[str, Decision],
    officer: User,
    duty_officer: User,
    shift_leader: User,
    coordinator: User,
    language: str,
    width: str,
):
    look(duty_officer, "desk/?all", language, width, "desk")
    for name, decision in decided.items():
        look(shift_leader, f"desk/{decision.public_id}/", language, width, f"decision-{name}")
    look(duty_officer, f"desk/{decided['cleared'].public_id}/", language, width, "decision-cleared-asker")
    look(
        coordinator,
        f"desk/overrides/{decided['overridden'].override.public_id}/",
        language,
        width,
        "override",
    )

    page = look(duty_officer, "desk/shift/", language, width, "shift")
    page.locator("input[name=everybody]").check()
    for box in page.locator("input[name=functions]").all():
        box.check()
    page.locator("main form .btn-big").click()
    stands(page, "shift-answer", language, width)
    page.locator("#id_case").fill("no; case")
    page.locator(".take button").click()
    stands(page, "shift-answer-wrong", language, width)

    page = look(coordinator, "desk/past/", language, width, "past")
    page.locator("#id_number").fill("LAB-0417")
    page.locator("input[name=functions]").first.check()
    page.locator("#id_at").fill(f"{clock.now().astimezone(clock.BAKU):%Y-%m-%dT%H:%M}")
    page.locator("input[name=known][value=today]").check()
    page.locator("main form .btn-w").click()
    stands(page, "past-answer", language, width)

    page = look(coordinator, "desk/decisions/", language, width, "decisions")
    page.locator("#id_case").fill("12-345/2026")
    page.locator("form.filter button").click()
    stands(page, "decisions-of-case", language, width)
    assert page.locator("main tbody tr").count() == 2
    look(coordinator, "desk/evidence/", language, width, "evidence")
    recalled(decided["cleared"], officer)
    look(duty_officer, f"desk/{decided['cleared'].public_id}/", language, width, "decision-recalled")
    page.goto(
        f"{page.url.partition('/' + language + '/')[0]}/receipt/{decided['overridden'].public_id}?lang={language}"
    )
    stands(page, "receipt-overridden", language, width)


@pytest.mark.parametrize("language", ["az", "en", "ru"])
@pytest.mark.parametrize("path", ["people/figures/", "desk/decisions/figures/"])
def test_figures_need_no_sideways_scroll_on_a_telephone(
    look: Callable[..., Page], decided: dict[str, Decision], language: str, path: str
):
    national = factories.make_person("Nəcəfov", "Ülvi")
    factories.give(national, factories.Position.NATIONAL_COORDINATOR)
    page = look(national, path, language, "phone")
    frames = page.locator(".tw")
    assert frames.count()
    assert frames.evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth).length") == 0
    unnamed = (
        "all => all.filter(one => !getComputedStyle(one, '::before').content.includes(one.dataset.l)).length"
    )
    assert page.locator(".tw td").evaluate_all(unnamed) == 0

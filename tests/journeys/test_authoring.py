"""Trainers and reviewers in a real browser: the editor of the longest lesson, and an edition by two.

Nodes are counted here; seconds only in notes of measurements.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.running import Demo, until
from tests.second_step import fresh_code

from .axe import watch

MOST_NODES = 4000
NODES = "document.querySelectorAll('*').length"
# Controls and headings that end beyond the column they stand in. What Wagtail hangs into the margin on the left
# (buttons that add a block or fold it) is no part of a column.
OVER = """() => [...document.querySelectorAll('main :is(input, select, textarea, button, label, h1, h2, h3)')]
  .filter(one => one.checkVisibility() && one.type !== 'hidden' && !one.closest('.form-side'))
  .filter(one => {
    const column = one.closest('.w3 > div') || one.closest('.w-panel__wrapper, .w-panel, main')
    return one.getBoundingClientRect().right > column.getBoundingClientRect().right + 1
  }).map(one => one.outerHTML.slice(0, 90))"""
OPEN_ALL = """() => document.querySelectorAll(
  '.lesson-body [data-streamfield-stream-container] > [data-streamfield-child] > .w-panel > .w-panel__header [data-panel-toggle]'
).forEach(toggle => toggle.click())"""


def sign_in(page: Page, account: dict[str, str]) -> None:
    page.goto("/en/account/login/?next=/cms/")
    page.locator("input[name=login]").fill(account["email"])
    page.locator("input[name=password]").fill(account["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/second-step/**")
    page.locator("input[name=code]").fill(fresh_code(account))
    page.keyboard.press("Enter")
    page.wait_for_url("**/cms/")


@pytest.fixture(scope="module")
def signed_in() -> dict[str, Any]:
    """The cookies of who has signed in: a code of the second step opens once, and the next is a wait away."""
    return {}


@pytest.fixture
def at_cms(browser: Browser, demo: Demo, signed_in: dict[str, Any]) -> Iterator[Callable[[str], Page]]:
    """Sign somebody in at /cms/, in English, at a desk; what scripts complain of fails the test."""
    contexts, complaints = [], []

    def enter(who: str) -> Page:
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, base_url=demo.url, storage_state=signed_in.get(who)
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        complaints.append(watch(page))
        if who not in signed_in:
            sign_in(page, demo.facts["accounts"][who])
            signed_in[who] = context.storage_state()
        page.goto("/cms/")
        return page

    yield enter
    for context in contexts:
        context.close()
    assert [words for heard in complaints for words in heard] == []


def longest_lesson(demo: Demo) -> tuple[int, int]:
    """The page and the number of its revisions."""
    [(page,)] = demo.rows("SELECT page_ptr_id FROM courses_lessonpage ORDER BY length(body) DESC LIMIT 1")
    return page, revisions_of(demo, page)


def revisions_of(demo: Demo, page: int) -> int:
    [(count,)] = demo.rows("SELECT count(*) FROM wagtailcore_revision WHERE object_id = ?", str(page))
    return count


def block(page: Page, number: int) -> Locator:
    return page.locator(".lesson-body [data-streamfield-stream-container] > [data-streamfield-child]").nth(
        number
    )


PARAGRAPHS = (
    ".lesson-body [data-streamfield-stream-container] > [data-streamfield-child]"
    ":has(> input[name$='-type'][value=paragraph])"
)


def paragraph(page: Page) -> Locator:
    """The first block that is one text, whatever stands before it."""
    return page.locator(PARAGRAPHS).first


def opened_paragraph(page: Page) -> Locator:
    found = paragraph(page)
    found.locator("[data-panel-toggle]").first.click()
    return found


def open_editor(page: Page, lesson: int) -> None:
    page.goto(f"/cms/pages/{lesson}/edit/")
    expect(page.locator(".lesson-body .states").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)  # Wagtail remembers what the form held then: autosave compares with it


def test_longest_lesson_opens_with_few_nodes_and_nothing_runs_over_its_column(at_cms: Any, demo: Demo):
    page, (lesson, _revisions) = at_cms("trainer"), longest_lesson(demo)
    open_editor(page, lesson)
    assert page.evaluate(NODES) < MOST_NODES
    assert page.evaluate(OVER) == []
    page.evaluate(OPEN_ALL)
    expect(page.locator(".lesson-body textarea").first).to_be_visible()
    assert page.evaluate(OVER) == []
    page.get_by_role("button", name="Toggle preview").click()
    assert page.evaluate(OVER) == []


def test_block_only_looked_at_is_not_saved_and_a_changed_one_makes_its_own_translations_older(
    at_cms: Any, demo: Demo
):
    page, (lesson, before) = at_cms("trainer"), longest_lesson(demo)
    open_editor(page, lesson)
    page.evaluate(OPEN_ALL)
    page.wait_for_timeout(2000)  # autosave waits half a second
    assert revisions_of(demo, lesson) == before
    open_editor(page, lesson)
    opened = opened_paragraph(page)
    azerbaijani = opened.locator("textarea[lang=az]")
    azerbaijani.fill(f"{azerbaijani.input_value()} Yeni söz.")
    expect(opened.locator(".states")).to_have_text("EN olderRU older")
    opened.locator("[data-still=ru]").click()
    expect(opened.locator(".states")).to_have_text("EN older")
    until(lambda: revisions_of(demo, lesson) > before, "autosave")
    page.wait_for_timeout(2000)
    open_editor(page, lesson)
    expect(paragraph(page).locator(".states")).to_have_text("EN older")
    expect(page.locator(PARAGRAPHS).nth(1).locator(".states")).to_have_text("3 languages current")
    expect(page.locator(".editor-bar")).to_contain_text("1 text older than the Azerbaijani")


def test_blocks_are_copied_moved_and_deleted_closed(at_cms: Any, demo: Demo):
    page, (lesson, before) = at_cms("trainer"), longest_lesson(demo)
    open_editor(page, lesson)
    shown = [words_of(block(page, number)) for number in range(3)]
    block(page, 0).locator("[data-streamfield-action=DUPLICATE]").first.click()
    block(page, 1).locator("[data-streamfield-action=MOVE_DOWN]").first.click()
    block(page, 0).locator("[data-streamfield-action=DELETE]").first.click()
    until(lambda: revisions_of(demo, lesson) > before, "autosave")
    page.wait_for_timeout(1500)
    open_editor(page, lesson)
    assert [words_of(block(page, number)) for number in range(3)] == [shown[1], shown[0], shown[2]]


def words_of(found: Locator) -> str:
    return found.locator(".w-panel__heading").first.inner_text()


def test_edition_goes_from_a_trainer_over_a_reviewer_to_readers(at_cms: Any, demo: Demo):
    trainer, (lesson, _revisions) = at_cms("trainer"), longest_lesson(demo)
    open_editor(trainer, lesson)
    opened = opened_paragraph(trainer)
    for language in ("az", "en", "ru"):
        area = opened.locator(f"textarea[lang={language}]")
        area.fill(f"{area.input_value()} Nəşr.")
    trainer.wait_for_timeout(2000)
    trainer.goto("/cms/editions/")
    trainer.get_by_role("link", name="Propose an edition").click()
    trainer.get_by_label("Reason").fill("Clearer")
    for tick in trainer.locator("input[name=accepted]").all():
        tick.check()
    trainer.get_by_role("button", name="Propose this edition").click()
    expect(trainer.get_by_role("link", name="Waits for a reviewer")).to_be_visible()
    reviewer = at_cms("reviewer")
    reviewer.get_by_role("link", name="Waits for a reviewer").click()
    reviewer.get_by_role("button", name="Confirm: readers see it now").click()
    expect(reviewer.get_by_text("The edition is published. Readers see it now.")).to_be_visible()
    [(body,)] = demo.rows("SELECT body FROM courses_lessonpage WHERE page_ptr_id = ?", lesson)
    texts = [one["value"] for one in json.loads(body) if one["type"] == "paragraph"]
    assert [texts[0][language][-5:] for language in ("az", "en", "ru")] == ["Nəşr."] * 3

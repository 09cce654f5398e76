"""Trainers and reviewers in a real browser: the editor of the longest lesson, and an edition by two.

Nodes are counted here; seconds only in notes of measurements.
"""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.running import Demo, until
from tests.second_step import fresh_code

from .axe import overflow, violations, watch
from .walker import PHONE, az

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
    """Sign somebody in at /cms/, in English at a desk or in Azerbaijani on a telephone.

    What scripts complain of fails the test.
    """
    contexts, complaints = [], []

    def enter(who: str, telephone: bool = False) -> Page:
        size = PHONE if telephone else {"width": 1280, "height": 900}
        context = browser.new_context(viewport=size, base_url=demo.url, storage_state=signed_in.get(who))
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        complaints.append(watch(page))
        if who not in signed_in:
            sign_in(page, demo.facts["accounts"][who])
            signed_in[who] = context.storage_state()
        language = "az" if telephone else "en"
        context.add_cookies([{"name": "nisane_language", "value": language, "url": demo.url}])
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


def saved(demo: Demo, page: int) -> list[dict[str, Any]]:
    """The blocks as autosave kept them last."""
    rows = demo.rows(
        "SELECT content FROM wagtailcore_revision WHERE object_id = ? ORDER BY id DESC LIMIT 1", str(page)
    )
    found: list[dict[str, Any]] = json.loads(json.loads(rows[0][0])["body"])
    return found


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
    page, (lesson, _revisions) = at_cms("trainer"), longest_lesson(demo)
    open_editor(page, lesson)
    shown = [words_of(block(page, number)) for number in range(3)]
    first, second, third = (one["id"] for one in saved(demo, lesson)[:3])
    block(page, 0).locator("[data-streamfield-action=DUPLICATE]").first.click()
    block(page, 1).locator("[data-streamfield-action=MOVE_DOWN]").first.click()
    block(page, 0).locator("[data-streamfield-action=DELETE]").first.click()

    def kept() -> bool:
        now = [one["id"] for one in saved(demo, lesson)]
        return (now[0], now[2], first in now) == (second, third, False)

    until(kept, "autosave")
    open_editor(page, lesson)
    assert [words_of(block(page, number)) for number in range(3)] == [shown[1], shown[0], shown[2]]


def test_every_kind_of_block_can_be_chosen_at_the_end_of_a_lesson(at_cms: Any, demo: Demo):
    page, (lesson, _revisions) = at_cms("trainer"), longest_lesson(demo)
    open_editor(page, lesson)
    page.locator(ADD).last.click()
    page.get_by_role("option").last.click(trial=True, timeout=5000)


def words_of(found: Locator) -> str:
    return found.locator(".w-panel__heading").first.inner_text()


def test_edition_goes_from_a_trainer_over_a_reviewer_to_readers(at_cms: Any, demo: Demo):
    trainer, (lesson, _revisions) = at_cms("trainer"), longest_lesson(demo)
    open_editor(trainer, lesson)
    opened = opened_paragraph(trainer)
    for language in ("az", "en", "ru"):
        area = opened.locator(f"textarea[lang={language}]")
        area.fill(f"{area.input_value()} Nəşr.")
    until(lambda: json.dumps(saved(demo, lesson), ensure_ascii=False).count("Nəşr.") == 3, "autosave")
    trainer.goto("/cms/editions/")
    row_of_inspectors(trainer, demo).get_by_role("link", name="Propose an edition").click()
    trainer.get_by_label("Reason").fill("Clearer")
    for tick in trainer.locator("input[name=accepted]").all():
        tick.check()
    trainer.get_by_role("button", name="Propose this edition").click()
    expect(trainer.get_by_role("link", name="Waits for a reviewer")).to_be_visible()
    reviewer = at_cms("reviewer")
    reviewer.get_by_role("link", name="Read and decide").click()
    reviewer.get_by_role("button", name="Confirm: readers see it now").click()
    expect(reviewer.get_by_text("The edition is published. Readers see it now.")).to_be_visible()
    [(body,)] = demo.rows("SELECT body FROM courses_lessonpage WHERE page_ptr_id = ?", lesson)
    texts = [one["value"] for one in json.loads(body) if one["type"] == "paragraph"]
    assert [texts[0][language][-5:] for language in ("az", "en", "ru")] == ["Nəşr."] * 3


# --- a lesson written and answered on a telephone --------------------------------------------------

BLOCKS = ".lesson-body [data-streamfield-stream-container] > [data-streamfield-child]"
ADD = ".lesson-body [data-streamfield-stream-container] > div > .c-sf-add-button"


def add(page: Page, kind: str, *texts: str) -> Locator:
    """Add a block at the end and write its texts in three languages, each in the order of the page."""
    before = page.locator(BLOCKS).count()
    page.locator(ADD).last.click()
    page.get_by_role("option", name=az(kind), exact=True).click()
    expect(page.locator(BLOCKS)).to_have_count(before + 1)
    added = page.locator(BLOCKS).nth(before)
    expect(added.locator("textarea[lang=az]")).to_have_count(len(texts))
    states = added.locator(".states").first
    expect(states).to_contain_text(f"AZ {az('missing')}")
    for language in ("az", "en", "ru"):
        for area, text in zip(added.locator(f"textarea[lang={language}]").all(), texts, strict=True):
            area.fill(text if language == "az" or not text else f"{text} ({language})")
    expect(states).to_have_text(az("%(count)s languages current") % {"count": 3})
    return added


def write_lesson(page: Page, module: int) -> None:
    page.goto(f"/cms/pages/add/courses/lessonpage/{module}/")
    page.wait_for_load_state("networkidle")
    for language in ("az", "en", "ru"):
        page.locator(f"input[name=heading_{language}]").fill(f"Gecə növbəsi {language}")
    add(page, "Text", "Bu, [məcburi əmək](term:28) ola bilər.")
    picture = add(page, "Picture", "Çarpayı", "")
    picture.locator("input[type=file]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": picture_file()}
    )
    expect(picture.locator("img")).to_be_visible()
    choice = add(page, "Self-check: choose one", "Kim cavab verir?", "İşçi", "Hə, işçi.", "Müdir", "Yox.")
    choice.locator("input[type=checkbox]").first.check()
    steps = [words for step in ("Bir", "İki", "Üç") for words in (step, f"{step}: ona görə.")]
    add(page, "Self-check: put in order", "Sıra necədir?", *steps)
    acts = add(page, "Self-check: do or do not", "Nə edirsiniz?", "Soruşuram", "Hə.", "Hədələyirəm", "Yox.")
    for select, side in zip(acts.locator("select").all(), ("do", "do-not"), strict=True):
        select.select_option(side)
    line = add(page, "Self-check: the next line", "Nə deyirsiniz?", "Salam", "Danışır.", "Sənəd!", "Susur.")
    line.locator("input[type=checkbox]").first.check()
    add(page, "Key points", "Soruşun.")
    sources = page.locator(".w-panel.collapsed:has(input[name=sources])")
    sources.locator("[data-panel-toggle]").first.click()
    expect(sources.locator("input").first).to_be_visible()
    sources.locator("input[value=PALERMO-3]").check()
    page.locator("input[name=minutes]").fill("5")
    page.locator("input[name=legal_date]").fill("2024-02-09")


def picture_file() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (600, 400), "teal").save(made, "PNG")
    return made.getvalue()


def test_lesson_with_four_kinds_of_check_is_written_in_three_languages_and_answered(
    at_cms: Any, browser: Browser, demo: Demo
):
    trainer = at_cms("trainer", telephone=True)
    [(module,)] = demo.rows("SELECT id FROM wagtailcore_page WHERE url_path LIKE '%/c1-lab/recognise/'")
    write_lesson(trainer, module)
    assert trainer.evaluate(OVER) == []
    assert trainer.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    trainer.locator("footer button[type=submit]").first.click()
    trainer.wait_for_url("**/edit/**")
    trainer.goto("/cms/editions/")
    row_of_inspectors(trainer, demo).get_by_role("link", name=az("Propose an edition")).click()
    trainer.locator("input[name=reason]").fill("Yeni dərs")
    for tick in trainer.locator("input[name=accepted]").all():
        tick.check()
    trainer.get_by_role("button", name=az("Propose this edition")).click()
    reviewer = at_cms("reviewer", telephone=True)
    reviewer.get_by_role("link", name=az("Read and decide")).click()
    reviewer.get_by_role("button", name=az("Confirm: readers see it now")).click()
    expect(reviewer.get_by_text(az("The edition is published. Readers see it now."))).to_be_visible()
    officer = at_course(browser, demo)
    officer.get_by_role("link", name="Gecə növbəsi az").first.click()
    answer_lesson(officer)
    assert violations(officer) == []
    assert overflow(officer) == 0
    lesson = officer.url
    for language in ("en", "ru"):
        officer.goto(lesson.replace("/az/", f"/{language}/", 1))
        expect(officer.get_by_role("heading", name=f"Nə edirsiniz? ({language})")).to_be_visible()
    officer.goto("/az/glossary/")
    assert (violations(officer), overflow(officer)) == ([], 0)
    explained_without_scripts(browser, officer, lesson)
    officer.context.close()
    take_back(trainer, demo, "Gecə növbəsi az")


def explained_without_scripts(browser: Browser, officer: Page, lesson: str) -> None:
    context = browser.new_context(
        viewport=PHONE, java_script_enabled=False, storage_state=officer.context.storage_state()
    )
    page = context.new_page()
    page.goto(lesson)
    page.get_by_role("button", name="məcburi əmək").click()
    expect(page.locator("#term-28")).to_be_visible()
    context.close()


def row_of_inspectors(page: Page, demo: Demo) -> Locator:
    """Of the table of courses: the one that officers of the demo follow."""
    [(course,)] = demo.rows("SELECT page_ptr_id FROM courses_coursepage WHERE code = 'C1-LAB'")
    return page.locator(f'tr:has(a[href="/cms/pages/{course}/"])')


def take_back(page: Page, demo: Demo, lesson: str) -> None:
    """Leave the demo's course as others expect it."""
    page.goto("/cms/editions/")
    row_of_inspectors(page, demo).get_by_role("link", name=az("Take back from readers")).click()
    page.get_by_label(lesson).last.check()
    page.locator("input[name=reason]").fill("Sınaq dərsi")
    page.get_by_role("button", name=az("Take back")).click()
    expect(page.get_by_text(az("Readers no longer see it."))).to_be_visible()


def at_course(browser: Browser, demo: Demo) -> Page:
    """An officer of the demo on a telephone, at the page of the course that they follow."""
    context = browser.new_context(viewport=PHONE, base_url=demo.url, locale="az-AZ")
    page, account = context.new_page(), demo.facts["accounts"]["officer2"]
    page.goto("/az/account/login/?next=/az/courses/c1-lab/")
    page.locator("input[name=login]").fill(account["email"])
    page.locator("input[name=password]").fill(account["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/courses/c1-lab/", wait_until="load")
    return page


def answer_lesson(page: Page) -> None:
    """All four checks rightly, a term by keyboard, and the picture in its place."""
    term = page.get_by_role("button", name="məcburi əmək")
    term.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#term-28")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#term-28")).to_be_hidden()
    expect(term).to_be_focused()
    page.emulate_media(media="print")
    expect(page.locator("#term-28")).to_be_visible()
    page.emulate_media(media="screen")
    image = page.get_by_role("img", name="Çarpayı")
    image.scroll_into_view_if_needed()
    page.wait_for_function("image => image.naturalWidth === 600", arg=image.element_handle())
    box = image.bounding_box()
    assert box and abs(box["width"] / box["height"] - 1.5) < 0.01
    answered(page, "Kim cavab verir?", lambda check: check.get_by_label("İşçi").check())
    order = {"Bir": "1", "İki": "2", "Üç": "3"}
    answered(page, "Sıra necədir?", lambda check: [
        check.get_by_label(step, exact=True).select_option(place) for step, place in order.items()
    ])  # fmt: skip
    sides = {"Soruşuram": "I do", "Hədələyirəm": "I do not"}
    answered(page, "Nə edirsiniz?", lambda check: [
        check.get_by_role("radiogroup", name=act).get_by_label(az(side), exact=True).check() for act, side in sides.items()
    ])  # fmt: skip
    answered(page, "Nə deyirsiniz?", lambda check: check.get_by_label("Salam").check())
    expect(page.locator(".beads .done")).to_have_count(4)


def answered(page: Page, question: str, choose: Callable[[Locator], Any]) -> None:
    check = page.locator("section.check").filter(has=page.get_by_role("heading", name=question))
    choose(check)
    check.get_by_role("button").click()
    expect(check.get_by_text(az("That is right."))).to_be_visible()

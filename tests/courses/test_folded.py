"""Blocks that stay closed in the editor lose nothing, and drafts may have gaps."""

import json
from typing import Any

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client

from courses.bodies import stream
from courses.models import CoursePage, LessonPage
from courses.models.blocks import LessonBody
from courses.models.folded import value_of_closed
from courses.translation_state import fingerprint, state_of
from tests.elearning.pages import tree
from tests.factories import names

from .factories import lesson_of, make_lesson, module_of, shipped_pages

pytestmark = pytest.mark.django_db
SHIPPED = [page for page in shipped_pages() if "lesson" in page]
JSON = {"headers": {"accept": "application/json"}}  # as autosave asks


def editor_of(page: LessonPage) -> str:
    return f"/cms/pages/{page.pk}/edit/"


def sent_of(page: LessonPage, **changed: Any) -> dict[str, Any]:
    """Return what the editor sends with every block closed."""
    draft = page.get_latest_revision_as_object()
    sent: dict[str, Any] = {
        f"heading_{code}": getattr(draft, f"heading_{code}") for code in ("az", "en", "ru")
    }
    sent |= {"minutes": draft.minutes, "legal_date": draft.legal_date, "sources": draft.sources}
    sent["body-count"] = len(draft.body)
    for number, child in enumerate(draft.body):
        place = f"body-{number}"
        sent |= {f"{place}-deleted": "", f"{place}-order": number, f"{place}-type": child.block_type}
        sent[f"{place}-id"] = child.id
        sent[f"{place}-value-kept"] = json.dumps(child.block.get_form_state(child.value))
    return sent | changed


def test_new_block_says_that_its_text_is_missing() -> None:
    """Where a text may be left out, an empty one is as it should be."""
    picture = LessonBody().child_blocks["picture"]
    state = picture.get_form_state(picture.get_default())
    assert {name: state[name]["state"]["az"] for name in ("alt", "caption")} == {
        "alt": "missing", "caption": "current",
    }  # fmt: skip
    written = picture.child_blocks["alt"].get_form_state({"az": "Çarpayı", "en": "", "ru": ""})
    assert written["state"] == {"az": "current", "en": "missing", "ru": "missing"}


def test_translation_written_before_a_refused_save_is_current_and_an_older_one_older() -> None:
    """The editor comes back with what was sent, as saving it would have judged it."""
    paragraph = LessonBody().child_blocks["paragraph"]
    older = {"ru": [fingerprint("Stul"), fingerprint("Кровать")]}
    sent = {"p-az": "Çarpayı", "p-en": "A bed", "p-ru": "Кровать", "p-of": json.dumps(older), "p-still": ""}
    state = paragraph.get_form_state(paragraph.value_from_datadict(sent, {}, "p"))
    assert state["state"] == {"az": "current", "en": "current", "ru": "stale"}


def test_foot_of_the_editor_says_what_stands_in_the_way_of_an_edition(
    course: CoursePage, author: Client
) -> None:
    lesson = lesson_of(course, "lesson-1")

    def foot() -> list[str]:
        [told] = [
            one
            for one in tree(author.get(editor_of(lesson)).content).iter()
            if "data-in-the-way" in one.attrib
        ]
        return [" ".join("".join(one.itertext()).split()) for one in told.iter("li")]

    assert foot() == []
    author.post(editor_of(lesson), sent_of(lesson, minutes="", heading_en=""))
    assert foot() == [
        "Minutes to read it",
        "English: 1 text is missing. The edition does not name this language. Side by side",
    ]


@pytest.mark.parametrize("page", SHIPPED, ids=[page["lesson"] for page in SHIPPED])
def test_closed_block_sends_what_it_was(page: dict[str, Any]) -> None:
    value = LessonBody().to_python(stream(page["body"], seed="x"))
    for child in value:
        kept = json.dumps(child.block.get_form_state(child.value))
        assert (
            child.block.get_prep_value(value_of_closed(child.block, kept)) == child.get_prep_value()["value"]
        )


@pytest.mark.parametrize("kept", ["", "nonsense", "3", '{"statement": 3}', "[1]", "[" * 200_000])
def test_closed_block_that_sends_nonsense_is_suspicious(kept: str) -> None:
    with pytest.raises(SuspiciousOperation):
        value_of_closed(LessonBody().child_blocks["law"], kept)


@pytest.mark.parametrize(
    "sent", [{"x-count": "-5"}, {"x-count": "1", "x-0-type": "unknown", "x-0-deleted": ""}]
)
def test_stream_that_sends_nonsense_is_suspicious(sent: dict[str, str]) -> None:
    with pytest.raises(SuspiciousOperation):
        LessonBody().value_from_datadict(sent, {}, "x")


def test_editor_saves_closed_blocks_unchanged_and_in_their_new_order(
    course: CoursePage, author: Client
) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", {"heading": names("A")}, {"key_points": [names("B")]})
    lesson = lesson_of(course, "lesson-1")
    before = lesson.get_latest_revision_as_object().body.get_prep_value()
    sent = sent_of(lesson, **{"body-0-order": 2, "body-2-order": 0})
    assert author.post(editor_of(lesson), sent).status_code == 302
    after = lesson_of(course, "lesson-1").get_latest_revision_as_object().body.get_prep_value()
    assert after == [before[2], before[1], before[0]]


def test_opened_block_whose_azerbaijani_was_typed_anew_makes_its_translations_stale(
    course: CoursePage, author: Client
) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", {"heading": names("A")}, {"heading": names("B")})
    lesson = lesson_of(course, "lesson-1")
    sent = sent_of(lesson)
    texts = json.loads(sent.pop("body-1-value-kept"))
    sent |= {"body-1-value-az": "Başqa", "body-1-value-en": texts["en"], "body-1-value-ru": texts["ru"]}
    sent |= {"body-1-value-of": json.dumps(texts["of"]), "body-1-value-still": "ru"}
    author.post(editor_of(lesson), sent)
    blocks = lesson_of(course, "lesson-1").get_latest_revision_as_object().body
    states = [[state_of(block.value, code) for code in ("en", "ru")] for block in blocks]
    assert states == [["current", "current"], ["stale", "current"], ["current", "current"]]


def test_draft_is_saved_while_fields_are_empty(course: CoursePage, author: Client) -> None:
    lesson = lesson_of(course, "lesson-1")
    sent = sent_of(lesson, minutes="", legal_date="", sources=[], heading_ru="")
    sent |= {"body-count": 3}
    for number, kind in enumerate(("law", "check_match"), 1):
        place = f"body-{number}"
        empty = LessonBody().child_blocks[kind]
        kept = json.dumps(empty.get_form_state(empty.get_default()))
        sent |= {f"{place}-deleted": "", f"{place}-order": number, f"{place}-type": kind, f"{place}-id": ""}
        sent[f"{place}-value-kept"] = kept
    answer = author.post(editor_of(lesson), sent, **JSON)
    assert (answer.status_code, answer.json()["success"]) == (200, True)
    draft = lesson_of(course, "lesson-1").get_latest_revision_as_object()
    assert (draft.minutes, draft.legal_date, [block.block_type for block in draft.body]) == (
        None, None, ["paragraph", "law", "check_match"],
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["lessonpage", "assessmentpage"])
def test_new_page_with_a_heading_alone_is_saved(course: CoursePage, author: Client, kind: str) -> None:
    module = module_of(course, "one")
    sent = {"heading_az": "Yeni", "body-count": "0"}
    answer = author.post(f"/cms/pages/add/courses/{kind}/{module.pk}/", sent, **JSON)
    assert (answer.status_code, answer.json()["success"]) == (200, True)
    assert module.get_children().get(title="Yeni").has_unpublished_changes


def test_text_that_is_too_long_is_refused_in_words(course: CoursePage, author: Client) -> None:
    lesson = lesson_of(course, "lesson-1")
    sent = sent_of(lesson)
    del sent["body-0-value-kept"]
    sent |= {"body-0-value-az": "ə" * 10_001, "body-0-value-en": "", "body-0-value-ru": ""}
    assert "Longer than 10000 characters: " in author.post(editor_of(lesson), sent).text


def test_comparison_shows_the_languages_that_differ_and_what_was_judged(
    course: CoursePage, author: Client
) -> None:
    make_lesson(module_of(course, "one"), "lesson-1", {"heading": names("Same")})
    lesson = lesson_of(course, "lesson-1")
    first = lesson.latest_revision_id
    draft = lesson.get_latest_revision_as_object()
    draft.body[0].value["az"] = "Text of lesson"
    draft.sources = ["THB-1", "UNREAD"]
    second = draft.save_revision().pk
    page = author.get(f"/cms/pages/{lesson.pk}/revisions/compare/{first}...{second}/").text
    assert '<dt>Azərbaycanca</dt><dd lang="az">Text of lesson<span class="deletion">' in page
    assert '<dt>English</dt><dd lang="en">is now older than the Azerbaijani text</dd>' in page
    assert "<b>Heading</b> =" in page
    assert 'THB-1<span class="addition">,' in page


def test_saving_untouched_codes_changes_nothing_and_a_comparison_calls_them_as_the_editor_does(
    course: CoursePage, author: Client
) -> None:
    lesson = lesson_of(course, "lesson-1")
    draft = lesson.get_latest_revision_as_object()
    draft.sources = ["UNREAD", "THB-1"]
    first = draft.save_revision().pk
    sent = sent_of(lesson, sources=["THB-1", "UNREAD"])  # ticked, in the order of the page
    assert author.post(editor_of(lesson), sent, **JSON).json()["success"]
    lesson.refresh_from_db()
    assert lesson.get_latest_revision_as_object().sources == ["UNREAD", "THB-1"]
    address = f"/cms/pages/{lesson.pk}/revisions/compare/{first}..."
    assert "What the lesson rests on" not in author.get(f"{address}{lesson.latest_revision_id}/").text
    assert author.post(editor_of(lesson), sent | {"sources": ["THB-1"]}, **JSON).json()["success"]
    lesson.refresh_from_db()
    page = author.get(f"{address}{lesson.latest_revision_id}/").text
    assert ("What the lesson rests on" in page, "Sources:" in page) == (True, False)

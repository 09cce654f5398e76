"""From a body as files write it to the stream of a lesson."""

import re
from typing import Any

import pytest

from courses import marks
from courses.bodies import judged_together, stream
from courses.translation_state import fingerprint, state_of, texts_in

from .factories import shipped_pages

T = {"az": "a", "en": "e", "ru": "r"}
JUDGED = {**T, "of": {code: [fingerprint("a"), fingerprint(T[code])] for code in ("en", "ru")}}
PARAGRAPHS = [
    block["paragraph"][language]
    for page in shipped_pages()
    for block in page.get("body", ())
    if "paragraph" in block
    for language in ("az", "en", "ru")
]


def value_of(block: dict[str, Any]) -> Any:
    return stream([block], seed="x")[0]["value"]


def test_texts_stand_side_by_side_and_belong_together() -> None:
    assert value_of({"heading": T}) == JUDGED


def test_text_whose_translation_is_of_an_older_one_says_so() -> None:
    older = {**T, "of": {"ru": fingerprint("before")}}
    assert [state_of(value_of({"heading": older}), code) for code in ("en", "ru")] == ["current", "stale"]


def test_translation_that_a_file_does_not_have_is_missing() -> None:
    assert judged_together({"az": " a "}) == {"az": "a", "en": "", "ru": "", "of": {}}


def test_stream_twice_is_equal_and_of_another_seed_is_not() -> None:
    blocks = [{"heading": T}, {"key_points": [T, T]}]
    assert stream(blocks, seed="x") == stream(blocks, seed="x")
    assert stream(blocks, seed="x")[0]["id"] != stream(blocks, seed="y")[0]["id"]


def test_paragraph_is_parted_at_empty_lines_and_lists() -> None:
    text = {"az": "One\n\ntwo:<ul><li>x</li></ul>three", "en": "One", "ru": "<p>One</p>"}
    made = value_of({"paragraph": text})
    assert marks.to_html(made["az"]) == "<p>One</p><p>two:</p><ul><li>x</li></ul><p>three</p>"
    assert [marks.to_html(made[code]) for code in ("en", "ru")] == ["<p>One</p>", "<p>One</p>"]


def test_check_has_a_right_option_and_says_of_the_others_that_they_are_not() -> None:
    options = [{"text": T, "right": True, "feedback": T}, {"text": T, "feedback": T}]
    (block,) = stream([{"check": {"question": T, "options": options}}], seed="x")
    assert (block["type"], block["value"]["question"]["ru"]) == ("check_choice", "r")
    assert [option["value"]["right"] for option in block["value"]["options"]] == [True, False]


def test_a_kind_of_check_or_exhibit_is_a_type_of_block() -> None:
    order = {"check": {"kind": "order", "question": T, "items": [{"text": T, "feedback": T}] * 3}}
    note = {"exhibit": {"kind": "note", "title": T, "origin": T, "paragraphs": [T]}}
    message = {"who": T, "text": T}
    messages = {"exhibit": {"kind": "messages", "title": T, "origin": T, "messages": [message]}}
    made = stream([order, note, messages], seed="x")
    assert [block["type"] for block in made] == ["check_order", "exhibit_text", "exhibit_messages"]
    assert ["kind" in block["value"] for block in made] == [False, True, False]
    assert made[2]["value"]["messages"][0]["value"]["mine"] is False


def test_a_check_keeps_its_id_wherever_it_stands() -> None:
    check = {"check": {"question": T, "options": [{"text": T, "feedback": T}] * 2}}
    first, second = stream([check, check], seed="x")
    moved = stream([{"heading": T}, check], seed="x")[1]
    assert moved == first
    assert second["id"] != first["id"]


def test_codes_stand_once() -> None:
    assert value_of({"indicators": ["ILO-07"]})[0]["value"] == "ILO-07"
    assert value_of({"law": {"statement": T, "source": "THB-1"}}) == {"statement": JUDGED, "source": "THB-1"}


def test_every_text_of_a_file_is_found_with_a_place_of_its_own() -> None:
    blocks = [{"heading": T}, {"compare": {"good": [T, T], "bad": [T]}}, {"key_points": [T]}]
    places = [place for place, _texts in texts_in(stream(blocks, seed="x"))]
    assert len(places) == len(set(places)) == 5


@pytest.mark.parametrize("html", PARAGRAPHS[::7])
def test_shipped_paragraph_says_in_marks_what_it_said_in_html(html: str) -> None:
    assert _words(marks.to_html(marks.from_html(html))) == _words(html)


def _words(html: str) -> list[str]:
    """Words, and the tags around them; not how paragraphs are parted."""
    return re.findall(r"</?(?:b|i|ul|ol|li)>|[^\s<>]+", re.sub(r"</?p>", " ", html).replace("&#x27;", "'"))

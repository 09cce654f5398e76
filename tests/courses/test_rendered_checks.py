"""Self-checks in a page: nothing is told before, everything after."""

import re
from typing import Any

import pytest
from django.utils.translation import override

from courses.rendered_checks import RenderedCheck, rendered
from tests.elearning.pages import Element, tree, with_class, words
from tests.factories import names

from .test_self_checks import CHECKS, RIGHT, WORDS, asked, part, sent

pytestmark = pytest.mark.django_db


def check(kind: str, **changed: Any) -> RenderedCheck:
    with override("en"):
        return rendered(kind, asked(kind, **changed), WORDS, "en")


def page(html: str) -> Element:
    return tree(f"<html><body>{html}</body></html>".encode())


def after(kind: str, said: dict[str, str], **changed: Any) -> Element:
    made = check(kind, **changed)
    return page(made.view("r", made.answer(sent(made.question, said), "r")))


def texts(html: str) -> list[str]:
    return re.findall(r"\b(?:one|two|three|four|five|six)\b", html)


@pytest.mark.parametrize("kind", CHECKS)
def test_unanswered_nothing_tells_the_key(kind: str) -> None:
    made = check(kind)
    html = made.view("r")
    assert not re.search(r"Why |Then |checked|selected|ILO-0\d</|data-right|<!--(?!csrf)", html)
    for child in made.parts:
        assert child not in html


def test_an_order_is_the_readers_own_and_stays() -> None:
    items = [part(text) for text in ("one", "two", "three", "four", "five", "six")]
    made = check("order", items=items)
    orders = {reader: texts(made.view(reader)) for reader in map(str, range(8))}
    assert len({tuple(order) for order in orders.values()}) > 1
    assert all(sorted(order) == sorted(orders["0"]) for order in orders.values())
    answered = made.view("3", made.answer({}, "3"))
    assert texts(answered) == orders["3"] == texts(made.view("3"))


@pytest.mark.parametrize("kind", CHECKS)
def test_answered_each_part_tells_why_and_the_answer_stands(kind: str) -> None:
    shown = after(kind, RIGHT[kind])
    section = with_class(shown, "check")[0]
    assert "is-done" in section.get("class", "").split()
    assert len(with_class(shown, "r")) == len(RIGHT[kind]) + (kind in ("choice", "indicators"))
    chosen = shown.findall(".//*[@checked]") + shown.findall(".//*[@selected]")
    assert len(chosen) == len(RIGHT[kind])
    told = next(e for e in shown.iter() if e.get("id", "").startswith("t-"))
    assert told.get("tabindex") == "-1"
    assert told.get("role") == "status"
    assert "That is right." in words(told)
    assert shown.find(".//form").get("action") == f"#{told.get('id')}"  # type: ignore[union-attr]  # there is one


def test_wrong_answer_counts_what_is_right() -> None:
    told = next(
        e for e in after("actions", {"one": "do", "two": "do"}).iter() if e.get("id", "").startswith("t-")
    )
    assert words(told) == "1 of 2 are right."


def test_a_line_that_was_said_tells_what_comes_of_it() -> None:
    shown = after("next_line", {"two": "yes"})
    assert words(with_class(shown, "you")[0]) == "You two (en)"
    assert words(with_class(shown, "then-bad")[0]) == "That is not right. Then two (en)"
    assert [words(line) for line in with_class(shown, "r")] == ["This is right. Then one (en)"]


def test_half_an_answer_stands_and_is_told_nothing() -> None:
    shown = after("match", {"one": "ILO-08"})
    assert with_class(shown, "r") == with_class(shown, "is-done") == []
    assert words(with_class(shown, "fb")[0]) == "Answer each line."
    assert [option.text for option in shown.findall(".//option[@selected]")] == ["ILO-08 (en)"]


def test_a_figure_stands_in_questions_and_reasons(standards: None) -> None:
    options = [part("{figure:hotline}", right=True), part("two")]
    made = check("choice", options=options, question=names("Call {figure:hotline}?"))
    assert made.view("r").count('<span class="nb">152</span>') == 2
    answer = made.answer({made.question.code: []}, "r")
    assert made.view("r", answer).count('<span class="nb">152</span>') == 2

"""A block is read as a question of a case, and answered as one."""

from typing import Any

import pytest
from django.utils.translation import override

from assessments.content import IndicatorWords
from assessments.questions import ChoiceQuestion, MatchQuestion
from courses.bodies import stream
from courses.self_checks import (
    CheckAnswer,
    CheckQuestion,
    LessonWords,
    answer_of,
    kind_of,
    problem_of,
    question_of,
    tokens_of,
    written_question,
)
from tests.factories import names

CODES = ("ILO-07", "ILO-08")
WORDS = LessonWords(
    {
        code: IndicatorWords(
            set="ILO11", version="1", dimension="exploitation", strength="strong", text=names(code)
        )
        for code in CODES
    }
)


def part(text: str, **facts: Any) -> dict[str, Any]:
    return {"text": names(text), "feedback": names(f"Why {text}"), **facts}


def line(text: str, **facts: Any) -> dict[str, Any]:
    return {"text": names(text), "then": names(f"Then {text}"), **facts}


CHECKS: dict[str, dict[str, Any]] = {
    "choice": {"options": [part("one"), part("two", right=True)]},
    "actions": {"options": [part("one", right="do"), part("two", right="do-not")]},
    "indicators": {"options": [part("one", right=True, indicator="ILO-07"), part("two")]},
    "match": {
        "indicators": list(CODES),
        "statements": [part("one", right="ILO-07"), part("two", right="none")],
    },
    "order": {"items": [part("one"), part("two"), part("three")]},
    "next_line": {"options": [line("one", right=True), line("two")]},
}
RIGHT: dict[str, dict[str, str]] = {  # by kind: what is said of each part; "yes": it is chosen
    "choice": {"two": "yes"},
    "actions": {"one": "do", "two": "do-not"},
    "indicators": {"one": "yes"},
    "match": {"one": "ILO-07", "two": "none"},
    "order": {"one": "1", "two": "2", "three": "3"},
    "next_line": {"one": "yes"},
}


def raw(kind: str, **changed: Any) -> dict[str, Any]:
    value = {"kind": kind, "question": names("Which?"), **(CHECKS[kind] | changed)}
    return stream([{"check": value}], seed="x")[0]


def asked(kind: str, **changed: Any) -> CheckQuestion:
    block = raw(kind, **changed)
    question = question_of(kind_of(block["type"]), block["id"], block["value"])
    assert question is not None
    return question


def sent(question: CheckQuestion, said: dict[str, str], reader: str = "r") -> dict[str, list[str]]:
    """The form fields that say this."""
    tokens = tokens_of(question, reader)
    parts = getattr(question, {"match": "statements", "order": "items"}.get(question.kind, "options"))
    fields: dict[str, list[str]] = {}
    for child in parts:
        value = said.get(child.text.en.removesuffix(" (en)"), "")
        if value == "yes":
            fields.setdefault(question.code, []).append(tokens.of(child.code))
        elif value:
            value = tokens.of(value) if value in CODES else value
            fields[f"{question.code}.{tokens.of(child.code)}"] = [value]
    return fields


def answered(kind: str, said: dict[str, str]) -> CheckAnswer:
    question = asked(kind)
    return answer_of(question, WORDS, sent(question, said), "r", "en")


@pytest.mark.parametrize("kind", CHECKS)
def test_right_answer_is_whole_and_every_part_is_explained(kind: str) -> None:
    answer = answered(kind, RIGHT[kind])
    assert (answer.whole, answer.error) == (True, "")
    assert (
        answer.right == len(answer.lines) == len(next(v for v in CHECKS[kind].values() if v != list(CODES)))
    )
    reasons = {line.reason for line in answer.lines.values()}
    assert len(reasons) == len(answer.lines)
    assert all(reason.startswith("Then" if kind == "next_line" else "Why") for reason in reasons)


@pytest.mark.parametrize(
    ("kind", "said", "right"),
    [
        ("choice", {"one": "yes"}, 0),
        ("actions", {"one": "do", "two": "do"}, 1),
        ("indicators", {"one": "yes", "two": "yes"}, 1),
        ("match", {"one": "ILO-08", "two": "none"}, 1),
        ("order", {"one": "1", "two": "3", "three": "2"}, 1),
        ("next_line", {"two": "yes"}, 0),
    ],
)
def test_wrong_answer_is_told_part_by_part(kind: str, said: dict[str, str], right: int) -> None:
    answer = answered(kind, said)
    assert (answer.whole, answer.right) == (False, right)


@pytest.mark.parametrize(
    ("kind", "said", "error"),
    [
        ("choice", {}, "Choose one answer."),
        ("next_line", {}, "Choose one answer."),
        ("actions", {"one": "do"}, "Answer each line."),
        ("indicators", {}, "Choose all that apply. If there is none, say so."),
        ("match", {"one": "ILO-07"}, "Answer each line."),
        ("order", {"one": "1", "two": "1", "three": "2"}, "Give each line a number of its own."),
    ],
)
def test_half_an_answer_is_told_nothing(kind: str, said: dict[str, str], error: str) -> None:
    answer = answered(kind, said)
    assert (answer.error, answer.lines, answer.whole) == (error, {}, False)


def test_what_was_never_offered_is_told_nothing() -> None:
    question = asked("choice")
    answer = answer_of(question, WORDS, {question.code: [question.options[0].code]}, "r", "en")  # type: ignore[union-attr]  # a choice
    assert (answer.lines, answer.error) == (
        {}, "This option was not offered. Open the page again and choose once more.",
    )  # fmt: skip


def test_codes_are_the_ids_of_the_block_and_its_parts() -> None:
    block = raw("choice")
    question = asked("choice")
    assert isinstance(question, ChoiceQuestion)
    assert question.code == block["id"]
    assert [option.code for option in question.options] == [o["id"] for o in block["value"]["options"]]
    assert (question.competences, question.points) == ((), 1)


def test_readers_get_other_names() -> None:
    question = asked("order")
    assert tokens_of(question, "a").of("x") != tokens_of(question, "b").of("x")


@pytest.mark.parametrize(
    ("kind", "changed", "problem"),
    [
        ("choice", {"options": [part("one"), part("two")]}, "exactly one option must be right"),
        ("next_line", {"options": [line("one", right=True)] * 2}, "exactly one option must be right"),
        (
            "indicators",
            {"options": [part("one", right=True), part("two")]},
            "a right option names its indicator",
        ),
        ("match", {"indicators": ["ILO-08", "ILO-09"]}, "what is right is not among the indicators offered"),
    ],
)
def test_what_cannot_be_answered_is_not_asked(kind: str, changed: dict[str, Any], problem: str) -> None:
    block = raw(kind, **changed)
    question = written_question(kind, block["id"], block["value"])
    assert question is not None
    with override("en"):
        assert problem_of(question) == problem
    assert question_of(kind, block["id"], block["value"]) is None


def test_a_draft_that_is_not_whole_is_no_question() -> None:
    block = raw("match", question={"az": "", "en": "", "ru": ""})
    assert written_question("match", block["id"], block["value"]) is None


def test_missing_translation_is_the_azerbaijani_text() -> None:
    question = asked("match", question={"az": "Hansı?", "en": "", "ru": ""})
    assert isinstance(question, MatchQuestion)
    assert question.prompt.ru == "Hansı?"

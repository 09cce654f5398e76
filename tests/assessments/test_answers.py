"""From form fields to stored values and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.answers import (
    AnswerError,
    Value,
    chosen_fields,
    field_names,
    is_answered,
    parts_answered,
    read_answer,
)
from assessments.checking import checked
from assessments.marking import best_answers
from assessments.questions import Question
from assessments.tokens import Tokens

from . import cases
from .strategies import values_of

TOKENS = Tokens("an attempt")
CONTENT = checked(cases.content(stages=1))
QUESTIONS = list(CONTENT.questions())
INDICATORS, ELEMENTS, VERDICT, ACTIONS = QUESTIONS


def fields_from(pairs: set[tuple[str, str]]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return fields


@given(st.sampled_from(QUESTIONS).flatmap(lambda q: st.tuples(st.just(q), values_of(q))))
def test_value_survives_the_way_to_the_page_and_back(drawn: tuple[Question, Value]) -> None:
    question, value = drawn
    pairs = chosen_fields(question, value, TOKENS)
    assert read_answer(question, fields_from(pairs), TOKENS) == value
    assert {name for name, _ in pairs} <= set(field_names(question, TOKENS))


def test_nothing_chosen_is_not_answered() -> None:
    assert [read_answer(question, {}, TOKENS) for question in QUESTIONS] == [None] * 4


def test_none_of_these_is_an_answer() -> None:
    value = read_answer(INDICATORS, {INDICATORS.code: ["none"]}, TOKENS)
    assert value == []
    assert is_answered(INDICATORS, value)


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        (INDICATORS, {INDICATORS.code: ["t1-a-s1-q1-r0"]}),  # the code of the file is not its name here
        (INDICATORS, {INDICATORS.code: ["none", TOKENS.of("t1-a-s1-q1-r0")]}),
        (VERDICT, {VERDICT.code: ["guilty"]}),
        (VERDICT, {VERDICT.code: [TOKENS.of(f"{VERDICT.code}-a"), TOKENS.of(f"{VERDICT.code}-b")]}),
        (ELEMENTS, {f"{ELEMENTS.code}.act": ["perhaps"]}),
        (ELEMENTS, {f"{ELEMENTS.code}.means": ["present", "absent"]}),
        (ACTIONS, {f"{ACTIONS.code}.{TOKENS.of(f'{ACTIONS.code}-a')}": ["maybe"]}),
    ],
)
def test_option_not_offered_is_refused(question: Question, fields: dict[str, list[str]]) -> None:
    with pytest.raises(AnswerError):
        read_answer(question, fields, TOKENS)


def test_fields_of_other_questions_are_left_alone() -> None:
    fields = {VERDICT.code: ["guilty"], f"{ELEMENTS.code}.act": ["present"]}
    assert read_answer(ELEMENTS, fields, TOKENS) == {"act": "present"}


def test_half_answered_is_told_as_parts() -> None:
    assert parts_answered(ACTIONS, {f"{ACTIONS.code}-a": "do"}) == (1, 3)
    assert parts_answered(ELEMENTS, None) == (0, 3)
    assert parts_answered(VERDICT, f"{VERDICT.code}-a") == (1, 1)
    assert all(is_answered(question, best_answers(CONTENT)[question.code]) for question in QUESTIONS)
    assert not is_answered(ACTIONS, {f"{ACTIONS.code}-a": "do"})

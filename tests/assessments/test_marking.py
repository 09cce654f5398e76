"""Marks: examples with figures, and what holds for every answer."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.answers import Value
from assessments.checking import checked
from assessments.content import Content
from assessments.marking import (
    QuestionMark,
    best_answers,
    mark_case,
    mark_question,
    passes,
    totals,
)
from assessments.questions import IndicatorsQuestion, Question

from . import cases
from .strategies import answers_of, values_of

CONTENT = checked(cases.content(stages=1))
INDICATORS, ELEMENTS, VERDICT, ACTIONS = CONTENT.questions()


def points(question: Question, value: Value) -> Decimal:
    return mark_question(question, value).points


def codes(*names: str) -> list[str]:
    return [f"{INDICATORS.code}-{name}" for name in names]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (codes("r0", "r1", "r2"), "8.00"),
        (codes("r0"), "2.67"),  # 8 × 1/3
        (codes("r0", "r1", "w0"), "2.67"),  # one wrong takes one away
        (codes("r0", "w0", "w1"), "0.00"),  # never below nothing
        (codes("w0"), "0.00"),
        ([], "0.00"),  # "none of these", where there are some
        (None, "0.00"),
    ],
)
def test_indicators_found_less_wrongly_seen(chosen: Value, expected: str) -> None:
    assert points(INDICATORS, chosen) == Decimal(expected)


def test_none_of_these_is_right_where_none_is() -> None:
    data = cases.content(stages=1)
    data["stages"][0]["questions"][0] = cases.indicators_question("q", right=0, wrong=3)
    question = next(checked(data).questions())
    assert points(question, []) == Decimal(8)
    assert points(question, ["q-w0"]) == 0
    assert points(question, None) == 0


def test_elements_are_worth_a_third_each() -> None:
    assert points(ELEMENTS, {"act": "present", "means": "not-needed", "purpose": "unknown"}) == 3
    assert points(ELEMENTS, {"act": "present", "means": "present"}) == 1


def test_verdict_is_all_or_nothing() -> None:
    assert points(VERDICT, f"{VERDICT.code}-b") == 2
    assert points(VERDICT, f"{VERDICT.code}-a") == 0


def test_actions_are_worth_equal_parts() -> None:
    value: dict[str, str] = {f"{ACTIONS.code}-a": "do", f"{ACTIONS.code}-c": "do-not"}
    assert points(ACTIONS, value) == Decimal("1.33")


def test_critical_error_is_the_wrong_side_chosen() -> None:
    critical = f"{ACTIONS.code}-b"
    assert mark_question(ACTIONS, {critical: "do"}).critical_errors == ("ERR-CONFRONT",)
    assert mark_question(ACTIONS, {critical: "do-not"}).critical_errors == ()
    assert mark_question(ACTIONS, None).critical_errors == ()


def test_wrong_verdict_may_be_a_critical_error() -> None:
    data = cases.content(stages=1)
    data["stages"][0]["questions"][2]["options"][0]["critical"] = "ERR-CONFRONT"
    question = list(checked(data).questions())[2]
    assert mark_question(question, f"{VERDICT.code}-a").critical_errors == ("ERR-CONFRONT",)
    assert mark_question(question, f"{VERDICT.code}-c").critical_errors == ()


def test_competence_of_an_option_gets_its_part() -> None:
    """Of three indicators r0 and r2 show LAB-02, r1 shows LAB-04."""
    shares = mark_question(INDICATORS, codes("r0", "r1", "w0")).competences
    assert {code: (share.points, share.points_max) for code, share in shares.items()} == {
        "LAB-02": (Decimal("1.33"), Decimal("5.33")),
        "LAB-04": (Decimal("1.33"), Decimal("2.67")),
    }


def test_option_without_competence_is_shared_by_those_of_the_question() -> None:
    shares = mark_question(VERDICT, f"{VERDICT.code}-b").competences
    assert {code: share.points for code, share in shares.items()} == {"LAB-02": 1, "LAB-04": 1}


# --- for every answer ---------------------------------------------------------------------------------


@given(answers_of(CONTENT))
def test_mark_is_never_negative_nor_above_its_maximum(answers: dict[str, Any]) -> None:
    for mark in mark_case(CONTENT, answers):
        assert 0 <= mark.points <= mark.points_max
        for share in mark.competences.values():
            assert 0 <= share.points <= share.points_max


@given(answers_of(CONTENT))
def test_competences_sum_up_to_the_mark(answers: dict[str, Any]) -> None:
    """To the rounding of each: half a hundredth."""
    for mark in mark_case(CONTENT, answers):
        off = abs(sum(share.points for share in mark.competences.values()) - mark.points)
        assert off <= Decimal("0.005") * (len(mark.competences) + 1)


def test_answer_key_earns_every_point() -> None:
    marks = mark_case(CONTENT, best_answers(CONTENT))
    assert [mark.points for mark in marks] == [mark.points_max for mark in marks] == [8, 3, 2, 4]
    assert totals(marks) == (17, 17)


@given(st.data())
def test_not_answering_is_never_better(data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(list(CONTENT.questions())))
    empty = mark_question(question, None)
    mark = mark_question(question, data.draw(values_of(question)))
    assert empty.points == 0 <= mark.points
    assert empty.critical_errors == ()


def indicators(draw: st.DrawFn) -> IndicatorsQuestion:
    right, wrong = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    data = cases.content(stages=1)
    points = draw(st.integers(1, 12))
    data["stages"][0]["questions"][0] = cases.indicators_question("q", right, wrong, points)
    question = next(Content.read(data).questions())
    assert isinstance(question, IndicatorsQuestion)
    return question


@given(st.data())
def test_one_more_right_indicator_is_never_worse_one_more_wrong_never_better(data: st.DataObject) -> None:
    question = st.composite(indicators)()
    drawn = data.draw(question)
    chosen = set(data.draw(values_of(drawn)) or [])
    before = mark_question(drawn, sorted(chosen))
    for option in drawn.options:
        after = mark_question(drawn, sorted(chosen | {option.code}))
        worse, better = (before, after) if option.right else (after, before)
        assert worse.points <= better.points
        assert all(worse.competences[c].points <= better.competences[c].points for c in worse.competences)


@given(answers_of(CONTENT), st.data())
def test_one_part_put_right_never_takes_points(answers: dict[str, Any], data: st.DataObject) -> None:
    best = best_answers(CONTENT)
    question = data.draw(st.sampled_from([ELEMENTS, VERDICT, ACTIONS]))
    before = mark_question(question, answers[question.code])
    value, right = answers[question.code], best[question.code]
    if isinstance(right, dict):
        part = data.draw(st.sampled_from(sorted(right)))
        after = mark_question(question, {**(value or {}), part: right[part]})
    else:
        after = mark_question(question, right)
    assert before.points <= after.points
    assert set(after.critical_errors) <= set(before.critical_errors)


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5)) | st.lists(st.text(max_size=5)) | st.text())
def test_what_was_never_offered_earns_nothing(value: Any) -> None:
    for question in CONTENT.questions():
        mark = mark_question(question, value)
        assert (mark.points, mark.critical_errors) == (0, ())


# --- passing -----------------------------------------------------------------------------------------


def mark(points: str, of: str = "10", errors: tuple[str, ...] = ()) -> QuestionMark:
    return QuestionMark("q", "acting", Decimal(points), Decimal(of), errors, {})


def test_exactly_the_share_asked_for_passes() -> None:
    assert passes([mark("4"), mark("10")], pass_percent=70, critical_error_fails=True)
    assert not passes([mark("3.99"), mark("10")], pass_percent=70, critical_error_fails=True)


def test_critical_error_fails_whatever_the_points() -> None:
    marks = [mark("10"), mark("10", errors=("ERR-CONFRONT",))]
    assert not passes(marks, pass_percent=70, critical_error_fails=True)
    assert passes(marks, pass_percent=70, critical_error_fails=False)

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
    best_answer,
    best_answers,
    mark_case,
    mark_question,
    totals,
)
from assessments.questions import IndicatorsQuestion, Question

from . import cases
from .strategies import answers_of, values_of

CONTENT = checked(cases.content(stages=1))
INDICATORS, ELEMENTS, VERDICT, ACTIONS = CONTENT.questions()
BRANCHING = checked(cases.frozen(cases.branching()))
PASSAGES, MATCH, BRANCH, ORDER, CHOICE, *_LAST = BRANCHING.questions()
EVERY_KIND = [INDICATORS, ELEMENTS, VERDICT, ACTIONS, MATCH, BRANCH, ORDER, CHOICE]


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


@pytest.mark.parametrize("question", [VERDICT, BRANCH, CHOICE], ids=["verdict", "branch", "choice"])
def test_one_choice_is_all_or_nothing(question: Question) -> None:
    assert points(question, f"{question.code}-b") == question.points
    assert points(question, f"{question.code}-a") == 0


def matched(**said: str) -> dict[str, str]:
    return {f"{MATCH.code}-{letter}": indicator for letter, indicator in said.items()}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (matched(a="CD1", b="CD2", c="none"), "3.00"),
        (matched(a="CD1", b="CD1", c="none"), "2.00"),
        (matched(a="CD2", b="CD1"), "0.00"),
        (matched(c="none"), "1.00"),
        (matched(a="CD9", b="none", c="CD3"), "0.00"),
    ],
)
def test_statements_are_worth_equal_parts(said: Value, expected: str) -> None:
    assert points(MATCH, said) == Decimal(expected)


def ordered(*places: int | None) -> dict[str, str]:
    """The places given to the steps, in their right order."""
    return {f"{ORDER.code}-{n}": str(place) for n, place in enumerate(places, start=1) if place is not None}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (ordered(1, 2, 3, 4), "6.00"),
        (ordered(1, 2, 4, 3), "4.00"),  # five of six pairs: 6 × (10/6 − 1)
        (ordered(2, 3, 4, 1), "0.00"),  # three of six: as by chance
        (ordered(2, 1, 3, 4), "4.00"),
        (ordered(4, 3, 2, 1), "0.00"),
        (ordered(1, 2, 3, None), "0.00"),  # three pairs stand, the others are not said
        (ordered(1, 1, 2, 3), "4.00"),  # two in one place are in no order
        (ordered(1, 2, None, 4), "0.00"),
        (ordered(9, 2, 3, 4), "0.00"),
        (None, "0.00"),
    ],
)
def test_order_counts_pairs_less_what_chance_gives(said: Value, expected: str) -> None:
    assert points(ORDER, said) == Decimal(expected)


@given(st.permutations(range(1, 5)))
def test_order_turned_round_is_worth_the_rest(places: list[int]) -> None:
    """Of an order and its mirror image one earns nothing."""
    one, other = points(ORDER, ordered(*places)), points(ORDER, ordered(*(5 - place for place in places)))
    assert min(one, other) == 0


# --- indicators seen ----------------------------------------------------------------------------------


def seen(question: Question, value: Value) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    mark = mark_question(question, value)
    return mark.found, mark.missed, mark.wrong


def test_indicators_found_missed_and_seen_wrongly_are_named() -> None:
    assert seen(PASSAGES, [f"{PASSAGES.code}-a"]) == (("CD1",), (), ())
    assert seen(PASSAGES, [f"{PASSAGES.code}-b"]) == ((), ("CD1",), ())  # it only looks like one: no code
    assert seen(MATCH, matched(a="CD1", b="CD3", c="CD3")) == (("CD1",), ("CD2",), ("CD3",))
    assert seen(MATCH, None) == ((), ("CD1", "CD2"), ())
    assert seen(VERDICT, f"{VERDICT.code}-a") == ((), (), ())


def test_part_is_that_of_the_kind_unless_the_question_says_so() -> None:
    parts = {question.kind: mark_question(question, None).part for question in EVERY_KIND}
    assert parts == {
        "indicators": "seeing", "match": "seeing", "elements": "judging", "verdict": "judging",
        "actions": "acting", "choice": "acting", "order": "acting", "branch": "acting",
    }  # fmt: skip
    assert mark_question(CHOICE.model_copy(update={"part": "judging"}), None).part == "judging"


# --- critical errors ----------------------------------------------------------------------------------


def test_what_must_be_done_and_is_left_undone_is_a_critical_error() -> None:
    data = cases.content(stages=1)
    data["stages"][0]["questions"][3]["options"][0]["critical"] = "ERR-CONFRONT"
    data["stages"][0]["questions"][3]["options"][1]["critical"] = None
    question = list(checked(data).questions())[3]
    done = f"{question.code}-a"
    assert mark_question(question, {done: "do"}).critical_errors == ()
    assert mark_question(question, {done: "do-not"}).critical_errors == ("ERR-CONFRONT",)
    assert mark_question(question, {f"{question.code}-b": "do-not"}).critical_errors == ("ERR-CONFRONT",)
    assert mark_question(question, None).critical_errors == ("ERR-CONFRONT",)


def test_critical_choice_is_made_by_choosing_it_alone() -> None:
    question = CHOICE.model_copy(
        update={
            "options": (CHOICE.options[0].model_copy(update={"critical": "ERR-DELAY"}), CHOICE.options[1])
        }  # type: ignore[union-attr]  # a choice
    )
    assert mark_question(question, f"{CHOICE.code}-a").critical_errors == ("ERR-DELAY",)
    assert mark_question(question, f"{CHOICE.code}-b").critical_errors == ()
    assert mark_question(question, None).critical_errors == ()


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


# --- ways ---------------------------------------------------------------------------------------------


def marked(answers: dict[str, Value]) -> list[str]:
    return [mark.question_code for mark in mark_case(BRANCHING, answers)]


def test_only_the_stages_on_the_way_are_marked() -> None:
    right = ["s1-q1", "s1-q2", "s1-q3", "s3-q1", "s4-q1", "s4-q2", "s4-q3"]
    wrong = ["s1-q1", "s1-q2", "s1-q3", "s2-q1", "s4-q1", "s4-q2", "s4-q3"]
    assert marked({"b1-a-s1-q3": "b1-a-s1-q3-b"}) == [f"b1-a-{code}" for code in right]
    assert marked({"b1-a-s1-q3": "b1-a-s1-q3-a"}) == [f"b1-a-{code}" for code in wrong]


def test_unanswered_branch_goes_on_by_its_first_option() -> None:
    first = marked({"b1-a-s1-q3": "b1-a-s1-q3-a"})
    assert marked({}) == first
    assert marked({"b1-a-s1-q3": "never offered"}) == first
    assert marked({"b1-a-s1-q3": ["a list"]}) == first


@given(answers_of(BRANCHING))
def test_every_way_is_worth_the_same(answers: dict[str, Any]) -> None:
    marks = mark_case(BRANCHING, answers)
    assert totals(marks)[1] == 24
    assert {mark.question_code for mark in marks} <= {q.code for q in BRANCHING.questions()}


def test_answer_key_earns_every_point_of_its_way() -> None:
    assert totals(mark_case(BRANCHING, best_answers(BRANCHING))) == (24, 24)


@given(answers_of(CONTENT), answers_of(BRANCHING))
def test_mark_is_never_negative_nor_above_its_maximum(
    answers: dict[str, Any], others: dict[str, Any]
) -> None:
    for mark in [*mark_case(CONTENT, answers), *mark_case(BRANCHING, others)]:
        assert 0 <= mark.points <= mark.points_max
        for share in mark.competences.values():
            assert 0 <= share.points <= share.points_max


@given(answers_of(CONTENT), answers_of(BRANCHING))
def test_competences_sum_up_to_the_mark(answers: dict[str, Any], others: dict[str, Any]) -> None:
    """To the rounding of each: half a hundredth."""
    for mark in [*mark_case(CONTENT, answers), *mark_case(BRANCHING, others)]:
        off = abs(sum(share.points for share in mark.competences.values()) - mark.points)
        assert off <= Decimal("0.005") * (len(mark.competences) + 1)


def test_answer_key_earns_every_point() -> None:
    marks = mark_case(CONTENT, best_answers(CONTENT))
    assert [mark.points for mark in marks] == [mark.points_max for mark in marks] == [8, 3, 2, 4]
    assert totals(marks) == (17, 17)


@given(st.data())
def test_not_answering_is_never_better(data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(EVERY_KIND))
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


@given(st.fixed_dictionaries({question.code: values_of(question) for question in EVERY_KIND}), st.data())
def test_one_part_put_right_never_takes_points(answers: dict[str, Any], data: st.DataObject) -> None:
    question = data.draw(st.sampled_from([ELEMENTS, VERDICT, ACTIONS, MATCH, BRANCH, CHOICE]))
    value, right = answers[question.code], best_answer(question)
    before = mark_question(question, value)
    if isinstance(right, dict):
        part = data.draw(st.sampled_from(sorted(right)))
        after = mark_question(question, {**(value or {}), part: right[part]})
    else:
        after = mark_question(question, right)
    assert before.points <= after.points
    assert set(after.critical_errors) <= set(before.critical_errors)


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=5)) | st.lists(st.text(max_size=5)) | st.text())
def test_what_was_never_offered_earns_nothing(value: Any) -> None:
    for question in EVERY_KIND:
        mark = mark_question(question, value)
        assert (mark.points, mark.found, mark.wrong, mark.critical_errors) == (0, (), (), ())

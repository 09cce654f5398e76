"""What a case may not be: kinds used wrongly, verdicts that contradict, passages not there, ways that differ."""

from typing import Any

import pytest

from assessments.checking import checked
from assessments.checking_paths import agrees
from assessments.content_parts import ContentError

from . import cases


def problems_of(data: dict[str, Any]) -> list[str]:
    with pytest.raises(ContentError) as caught:
        checked(data)
    return [str(problem) for problem in caught.value.problems]


@pytest.fixture
def data() -> dict[str, Any]:
    return cases.frozen(cases.branching())


def test_case_of_every_kind_is_whole(data: dict[str, Any]) -> None:
    kinds = {question.kind for question in checked(data).questions()}
    assert kinds == {"indicators", "match", "branch", "order", "choice", "elements", "verdict", "actions"}


# --- a verdict and the elements -----------------------------------------------------------------------


def states(act: str, means: str, purpose: str) -> dict[str, str]:
    return {"act": act, "means": means, "purpose": purpose}


WHOLE = [states("present", "present", "present"), states("present", "not-needed", "present")]
OPEN = [
    states("present", "unknown", "present"),
    states("present", "unknown", "unknown"),
    states("unknown", "unknown", "unknown"),
]
NO_MEANS, NOTHING = states("present", "absent", "present"), states("absent", "absent", "absent")
NO_PURPOSE = states("present", "unknown", "absent")


@pytest.mark.parametrize(
    ("stands_for", "agree", "contradict"),
    [
        ("trafficking", WHOLE, [*OPEN, NO_MEANS, NOTHING]),
        ("presumed", WHOLE, [*OPEN, NO_MEANS, NOTHING]),
        ("potential", [*OPEN, NO_MEANS], [*WHOLE, NOTHING]),
        ("exploited", [*OPEN, NO_MEANS], [*WHOLE, NOTHING]),
        ("too-early", [*OPEN, NO_PURPOSE], [*WHOLE, NOTHING]),
        ("labour-breach", [NO_MEANS, NOTHING, NO_PURPOSE], [*WHOLE, *OPEN]),
        ("violence", [NO_MEANS, NOTHING, NO_PURPOSE], [*WHOLE, *OPEN]),
        ("fraud", [NO_MEANS, NOTHING, NO_PURPOSE], [*WHOLE, *OPEN]),
        ("none", [NOTHING, NO_PURPOSE], [*WHOLE, *OPEN, NO_MEANS]),
        ("smuggling", [NOTHING, NO_PURPOSE], [*WHOLE, NO_MEANS, OPEN[1]]),
    ],
)
def test_verdict_agrees_with_elements(
    stands_for: str, agree: list[dict[str, str]], contradict: list[dict[str, str]]
) -> None:
    assert [agrees(stands_for, each) for each in agree] == [True] * len(agree)
    assert [agrees(stands_for, each) for each in contradict] == [False] * len(contradict)


def test_verdict_that_contradicts_the_elements_is_refused_with_its_place(data: dict[str, Any]) -> None:
    data["stages"][3]["questions"][1]["options"][1]["stands_for"] = "presumed"
    assert problems_of(data) == [
        "stages.3.questions.1.options.1.stands_for: presumed does not agree with act present, means not-needed, "
        "purpose unknown"
    ]


def test_verdict_goes_by_the_elements_of_each_way(data: dict[str, Any]) -> None:
    """On the wrong way other elements are asked, after which the verdict is wrong."""
    del data["stages"][3]["questions"][0]
    for stage, purpose in ((1, "present"), (2, "unknown")):
        question = cases.elements_question(f"e{stage}")
        question["elements"][2]["right"] = purpose
        data["stages"][stage]["questions"].append(question)
    assert problems_of(data) == [
        "stages.3.questions.0.options.1.stands_for: potential does not agree with act present, means not-needed, "
        "purpose present"
    ]


def test_what_a_verdict_stands_for_is_said_once(data: dict[str, Any]) -> None:
    data["stages"][3]["questions"][1]["options"][2]["stands_for"] = "labour-breach"
    assert problems_of(data) == ["stages.3.questions.1.options: labour-breach stands in it twice"]


# --- critical errors ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "question", "children"),
    [(0, 0, "options"), (0, 1, "statements"), (1, 0, "items"), (3, 0, "elements")],
)
def test_doubtful_lines_carry_no_critical_error(
    data: dict[str, Any], stage: int, question: int, children: str
) -> None:
    data["stages"][stage]["questions"][question][children][0]["critical"] = "ERR-CONFRONT"
    place = f"stages.{stage}.questions.{question}.{children}.0.critical"
    assert f"{place}: Extra inputs are not permitted" in problems_of(data)


def test_right_choice_is_no_critical_error(data: dict[str, Any]) -> None:
    data["stages"][3]["questions"][1]["options"][1]["critical"] = "ERR-CONFRONT"
    assert problems_of(data)[0] == (
        "stages.3.questions.1.options.1.critical: a right choice is no critical error"
    )


def test_error_that_no_option_makes_is_refused(data: dict[str, Any]) -> None:
    del data["stages"][3]["questions"][2]["options"][1]["critical"]
    assert problems_of(data) == ["critical_errors.ERR-CONFRONT: no option of the case is ERR-CONFRONT"]


# --- match and passages -------------------------------------------------------------------------------


def test_match_offers_what_is_right_and_more(data: dict[str, Any]) -> None:
    match = data["stages"][0]["questions"][1]
    match["indicators"] = ["CD1", "CD2"]
    assert problems_of(data) == [
        "stages.0.questions.1.indicators: none is offered besides those that are right"
    ]
    match["indicators"] = ["CD1", "CD3", "CD3"]
    assert problems_of(data) == [
        "stages.0.questions.1.indicators: CD3 stands in it twice",
        "stages.0.questions.1.statements.1.right: CD2 is not among the indicators offered",
    ]


def test_match_offers_indicators_of_the_sets_of_the_case(data: dict[str, Any]) -> None:
    data["indicators"]["CD3"]["set"] = "A131"
    assert problems_of(data) == ["stages.0.questions.1.indicators: CD3 is of set A131: the case uses AL"]


def passage(data: dict[str, Any], number: int, **texts: str) -> None:
    data["stages"][0]["questions"][0]["options"][number]["text"].update(texts)


def test_passage_stands_once_in_each_language(data: dict[str, Any]) -> None:
    passage(data, 0, ru="Я сказал", en="d")
    assert problems_of(data) == [
        "stages.0.questions.0.options.0.text.en: stands 3 times in b1-a-s1-x0: it must stand there once",
        "stages.0.questions.0.options.0.text.ru: stands 0 times in b1-a-s1-x0: it must stand there once",
    ]


def test_passages_do_not_overlap(data: dict[str, Any]) -> None:
    passage(data, 0, en="and I")
    passage(data, 1, en="I signed")
    assert problems_of(data) == [
        "stages.0.questions.0.options.1.text.en: overlaps with b1-a-s1-q1-a in b1-a-s1-x0"
    ]


@pytest.mark.parametrize(
    ("exhibit", "expected"),
    [
        ("b1-a-s2-x0", "the stage has no exhibit b1-a-s2-x0"),
        ("b1-a-s1-x1", "nothing can be marked in a ledger"),
        ("b1-a-s1-x3", "nothing can be marked in a table"),
    ],
)
def test_passages_stand_in_text_of_the_same_stage(data: dict[str, Any], exhibit: str, expected: str) -> None:
    data["stages"][0]["questions"][0]["exhibit"] = exhibit
    assert problems_of(data) == [f"stages.0.questions.0.exhibit: {expected}"]


def test_messages_may_be_marked(data: dict[str, Any]) -> None:
    data["stages"][0]["questions"][0]["exhibit"] = "b1-a-s1-x2"
    passage(data, 0, **cases.text("Pay and go"))
    passage(data, 1, **cases.text("Give me my passport"))
    checked(data)


# --- ways ---------------------------------------------------------------------------------------------


def branch_of(data: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = data["stages"][0]["questions"][2]
    return found


def test_both_ways_carry_the_same_points_else_both_are_named(data: dict[str, Any]) -> None:
    data["stages"][1]["questions"][0]["points"] = 5
    assert problems_of(data) == [
        "stages: b1-a-s1 → b1-a-s2 → b1-a-s4 carries 23 points, b1-a-s1 → b1-a-s3 → b1-a-s4 carries 24"
    ]


def test_both_ways_carry_as_many_critical_lines(data: dict[str, Any]) -> None:
    data["stages"][2]["questions"][0]["options"][0]["critical"] = "ERR-CONFRONT"
    assert problems_of(data) == [
        "stages: b1-a-s1 → b1-a-s2 → b1-a-s4 carries 1 critical lines, b1-a-s1 → b1-a-s3 → b1-a-s4 carries 2"
    ]


def test_circle_is_refused(data: dict[str, Any]) -> None:
    data["stages"][3]["leads_to"] = "b1-a-s1"
    assert problems_of(data) == ["stages: a circle: b1-a-s1 → b1-a-s2 → b1-a-s4 → b1-a-s1"]


def test_stage_that_no_way_leads_to_is_refused(data: dict[str, Any]) -> None:
    branch_of(data)["options"][0]["leads_to"] = "b1-a-s3"
    assert problems_of(data) == ["stages.1: no way leads to b1-a-s2"]


def test_way_must_lead_to_a_stage(data: dict[str, Any]) -> None:
    branch_of(data)["options"][1]["leads_to"] = "b1-a-s9"
    data["stages"][0]["leads_to"] = "b1-a-s2"
    data["stages"][1]["leads_to"] = "elsewhere"
    assert problems_of(data) == [
        "stages.0.leads_to: the branch says where the stage leads",
        "stages.0.questions.2.options.1.leads_to: there is no stage b1-a-s9",
        "stages.1.leads_to: there is no stage elsewhere",
    ]


def test_branch_is_the_last_question_of_its_stage(data: dict[str, Any]) -> None:
    data["stages"][0]["questions"].reverse()
    assert problems_of(data) == ["stages.0.questions.0: a branch is the last question of its stage"]


def test_end_is_no_stage(data: dict[str, Any]) -> None:
    data["stages"][3]["code"] = "end"
    assert problems_of(data)[-1] == "stages.3.code: end is the end of a case, not a stage"

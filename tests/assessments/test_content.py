"""Reading, checking and hashing of a frozen case."""

import copy
from typing import Any

import pytest

from assessments.checking import checked
from assessments.content import Content, sha256
from assessments.content_parts import ContentError

from . import cases


def problems_of(data: dict[str, Any]) -> list[str]:
    with pytest.raises(ContentError) as caught:
        checked(data)
    return [str(problem) for problem in caught.value.problems]


def test_case_is_read_with_types() -> None:
    content = checked(cases.content(stages=2))
    assert [stage.code for stage in content.stages] == ["t1-a-s1", "t1-a-s2"]
    assert [question.kind for question in content.stages[0].questions] == [
        "indicators", "elements", "verdict", "actions",
    ]  # fmt: skip
    assert content.title.read_in("az") == "case T1-a (az)"
    assert content.position("t1-a-s2") == 1


def test_hash_does_not_depend_on_order_of_names() -> None:
    data = cases.content()
    assert sha256(data) == sha256(dict(reversed(data.items())))
    assert sha256(data) != sha256({**data, "title": cases.text("another")})


def test_unknown_name_is_refused_with_its_place() -> None:
    data = cases.content()
    data["stages"][1]["questions"][2]["colour"] = "red"
    assert problems_of(data) == ["stages.1.questions.2.colour: Extra inputs are not permitted"]


def test_missing_language_is_refused_with_its_place() -> None:
    data = cases.content()
    del data["stages"][0]["exhibits"][0]["body"]["paragraphs"][1]["ru"]
    assert problems_of(data) == ["stages.0.exhibits.0.body.paragraphs.1.ru: Field required"]


def test_empty_text_is_refused() -> None:
    data = cases.content()
    data["briefing"]["en"] = "  "
    assert problems_of(data) == ["briefing.en: String should have at least 1 character"]


def test_unknown_kind_of_question_is_refused() -> None:
    data = cases.content()
    data["stages"][0]["questions"][0]["kind"] = "essay"
    [problem] = problems_of(data)
    assert problem.startswith("stages.0.questions.0: Input tag 'essay'")


def test_all_problems_are_told_at_once() -> None:
    data = cases.content()
    data["format"] = 2
    data["stages"][0]["questions"][0]["points"] = 0
    assert [problem.split(":")[0] for problem in problems_of(data)] == [
        "format",
        "stages.0.questions.0.points",
    ]


def first_question(data: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(q for q in data["stages"][0]["questions"] if q["kind"] == kind)
    return found


def test_code_used_twice_is_refused() -> None:
    data = cases.content()
    data["stages"][1]["exhibits"][0]["code"] = data["stages"][0]["questions"][0]["code"]
    assert problems_of(data) == ["stages.1.exhibits.0.code: t1-a-s1-q1 is used twice"]


def test_verdict_with_two_right_options_is_refused() -> None:
    data = cases.content()
    first_question(data, "verdict")["options"][0]["right"] = True
    assert problems_of(data)[0] == "stages.0.questions.2.options: exactly one option is right"


def test_elements_must_be_the_three() -> None:
    data = cases.content()
    first_question(data, "elements")["elements"][0]["code"] = "means"
    assert problems_of(data) == [
        "stages.0.questions.1.elements: act, means and purpose stand in it once each"
    ]


def test_right_indicator_of_another_set_is_refused() -> None:
    data = cases.content()
    for words in data["indicators"].values():
        words["set"] = "A131"
    first = "stages.0.questions.0.options.0.indicator: CD1 is of set A131: the case uses AL"
    assert problems_of(data)[0] == first


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"indicator": None}, "indicator: a right option names its indicator"),
        ({"indicator": "CD9"}, "indicator: CD9 is not in indicators"),
        ({"competence": "LAB-99"}, "competence: LAB-99 is not among those of the question"),
        ({"critical": "ERR-CONFRONT"}, "critical: Extra inputs are not permitted"),
    ],
)
def test_option_that_leads_nowhere_is_refused(change: dict[str, Any], expected: str) -> None:
    data = cases.content()
    first_question(data, "indicators")["options"][0].update(change)
    assert problems_of(data) == [f"stages.0.questions.0.options.0.{expected}"]


def test_codes_outside_the_case_must_be_frozen_with_it() -> None:
    data = cases.content()
    actions = first_question(data, "actions")
    actions["options"][0]["critical"] = "ERR-DELAY"
    actions["competences"] = ["LAB-02", "LAB-04", "LAB-07"]
    data["critical_errors"]["ERR-CONFRONT"]["source"] = "COE-28"
    data["stages"][0]["exhibits"][0]["facts"][0]["indicators"] = ["DR1"]
    assert problems_of(data) == [
        "stages.0.exhibits.0.facts.0.indicators: DR1 is not in indicators",
        "stages.0.questions.3.competences: LAB-07 is not in competences",
        "stages.0.questions.3.options.0.critical: ERR-DELAY is not in critical_errors",
        "critical_errors.ERR-CONFRONT.source: COE-28 is not in sources",
    ]


def test_ragged_table_is_refused() -> None:
    data = cases.content()
    data["stages"][0]["exhibits"][3]["body"]["table"]["rows"].append([cases.text("G.")])
    assert problems_of(data) == ["stages.0.exhibits.3.body.table.rows.1: 1 cells under 2 columns"]


def test_content_cannot_be_changed_after_reading() -> None:
    content = Content.read(copy.deepcopy(cases.content()))
    with pytest.raises(ValueError, match="frozen"):
        content.stages[0].code = "other"  # type: ignore[misc]  # the point of the test

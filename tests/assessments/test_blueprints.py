"""Rules of a blueprint: their shape, and that everything they can draw is alike."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from assessments import actions
from assessments.authoring import prospect_of
from assessments.blueprints import BlueprintRules, CaseFacts, FamilyCases, case_facts, rule_problems
from assessments.content import Content
from assessments.models import Scenario
from operations import clock

from . import cases
from .conftest import RULES, make_blueprint, publish, publish_among_others, titles


def family(outcome: str = "positive", *of_cases: tuple[str, int, int], use: str = "exam") -> FamilyCases:
    return FamilyCases(use, outcome, [CaseFacts(*each) for each in of_cases])


FAMILIES = {
    "A": family("positive", ("A-a", 30, 2), ("A-b", 30, 2)),
    "B": family("negative", ("B-a", 30, 2)),
    "C": family("open", ("C-a", 30, 2)),
    "D": family("positive", ("D-a", 30, 2)),
    "E": family("negative", ("E-a", 28, 4)),
    "P": family("open", ("P-a", 16, 3), use="practice"),
    "EMPTY": family("open"),
}


FREE: dict[str, Any] = {"attempts": None, "days_between": 0}  # as practice is


def problems(use: str = "exam", **changed: Any) -> list[str]:
    rules = {**RULES, "draw": [{"from": ["A", "B", "C", "D"], "take": 3}], "outcomes": 2, **changed}
    return [
        str(problem.text) for problem in rule_problems(BlueprintRules.model_validate(rules), use, FAMILIES)
    ]


@pytest.mark.usefixtures("english")
class TestRules:
    def test_rules_in_order(self) -> None:
        assert problems() == []

    @pytest.mark.parametrize(
        ("draw", "words"),
        [
            ([{"from": ["A", "B"], "take": 1}, {"from": ["C", "A"], "take": 1}],
             ["The family A stands in the pools more than once."]),
            ([{"from": ["A", "A", "B"], "take": 2}], ["The family A stands in the pools more than once."]),
            ([{"from": ["A", "Z"], "take": 1}], ["There is no family Z."]),
            ([{"from": ["A", "P"], "take": 1}], ["The family P is not open to this use."]),
            ([{"from": ["A", "EMPTY"], "take": 1}], ["The family EMPTY has no case."]),
            ([{"from": ["A", "B"], "take": 3}], ["3 cases cannot be drawn from 2 families."]),
        ],
    )  # fmt: skip
    def test_pools(self, draw: Any, words: list[str]) -> None:
        assert problems(draw=draw) == words

    def test_outcomes_that_no_draw_has(self) -> None:
        draw = [{"from": ["A", "D"], "take": 2}]
        assert problems(draw=draw) == ["No draw has 2 different outcomes."]
        assert problems(draw=draw, outcomes=1) == []

    def test_the_draw_with_too_many_critical_lines_is_named(self) -> None:
        draw = [{"from": ["A", "B", "E"], "take": 3}]
        [critical, unequal] = problems(draw=[{"from": ["A", "B", "E", "C"], "take": 3}])
        assert critical == ("The draw A-a, B-a, E-a has 8 answers that may be a critical error: at most 7.")
        assert unequal == (
            "The draw A-a, B-a, E-a gives 88 points and the draw A-a, B-a, C-a gives 90: every draw must give the same."
        )
        assert len(problems(draw=draw)) == 1

    def test_seven_critical_lines_are_allowed_and_practice_may_have_more(self) -> None:
        three = {**FAMILIES, "A": family("positive", ("A-a", 30, 3))}
        rules = BlueprintRules.model_validate(
            {**RULES, "draw": [{"from": ["A", "B", "C"], "take": 3}], "outcomes": 2}
        )
        assert list(rule_problems(rules, "exam", three)) == []
        many = {"P": family("open", ("P-a", 16, 20), use="practice")}
        rules = BlueprintRules.model_validate({**RULES, **FREE, "draw": [{"from": ["P"], "take": 1}]})
        assert list(rule_problems(rules, "practice", many)) == []

    def test_variants_of_a_family_carry_the_same_points(self) -> None:
        unlike = {**FAMILIES, "A": family("positive", ("A-a", 30, 2), ("A-b", 31, 2))}
        rules = BlueprintRules.model_validate({**RULES, "draw": [{"from": ["A", "B"], "take": 2}]})
        [problem] = rule_problems(rules, "exam", unlike)
        assert (
            problem.text
            == "The draw A-a, B-a gives 60 points and the draw A-b, B-a gives 61: every draw must give the same."
        )

    def test_practice_requires_nothing(self) -> None:
        required = {"lessons": True, "practice": False}
        draw = [{"from": ["P"], "take": 1}]
        assert problems("practice", draw=draw, outcomes=0, requires=required, **FREE) == [
            "Practice requires nothing."
        ]

    def test_more_draws_than_anybody_can_look_at_are_refused(self) -> None:
        many = {f"F{number}": family("open", (f"F{number}-a", 30, 2)) for number in range(30)}
        rules = BlueprintRules.model_validate({**RULES, "draw": [{"from": list(many), "take": 10}]})
        [problem] = rule_problems(rules, "exam", many)
        assert problem.text == "There are too many possible draws: at most 5000."

    @pytest.mark.parametrize(
        ("changed", "place", "words"),
        [
            ({"attempts": 2}, "attempts", "Practice is repeated as often as one wants"),
            ({"days_between": 7}, "days_between", "Practice is repeated at once"),
        ],
    )
    def test_practice_that_would_lock_is_refused(
        self, changed: dict[str, Any], place: str, words: str
    ) -> None:
        families = {"P": family("open", ("P-a", 30, 2), use="practice")}
        rules = {**RULES, **FREE, **changed, "draw": [{"from": ["P"], "take": 1}]}
        [problem] = rule_problems(BlueprintRules.model_validate(rules), "practice", families)
        assert (problem.path, problem.text.split(":")[0]) == ((place,), words)


SHAPES: list[dict[str, Any]] = [
    {"draw": []},
    {"draw": [{"family": "T1", "take": 1}]},
    {"draw": [{"from": [], "take": 1}]},
    {"draw": [{"from": ["T1"], "take": 0}]},
    {"minimum_percent": {"hearing": 60}},
    {"minimum_percent": {"seeing": 0}},
    {"minimum_percent_in_each_case": {"judging": 101}},
    {"attempts": 0},
    {"days_between": -1},
    {"requires": {"lessons": True}},
    {"requires": {"lessons": 1, "practice": True}},
    {"minutes": 0},
    {"pass_percent": 101},
    {"colour": "red"},
    {"retake_after_hours": 24},
]


@pytest.mark.django_db
@pytest.mark.parametrize("changed", SHAPES, ids=str)
def test_rules_of_another_shape_are_refused(changed: dict[str, Any]) -> None:
    publish("T1-a", "T1")
    with pytest.raises(ValidationError):
        make_blueprint(**changed)


@pytest.mark.django_db
@pytest.mark.parametrize("missing", sorted(RULES))
def test_every_rule_is_there(missing: str) -> None:
    publish("T1-a", "T1")
    rules = {name: rule for name, rule in RULES.items() if name != missing}
    with pytest.raises(ValidationError):
        actions.save_blueprint(code="T-exam", use="exam", titles=titles("exam"), rules=rules, by=None)


@pytest.mark.django_db
def test_saving_looks_at_the_newest_version_of_each_case_that_is_drawn(english: None) -> None:
    publish("T1-a", "T1")
    publish("T1-b", "T1", stages=1)
    with pytest.raises(ValidationError, match="every draw must give the same"):
        make_blueprint()
    publish("T1-b", "T1")
    found, told = prospect_of(make_blueprint())
    assert (found.sets, found.exams, found.percents, told) == (1, 2, [("T1", 100)], [])


@pytest.mark.django_db
def test_prospect_tells_what_has_become_wrong_since_the_rules_were_saved(english: None) -> None:
    publish("T1-a", "T1")
    publish("T1-b", "T1")
    blueprint = make_blueprint()
    publish_among_others("T1-b", "T1", stages=1)
    found, told = prospect_of(blueprint)
    assert (found.sets, found.exams) == (1, 2)
    [problem] = told
    assert problem.startswith("The draw T1-b gives")
    Scenario.objects.filter(code="T1-b").update(retired_at=clock.now())
    assert prospect_of(blueprint)[1] == []


def test_facts_of_a_case_are_those_of_a_path() -> None:
    found = case_facts(Content.read(cases.content(stages=2)))
    assert (found.code, found.points) == ("T1-a", 34)
    assert found.critical_lines == 2 * case_facts(Content.read(cases.content(stages=1))).critical_lines > 0

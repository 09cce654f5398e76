"""Codes of a case are for life: no version loses one without saying so, or gives it to another thing."""

import copy
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from assessments import actions
from assessments.checking import checked
from assessments.content import Content
from assessments.content_parts import ContentError
from assessments.lasting_codes import code_problems, named_by
from assessments.models import Answer, Blueprint, Mark, ScenarioVersion
from people.models import User

from . import cases
from .conftest import publish
from .walking import succeed

pytestmark = pytest.mark.usefixtures("english")
type Json = dict[str, Any]


def every_kind() -> Json:
    """Eight kinds of question, two ways."""
    return cases.frozen(cases.branching())


def renamed(value: Any, old: str, new: str) -> Any:
    """The same with one code written otherwise, wherever it is named."""
    if isinstance(value, dict):
        return {key: renamed(each, old, new) for key, each in value.items()}
    if isinstance(value, list):
        return [renamed(each, old, new) for each in value]
    return new if value == old else value


CODES = sorted(named_by(Content.read(every_kind())))


def problems(new: Json, *earlier: Json) -> list[str]:
    return list(code_problems(checked(new), [Content.read(each) for each in earlier]))


def test_codes_of_all_kinds_are_looked_at():
    found = {named.what for named in named_by(Content.read(every_kind())).values()}
    assert found == {
        "stage", "line", "indicators", "match", "branch", "order", "choice", "elements", "verdict", "actions",
    }  # fmt: skip


def test_the_same_codes_with_other_words_points_and_keys_are_no_problem():
    new = every_kind()
    new["stages"][3]["questions"][2]["options"][0]["right"] = "do-not"
    new["stages"][3]["title"] = cases.text("another title")
    new["stages"][0]["exhibits"][1]["code"] = "another-exhibit"
    assert problems(new, every_kind()) == []


@pytest.mark.parametrize("code", CODES)
def test_any_code_written_otherwise_is_refused_and_named(code: str):
    [problem] = problems(renamed(every_kind(), code, f"{code}x"), every_kind())
    assert problem.startswith(f"{code}: answers refer to this code, so it must stay.")


@pytest.mark.parametrize("code", CODES)
def test_any_code_that_is_retired_may_go_and_a_question_takes_its_lines_with_it(code: str):
    new = every_kind()
    for each, named in named_by(Content.read(new)).items():
        if code in (each, named.of):
            new = renamed(new, each, f"{each}x")
    assert problems({**new, "retired": [code]}, every_kind()) == []


def test_lines_of_a_question_that_is_retired_are_not_those_of_another():
    new = {**renamed(every_kind(), "b1-a-s4-q3", "b1-a-s4-q4"), "retired": ["b1-a-s4-q3"]}
    assert [problem.partition(". A code")[0] for problem in problems(new, every_kind())] == [
        f"b1-a-s4-q3-{letter} was a line of the question b1-a-s4-q3 and is now a line of the question b1-a-s4-q4"
        for letter in "abc"
    ]


def test_code_of_a_version_long_ago_is_looked_at_too():
    first, second = (
        every_kind(),
        {**renamed(every_kind(), "b1-a-s4-q3-a", "new"), "retired": ["b1-a-s4-q3-a"]},
    )
    forgotten = {key: value for key, value in second.items() if key != "retired"}
    assert [problem.partition(":")[0] for problem in problems(forgotten, first, second)] == ["b1-a-s4-q3-a"]
    assert problems({**first, "retired": ["new"]}, first, second) == []  # it comes back, for the same thing


def test_code_of_another_kind_of_thing_is_refused():
    new = copy.deepcopy(every_kind())
    verdict, acts = new["stages"][3]["questions"][1:]
    verdict["code"], acts["code"] = acts["code"], verdict["code"]
    said = problems(new, every_kind())
    assert any("b1-a-s4-q2 was a question of the kind “verdict” and is now a question of the kind “actions”." in each
               for each in said)  # fmt: skip
    assert any("b1-a-s4-q2-a was a line of the question b1-a-s4-q2" in each for each in said)


@pytest.mark.parametrize("retired", [["b1-a-s4-q3"], ["b1-a-s4-q3-a"], ["b1-a-s1"], ["gone", "gone"]])
def test_code_that_is_retired_and_still_asked_is_no_case(retired: list[str]):
    with pytest.raises(ContentError, match="is used twice"):
        checked({**every_kind(), "retired": retired})


# --- published --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_publishing_refuses_a_misprint_in_a_code_and_answers_stay_where_they_were_given(
    exam: Blueprint, officer: User
):
    attempt = succeed(exam, officer)
    version = attempt.cases.get().version
    code = version.scenario.code.lower()
    new = renamed(version.content, f"{code}-s1-q4", f"{code}-s1-q44")
    with pytest.raises(ValidationError, match=f"{code}-s1-q4: answers refer to this code"):
        actions.publish_version(scenario=version.scenario, content=new, by=None)
    assert ScenarioVersion.objects.filter(scenario=version.scenario).count() == 1
    for letter in "abc":
        new = renamed(new, f"{code}-s1-q4-{letter}", f"{code}-s1-q44-{letter}")
    said = {**new, "retired": [f"{code}-s1-q4"]}
    assert actions.publish_version(scenario=version.scenario, content=said, by=None).number == 2
    attempt.refresh_from_db()
    assert attempt.cases.get().version == version
    assert Answer.objects.filter(attempt=attempt, question_code=f"{code}-s1-q4").exists()
    assert Mark.objects.filter(marking__attempt=attempt, question_code=f"{code}-s1-q4").exists()


@pytest.mark.django_db
def test_publishing_the_same_again_is_no_new_version_and_no_refusal():
    version = publish("T1-a", "T1")
    assert publish("T1-a", "T1") == version

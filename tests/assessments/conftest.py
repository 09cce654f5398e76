"""A little curriculum and ways to walk through an attempt, all by the actions of the app."""

from typing import Any

import pytest

from assessments import actions, authoring
from assessments.content import Content
from assessments.lasting_codes import named_by
from assessments.models import Appeal, Attempt, Blueprint, Scenario, ScenarioVersion
from people.models import User
from tests import factories
from tests.remembered import remembered

from . import appealing, cases
from .walking import fail, later

RULES: dict[str, Any] = {
    "draw": [{"from": ["T1"], "take": 1}],
    "outcomes": 0,
    "minutes": 60,
    "pass_percent": 70,
    "minimum_percent": {},
    "minimum_percent_in_each_case": {},
    "critical_error_fails": True,
    "attempts": 2,
    "days_between": 7,
    "requires": {"lessons": False, "practice": False},
}
PRACTICE: dict[str, Any] = {
    "draw": [{"from": ["P1"], "take": 1}], "minutes": None, "attempts": None, "days_between": 0,
}  # fmt: skip


def titles(words: str) -> dict[str, str]:
    return {"az": f"{words} (az)", "en": words, "ru": f"{words} (ru)"}


def publish(code: str, family: str, use: str = "exam", stages: int = 2) -> ScenarioVersion:
    """A case and its family, as they are loaded from files."""
    kept = actions.save_family(code=family, use=use, titles=titles(family), facts=cases.FACTS, by=None)
    scenario = actions.save_scenario(code=code, family=kept, titles=titles(code), by=None)
    content = retiring(scenario, cases.content(code, family, stages))
    return actions.publish_version(scenario=scenario, content=content, by=None)


def retiring(scenario: Scenario, content: dict[str, Any]) -> dict[str, Any]:
    """The same, with the codes named that earlier versions had and this one has no more."""
    earlier = [named_by(Content.read(version.content)) for version in scenario.versions.all()]
    gone = {code for codes in earlier for code in codes} - named_by(Content.read(content)).keys()
    return {**content, "retired": sorted(gone)} if gone else content


def publish_among_others(code: str, family: str, stages: int) -> ScenarioVersion:
    """A new version of a case that changes with others: nobody looks at the draws yet."""
    scenario = Scenario.objects.get(code=code)
    content = retiring(scenario, cases.content(code, family, stages))
    return authoring.publish_among_others(scenario=scenario, content=content, by=None)


def make_blueprint(code: str = "T-exam", use: str = "exam", **rules: Any) -> Blueprint:
    usual = {**RULES, **PRACTICE} if use == "practice" else RULES
    return actions.save_blueprint(code=code, use=use, titles=titles(code), rules={**usual, **rules}, by=None)


def start(blueprint: Blueprint, person: User) -> Attempt:
    return actions.start_attempt(blueprint=blueprint, origin="enrolment:test", by=person)


@pytest.fixture
@remembered
def exam(db: Any) -> Blueprint:
    """One case of two stages, two variants, 60 minutes."""
    publish("T1-a", "T1")
    publish("T1-b", "T1")
    return make_blueprint()


@pytest.fixture
@remembered
def practice(db: Any) -> Blueprint:
    """One case of one stage, without limit."""
    publish("P1-a", "P1", use="practice", stages=1)
    return make_blueprint("T-practice", "practice", **PRACTICE)


@pytest.fixture
@remembered
def exam_of_four(db: Any) -> Blueprint:
    """One of four families; two attempts, a week apart."""
    for family in ("T1", "T2", "T3", "T4"):
        publish(f"{family}-a", family, stages=1)
    return make_blueprint(draw=[{"from": ["T1", "T2", "T3", "T4"], "take": 1}])


@pytest.fixture
@remembered
def used_up(exam_of_four: Blueprint, officer: User) -> User:
    """The officer, who failed it three weeks and a fortnight ago."""
    for weeks in (-3, -2):
        with later(weeks):
            fail(exam_of_four, officer)
    return officer


@pytest.fixture
@remembered
def attempt(exam: Blueprint, officer: User) -> Attempt:
    return start(exam, officer)


@pytest.fixture
@remembered
def failed(attempt: Attempt) -> Attempt:
    """An exam failed by one critical error, with 30 of 34 points."""
    return appealing.fail(attempt)


@pytest.fixture
@remembered
def appeal(failed: Attempt, assessor: User, assessor2: User) -> Appeal:
    return appealing.make_appeal(failed)


@pytest.fixture
def assessor3(db: Any) -> User:
    person = factories.make_person()
    factories.give(person, factories.Position.ASSESSOR)
    return person

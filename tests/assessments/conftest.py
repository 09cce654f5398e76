"""A little curriculum and ways to walk through an attempt, all by the actions of the app."""

from typing import Any

import pytest

from assessments import actions
from assessments.models import Attempt, Blueprint, ScenarioVersion
from people.models import User

from . import cases

RULES = {
    "draw": [{"family": "T1", "take": 1}],
    "minutes": 60,
    "pass_percent": 70,
    "critical_error_fails": True,
    "retake_after_hours": 24,
}


def titles(words: str) -> dict[str, str]:
    return {"az": f"{words} (az)", "en": words, "ru": f"{words} (ru)"}


def publish(code: str, family: str, use: str = "exam", stages: int = 2) -> ScenarioVersion:
    """A case and its family, as they are loaded from files."""
    kept = actions.save_family(code=family, use=use, titles=titles(family), facts=cases.FACTS, by=None)
    scenario = actions.save_scenario(code=code, family=kept, titles=titles(code), by=None)
    return actions.publish_version(scenario=scenario, content=cases.content(code, family, stages), by=None)


def make_blueprint(code: str = "T-exam", use: str = "exam", **rules: Any) -> Blueprint:
    return actions.save_blueprint(code=code, use=use, titles=titles(code), rules={**RULES, **rules}, by=None)


def start(blueprint: Blueprint, person: User) -> Attempt:
    return actions.start_attempt(blueprint=blueprint, origin="enrolment:test", by=person)


@pytest.fixture
def exam(db: Any) -> Blueprint:
    """One case of two stages, two variants, 60 minutes."""
    publish("T1-a", "T1")
    publish("T1-b", "T1")
    return make_blueprint()


@pytest.fixture
def practice(db: Any) -> Blueprint:
    """One case of one stage, without limit."""
    publish("P1-a", "P1", use="practice", stages=1)
    rules = {"draw": [{"family": "P1", "take": 1}], "minutes": None, "retake_after_hours": 0}
    return make_blueprint("T-practice", "practice", **rules)


@pytest.fixture
def attempt(exam: Blueprint, officer: User) -> Attempt:
    return start(exam, officer)

"""The same frozen attempt marks the same: pure, and through the database on which the test runs."""

from datetime import timedelta
from typing import Any

import pytest

from assessments import actions
from assessments.content import sha256
from assessments.frozen import content_of
from assessments.models import (
    Answer,
    Attempt,
    AttemptCase,
    Blueprint,
    BlueprintVersion,
    Mark,
    ScenarioVersion,
)
from operations import clock
from people.models import User

from . import cases, golden
from .conftest import titles

FROZEN = golden.attempt()
PEOPLE = sorted(FROZEN["answers"])


def test_formulas_of_today_give_what_was_written_down() -> None:
    assert golden.worth() == golden.kept()


def test_somebody_passes_somebody_fails_by_an_error_and_by_a_part() -> None:
    assert {who: worth["passed"] for who, worth in golden.kept().items()} == {
        "by the key": True, "blank": False, "does nothing": False, "half": False, "the other way": True,
        "everything": False,
    }  # fmt: skip


@pytest.fixture
def frozen(db: None, officer: User) -> Attempt:
    """The frozen attempt as rows, before anybody answers."""
    blueprint = Blueprint.objects.create(code="G-exam", use="exam", title="G")
    version = BlueprintVersion.objects.create(
        blueprint=blueprint, number=1, sha256="0" * 64, rules=FROZEN["rules"]
    )
    attempt = Attempt.objects.create(
        person=officer, blueprint=blueprint, blueprint_version=version, origin="golden", started_at=clock.now(),
        due_at=clock.now() + timedelta(hours=1),
    )  # fmt: skip
    for position, content in enumerate(FROZEN["cases"], start=1):
        family = actions.save_family(
            code=content["family"], use="exam", titles=titles("G"), facts=cases.FACTS, by=None
        )
        scenario = actions.save_scenario(code=content["code"], family=family, titles=titles("G"), by=None)
        case = ScenarioVersion.objects.create(
            scenario=scenario, number=1, format=1, sha256=sha256(content), content=content
        )
        AttemptCase.objects.create(attempt=attempt, position=position, version=case)
    content_of.cache_clear()
    return attempt


@pytest.mark.parametrize("who", PEOPLE)
def test_closed_on_this_database_it_is_worth_the_same(frozen: Attempt, who: str) -> None:
    Answer.objects.bulk_create(
        Answer(
            attempt=frozen, question_code=code, value=value, language="az", session=1, sequence=1,
            saved_at=clock.now(),
        )
        for code, value in FROZEN["answers"][who].items()
    )  # fmt: skip
    closed = actions.close_attempt(attempt=frozen, by=frozen.person, confirmed=True)
    expected = golden.kept()[who]
    assert (str(closed.points), str(closed.points_max), closed.passed) == (
        expected["points"], expected["points_max"], expected["passed"],
    )  # fmt: skip
    rows = Mark.objects.filter(marking=closed.marking).order_by("case__position", "pk")
    assert [kept(row) for row in rows] == expected["marks"]


def kept(row: Mark) -> dict[str, Any]:
    return {
        "question": row.question_code,
        "part": row.part,
        "points": str(row.points),
        "points_max": str(row.points_max),
        "critical_errors": row.critical_errors,
        "competences": row.competences,
        "indicators": row.indicators,
    }

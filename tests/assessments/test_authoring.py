"""Families, cases and blueprints come in: matched by code, versions only added."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assessments import actions
from assessments.content_parts import ContentError
from assessments.models import BlueprintVersion, Scenario, ScenarioFamily, ScenarioVersion
from operations.models import AuditEntry
from people.models import User

from . import cases
from .conftest import RULES, make_blueprint, publish, titles

pytestmark = pytest.mark.django_db


def test_same_content_is_the_same_version() -> None:
    first = publish("T1-a", "T1")
    entries = AuditEntry.objects.count()
    assert publish("T1-a", "T1") == first
    assert AuditEntry.objects.count() == entries


def test_changed_content_is_a_new_version() -> None:
    first, second = publish("T1-a", "T1"), publish("T1-a", "T1", stages=3)
    assert (first.number, second.number) == (1, 2)
    entry = AuditEntry.objects.get(
        act="assessments.publish_version", subject_id=first.scenario.public_id, before__number=1
    )
    assert entry.after == {"number": 2, "sha256": second.sha256}


def test_content_comes_back_as_it_went_in() -> None:
    version = publish("T1-a", "T1")
    version.refresh_from_db()
    assert version.content == cases.content("T1-a", "T1")


def test_broken_content_makes_no_version() -> None:
    version = publish("T1-a", "T1")
    with pytest.raises(ContentError):
        actions.publish_version(scenario=version.scenario, content={"format": 1}, by=None)
    with pytest.raises(ValidationError):
        actions.publish_version(scenario=version.scenario, content=cases.content("T1-b", "T1"), by=None)
    assert ScenarioVersion.objects.count() == 1


def test_titles_are_kept_in_three_languages_and_only_changes_are_written() -> None:
    actions.save_family(code="T1", use="exam", titles=titles("one"), facts=cases.FACTS, by=None)
    actions.save_family(code="T1", use="exam", titles=titles("one"), facts=cases.FACTS, by=None)
    assert AuditEntry.objects.count() == 1
    family = actions.save_family(code="T1", use="exam", titles=titles("two"), facts=cases.FACTS, by=None)
    family.refresh_from_db()
    assert (family.title_az, family.title_en, family.title_ru) == ("two (az)", "two", "two (ru)")
    assert AuditEntry.objects.count() == 2


def test_family_is_never_both_practice_and_exam() -> None:
    actions.save_family(code="T1", use="exam", titles=titles("one"), facts=cases.FACTS, by=None)
    with pytest.raises(ValidationError):
        actions.save_family(code="T1", use="practice", titles=titles("one"), facts=cases.FACTS, by=None)


def test_facts_of_a_family_may_be_corrected_and_leave_a_trace() -> None:
    actions.save_family(code="T1", use="exam", titles=titles("one"), facts=cases.FACTS, by=None)
    family = actions.save_family(
        code="T1", use="exam", titles=titles("one"), facts={**cases.FACTS, "outcome": "open"}, by=None
    )
    family.refresh_from_db()
    assert (family.role, family.outcome, family.form, family.child) == ("LAB", "open", "labour", False)
    assert AuditEntry.objects.count() == 2


def test_unknown_outcome_is_refused() -> None:
    with pytest.raises(ValidationError):
        actions.save_family(
            code="T1", use="exam", titles=titles("one"), facts={**cases.FACTS, "outcome": "guilty"}, by=None
        )


def test_case_stays_in_its_family() -> None:
    publish("T1-a", "T1")
    other = actions.save_family(code="T2", use="exam", titles=titles("two"), facts=cases.FACTS, by=None)
    with pytest.raises(ValidationError):
        actions.save_scenario(code="T1-a", family=other, titles=titles("one"), by=None)


def test_changed_rules_are_a_new_version() -> None:
    publish("T1-a", "T1")
    make_blueprint()
    make_blueprint()
    assert BlueprintVersion.objects.count() == 1
    blueprint = make_blueprint(minutes=90)
    assert list(blueprint.versions.order_by("number").values_list("rules__minutes", flat=True)) == [60, 90]


@pytest.mark.parametrize(
    "rules",
    [
        {**RULES, "draw": []},
        {**RULES, "draw": [{"from": ["T9"], "take": 1}]},
        {**RULES, "draw": [{"from": ["P1"], "take": 1}]},
        {"draw": RULES["draw"]},
        {**RULES, "colour": "red"},
    ],
)
def test_rules_that_cannot_be_followed_are_refused(rules: dict[str, Any]) -> None:
    publish("T1-a", "T1")
    publish("P1-a", "P1", use="practice")
    with pytest.raises(ValidationError):
        actions.save_blueprint(code="T-exam", use="exam", titles=titles("exam"), rules=rules, by=None)


def test_trainer_may_bring_cases_in(trainer: User) -> None:
    family = actions.save_family(code="T1", use="exam", titles=titles("one"), facts=cases.FACTS, by=trainer)
    scenario = actions.save_scenario(code="T1-a", family=family, titles=titles("one"), by=trainer)
    version = actions.publish_version(scenario=scenario, content=cases.content(), by=trainer)
    assert version.recorded_by == trainer


@pytest.mark.parametrize("cast", ["officer", "coordinator", "reviewer", "outsider"])
def test_nobody_else_may(cast: str, request: pytest.FixtureRequest) -> None:
    stranger = request.getfixturevalue(cast)
    with pytest.raises(PermissionDenied):
        actions.save_family(code="T1", use="exam", titles=titles("one"), facts=cases.FACTS, by=stranger)
    assert (ScenarioFamily.objects.count(), Scenario.objects.count()) == (0, 0)

"""Families, cases and blueprints come in: matched by code, versions only added."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assessments import actions
from assessments.authoring import draws_stay_alike
from assessments.content_parts import ContentError
from assessments.models import Blueprint, BlueprintVersion, Scenario, ScenarioFamily, ScenarioVersion
from operations.models import AuditEntry
from people.models import User

from . import cases
from .conftest import RULES, make_blueprint, publish, publish_among_others, titles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


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


def test_case_keeps_its_code_for_life() -> None:
    """Under another code it would be drawn twice, once as each."""
    first = publish("T1-a", "T1")
    renamed = {**cases.content("T1-a", "T1"), "code": "T1-x"}
    scenario = actions.save_scenario(code="T1-x", family=first.scenario.family, titles=titles("x"), by=None)
    with pytest.raises(ValidationError, match="belong to the case T1-a: a case keeps its code for life"):
        actions.publish_version(scenario=scenario, content=renamed, by=None)
    publish("T1-b", "T1")
    assert ScenarioVersion.objects.count() == 2


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


# --- one case by itself ----------------------------------------------------------------------------


def two_variants() -> Blueprint:
    """One of two families, of which one has two cases; every draw must give the same."""
    for code, family in (("T1-a", "T1"), ("T1-b", "T1"), ("T2-a", "T2")):
        publish(code, family)
    return make_blueprint(draw=[{"from": ["T1", "T2"], "take": 1}])


def test_case_that_makes_an_exam_unlike_the_others_is_refused_by_itself() -> None:
    two_variants()
    with pytest.raises(ValidationError, match="T-exam: The draw .* every draw must give the same"):
        publish("T1-a", "T1", stages=3)
    assert Scenario.objects.get(code="T1-a").versions.count() == 1
    with pytest.raises(ValidationError, match="T-exam"):
        publish("T1-c", "T1", stages=3)  # a new one
    assert not ScenarioVersion.objects.filter(scenario__code="T1-c").exists()


def test_case_with_too_many_critical_lines_is_refused_by_itself() -> None:
    two_variants()
    content = cases.content("T1-a", "T1")
    content["stages"][-1]["questions"] += [
        cases.actions_question(f"x{number}", points=1) for number in range(20)
    ]
    with pytest.raises(ValidationError, match="may be a critical error"):
        actions.publish_version(scenario=Scenario.objects.get(code="T1-a"), content=content, by=None)


def test_case_that_keeps_its_points_is_published_and_so_is_one_that_no_exam_draws() -> None:
    two_variants()
    content = cases.content("T1-a", "T1")
    content["title"] = cases.text("Another title")
    case = Scenario.objects.get(code="T1-a")
    assert actions.publish_version(scenario=case, content=content, by=None).number == 2
    assert publish("T9-a", "T9", stages=3).number == 1


def test_cases_that_change_together_are_looked_at_together() -> None:
    two_variants()
    with draws_stay_alike(["T1", "T2"]):
        for code in ("T1-a", "T1-b", "T2-a"):
            publish_among_others(code, code[:2], stages=3)
    with (
        pytest.raises(ValidationError, match="every draw must give the same"),
        draws_stay_alike(["T1", "T2"]),
    ):
        publish_among_others("T1-a", "T1", stages=2)


def test_broken_rules_may_be_mended_case_by_case() -> None:
    two_variants()
    for code in ("T1-a", "T1-b"):
        publish_among_others(code, "T1", stages=3)
    assert publish("T1-a", "T1").number == 3  # still unlike T1-b
    assert publish("T1-b", "T1").number == 3
    with pytest.raises(ValidationError, match="every draw must give the same"):
        publish("T1-b", "T1", stages=3)


@pytest.mark.parametrize("cast", ["officer", "coordinator", "reviewer", "outsider"])
def test_nobody_else_may(cast: str, request: pytest.FixtureRequest) -> None:
    stranger = request.getfixturevalue(cast)
    with pytest.raises(PermissionDenied):
        actions.save_family(code="T1", use="exam", titles=titles("one"), facts=cases.FACTS, by=stranger)
    assert (ScenarioFamily.objects.count(), Scenario.objects.count()) == (0, 0)

"""Families, cases and blueprints. A changed case becomes a new version; attempts keep theirs."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError

from assessments import authoring as actions
from assessments.content import sha256
from assessments.freezing import freeze
from assessments.models import Blueprint, Scenario, ScenarioFamily
from operations import canonical

from .files import Broken
from .items import LoadedItem
from .reading import Curriculum
from .rows import described
from .schema import BlueprintEntry, FamilyEntry


def items(curriculum: Curriculum) -> Iterator[LoadedItem]:
    """Cases change together: what they do to draws is looked at once all are there. Broken, where they break rules."""
    for family in curriculum.families:
        yield _family(family)
    try:
        with actions.draws_stay_alike([family.code for family in curriculum.families]):
            for scenario in curriculum.scenarios:
                yield _scenario(curriculum.written(scenario))
            for blueprint in curriculum.blueprints:
                yield _blueprint(blueprint)
    except ValidationError as error:
        raise Broken.about("cases of", "these files", "; ".join(error.messages)) from error


def _scenario(written: dict[str, Any]) -> LoadedItem:
    """The words of indicators and errors are frozen too: new words there are a new version here."""
    content = canonical.plain(freeze(written))
    code, family, titles = written["code"], written["family"], written["title"]
    return LoadedItem(
        kind="scenario",
        code=code,
        wanted={"family": family, "title": titles, "sha256": sha256(content)},
        present=partial(_scenario_present, code),
        save=partial(_save_scenario, code, family, titles, content),
    )


def _save_scenario(code: str, family: str, titles: dict[str, str], content: dict[str, Any]) -> None:
    of_family = ScenarioFamily.objects.get(code=family)
    scenario = actions.save_scenario(code=code, family=of_family, titles=titles, by=None)
    actions.publish_among_others(scenario=scenario, content=content, by=None)


def _scenario_present(code: str) -> Any:
    scenario = Scenario.objects.select_related("family").filter(code=code).first()
    if scenario is None:
        return None
    newest = scenario.versions.order_by("-number").first()
    values = described(scenario, "family", texts=["title"])
    return values and {**values, "sha256": newest.sha256 if newest else None}


def _blueprint(entry: BlueprintEntry) -> LoadedItem:
    rules = entry.plain()
    titles = entry.title.model_dump()
    return LoadedItem(
        kind="blueprint",
        code=entry.code,
        wanted={"use": entry.use, "title": titles, "rules": rules},
        present=partial(_blueprint_present, entry.code),
        save=partial(
            actions.save_blueprint, code=entry.code, use=entry.use, titles=titles, rules=rules, by=None
        ),
    )


def _blueprint_present(code: str) -> Any:
    blueprint = Blueprint.objects.filter(code=code).first()
    if blueprint is None:
        return None
    newest = blueprint.versions.order_by("-number").first()
    values = described(blueprint, "use", texts=["title"])
    return values and {**values, "rules": newest.rules if newest else None}


def _family(entry: FamilyEntry) -> LoadedItem:
    titles = entry.title.model_dump()
    facts = actions.FamilyFacts(
        role=entry.role or "", outcome=entry.outcome, form=entry.form, child=entry.child
    )
    return LoadedItem(
        kind="family",
        code=entry.code,
        wanted={"use": entry.use, "title": titles, **facts},
        present=partial(_family_present, entry.code),
        save=partial(
            actions.save_family, code=entry.code, use=entry.use, titles=titles, facts=facts, by=None
        ),
    )


def _family_present(code: str) -> Any:
    family = ScenarioFamily.objects.filter(code=code).first()
    return described(family, "use", "role", "outcome", "form", "child", texts=["title"])

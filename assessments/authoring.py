"""Actions that bring in cases, families and blueprints. Versions are only added: attempts point at them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypedDict

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from pydantic import ValidationError as BadShape

from locales.languages import LANGUAGES
from operations import audit, canonical
from people.models import User

from .blueprints import BlueprintRules, CaseFacts, FamilyCases, case_facts, rule_problems
from .checking import checked
from .content import Content, sha256
from .drawing import Prospect, families_of, possible_sets, prospect
from .frozen import content_of
from .lasting_codes import code_problems
from .models import Blueprint, BlueprintVersion, Scenario, ScenarioFamily, ScenarioVersion
from .permissions import can_author


class FamilyFacts(TypedDict):
    """Facts of a family for statistics and drawing; officers are not told."""

    role: str
    outcome: str
    form: str
    child: bool


@transaction.atomic
def save_family(
    *, code: str, use: str, titles: Mapping[str, str], facts: FamilyFacts, by: User | None
) -> ScenarioFamily:
    """The family with this code as described. Its use never changes: practice shows the key."""
    _refuse_unless_author(by)
    family = ScenarioFamily.objects.select_for_update().filter(code=code).first()
    if family is None:
        family = ScenarioFamily(code=code, use=use)
    elif family.use != use:
        raise ValidationError(_("A family is for practice or for exams; its use cannot be changed."))
    _save_described(family, titles, by, "assessments.save_family", **facts)
    return family


@transaction.atomic
def save_scenario(
    *, code: str, family: ScenarioFamily, titles: Mapping[str, str], by: User | None
) -> Scenario:
    """The scenario with this code as described. It stays in its family."""
    _refuse_unless_author(by)
    scenario = Scenario.objects.select_for_update().filter(code=code).first()
    if scenario is None:
        scenario = Scenario(code=code, family=family)
    elif scenario.family_id != family.pk:
        raise ValidationError(_("A case stays in its family."))
    _save_described(scenario, titles, by, "assessments.save_scenario")
    return scenario


@transaction.atomic
def publish_version(*, scenario: Scenario, content: dict[str, Any], by: User | None) -> ScenarioVersion:
    """Freeze content (`freezing.freeze` makes it) as the scenario's newest version, drawn from now on.

    The same content as the newest is that version. Refuses (ValidationError) a case with which an exam would be drawn
    that is unlike the others, and one that loses a code of an earlier version and does not name it as retired. Raises
    ContentError. Started attempts keep theirs.
    """
    with draws_stay_alike([scenario.family.code]):
        return publish_among_others(scenario=scenario, content=content, by=by)


@transaction.atomic
def publish_among_others(*, scenario: Scenario, content: dict[str, Any], by: User | None) -> ScenarioVersion:
    """The same of one of several cases that change together: the caller holds `draws_stay_alike` around all of them."""
    _refuse_unless_author(by)
    case = checked(content)
    if (case.code, case.family) != (scenario.code, scenario.family.code):
        raise ValidationError(_("The content belongs to another case."))
    Scenario.objects.select_for_update().get(pk=scenario.pk)
    _refuse_parts_of_others(scenario, case)
    newest = scenario.versions.order_by("-number").first()
    hash_ = sha256(content)
    if newest is not None and newest.sha256 == hash_:
        return newest
    _refuse_lost_codes(scenario, case)
    version = ScenarioVersion.objects.create(
        scenario=scenario, number=newest.number + 1 if newest else 1, format=case.format, sha256=hash_,
        content=content, recorded_by=by,
    )  # fmt: skip
    audit.record(
        by=by, act="assessments.publish_version", subject_kind="scenario", subject_id=scenario.public_id,
        before=newest and {"number": newest.number, "sha256": newest.sha256},
        after={"number": version.number, "sha256": hash_},
    )  # fmt: skip
    return version


def _refuse_parts_of_others(scenario: Scenario, case: Content) -> None:
    """Refuse a case whose stages belong to another of its family: its code was changed, and both would be drawn."""
    stages = {stage.code for stage in case.stages}
    others = ScenarioVersion.objects.filter(scenario__family=scenario.family).exclude(scenario=scenario)
    for code, theirs in others.order_by("pk").values_list("scenario__code", "content__stages"):
        if stages & {stage["code"] for stage in theirs}:
            text = _("The parts of this case belong to the case %(code)s: a case keeps its code for life.")
            raise ValidationError(text % {"code": code})


def _refuse_lost_codes(scenario: Scenario, case: Content) -> None:
    """Refuse a version that loses codes of earlier ones without a word, or gives them to other things."""
    earlier = scenario.versions.order_by("number").values_list("sha256", flat=True)
    if problems := list(code_problems(case, [content_of(version) for version in earlier])):
        raise ValidationError(problems)


@contextmanager
def draws_stay_alike(families: Collection[str]) -> Iterator[None]:
    """Refuse (ValidationError) at the end what breaks the rules of an assessment that draws from these families.

    What was broken before stands against the next edition (courses.gaps), and may be mended in several steps.
    """
    before = _broken_rules(families)
    yield
    broken = {
        blueprint: problems
        for blueprint, problems in _broken_rules(families).items()
        if blueprint not in before
    }
    if broken:
        raise ValidationError(
            [f"{blueprint.code}: {problem}" for blueprint, problems in broken.items() for problem in problems]
        )


def _broken_rules(families: Collection[str]) -> dict[Blueprint, list[str]]:
    """Return the assessments that draw from these families and whose rules their cases of now do not meet.

    They are locked: of two cases published at once the second is judged with the first.
    """
    found = {}
    for blueprint in Blueprint.objects.select_for_update(no_key=True).order_by("pk"):
        version = blueprint.versions.order_by("-number").first()
        if version is not None and set(families_of(version.rules)) & set(families):
            if problems := prospect_of(blueprint)[1]:
                found[blueprint] = problems
    return found


@transaction.atomic
def save_blueprint(
    *, code: str, use: str, titles: Mapping[str, str], rules: dict[str, Any], by: User | None
) -> Blueprint:
    """The blueprint with this code; changed rules are a new version of it. Its use never changes.

    `rules` are of the shape of `BlueprintRules`. Refuses (ValidationError) rules by which some exam would be drawn
    that is unlike the others, or none: every problem in words.
    """
    _refuse_unless_author(by)
    blueprint = Blueprint.objects.select_for_update().filter(code=code).first()
    if blueprint is None:
        blueprint = Blueprint(code=code, use=use)
    elif blueprint.use != use:
        raise ValidationError(_("A blueprint is for practice or for exams; its use cannot be changed."))
    _refuse_bad_rules(rules, use)
    _save_described(blueprint, titles, by, "assessments.save_blueprint")
    newest = blueprint.versions.order_by("-number").first()
    hash_ = canonical.sha256(rules)
    if newest is None or newest.sha256 != hash_:
        version = BlueprintVersion.objects.create(
            blueprint=blueprint, number=newest.number + 1 if newest else 1, sha256=hash_, rules=rules,
            recorded_by=by,
        )  # fmt: skip
        audit.record(
            by=by, act="assessments.change_rules", subject_kind="blueprint", subject_id=blueprint.public_id,
            before=newest and newest.rules, after={"number": version.number, **rules},
        )  # fmt: skip
    return blueprint


def _refuse_unless_author(by: User | None) -> None:
    if not can_author(by):
        raise PermissionDenied(_("You may not do this."))


def _refuse_bad_rules(rules: Mapping[str, Any], use: str) -> None:
    try:
        read = BlueprintRules.model_validate(rules)
    except BadShape as error:
        places = [f"{'.'.join(map(str, line['loc']))}: {line['msg']}" for line in error.errors()]
        text = _("These are no rules of a blueprint: %(problems)s")
        raise ValidationError(text % {"problems": "; ".join(places)}) from None
    problems = [problem.text for problem in rule_problems(read, use, cases_of(read.families))]
    if problems:
        raise ValidationError(problems)


def cases_of(codes: Iterable[str]) -> dict[str, FamilyCases]:
    """Return these families as rules are checked against them: the newest version of each case that is still drawn."""
    cases: dict[str, list[CaseFacts]] = {}
    newest = ScenarioVersion.objects.newest().of_families(codes).order_by("scenario__code")
    for family, sha256_ in newest.values_list("scenario__family__code", "sha256"):
        cases.setdefault(family, []).append(case_facts(content_of(sha256_)))
    return {
        family.code: FamilyCases(family.use, family.outcome, cases.get(family.code, []))
        for family in ScenarioFamily.objects.filter(code__in=codes)
    }


def prospect_of(blueprint: Blueprint) -> tuple[Prospect, list[str]]:
    """Return how many exams the newest rules can draw of the cases there are now, and what is wrong with them."""
    version = blueprint.versions.order_by("-number").first()
    if version is None:
        return Prospect(0, 0, {}), []
    rules = BlueprintRules.model_validate(version.rules)
    families = cases_of(rules.families)
    problems = [problem.text for problem in rule_problems(rules, blueprint.use, families)]
    outcomes = {code: family.outcome for code, family in families.items()}
    sets = possible_sets(rules.pools, outcomes, rules.outcomes)
    return prospect(
        rules.pools, sets, {code: len(family.cases) for code, family in families.items()}
    ), problems


def _save_described(
    thing: ScenarioFamily | Scenario | Blueprint,
    titles: Mapping[str, str],
    by: User | None,
    act: str,
    **facts: object,
) -> None:
    """Saves what is new or changed, and only then writes the audit trail."""
    wanted = {f"title_{language}": titles[language] for language in LANGUAGES} | facts
    before = {name: getattr(thing, name) for name in wanted}
    if thing.pk is not None and before == wanted:
        return
    made = thing.pk is None
    for name, value in wanted.items():
        setattr(thing, name, value)
    thing.full_clean()
    thing.save()
    audit.record(
        by=by, act=act, subject_kind=str(thing._meta.model_name), subject_id=thing.code,
        before=None if made else before, after=wanted,
    )  # fmt: skip

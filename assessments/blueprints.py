"""Rules of a blueprint: their shape, and what every exam that they can draw must have. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from .content import Content, Draft
from .content_parts import Code
from .drawing import MOST_SETS, FamilySet, Pool, number_of_combinations, possible_sets
from .models import Use
from .questions import Part, critical_lines
from .stage_paths import every_path

MOST_CRITICAL_LINES_OF_AN_EXAM = 7  # more would decide by chance who passes

type Percent = Annotated[int, Field(ge=1, le=100)]


class _Rules(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class DrawRule(_Rules):
    """A pool, in a file `{from: [families], take: 3}`."""

    families: list[Code] = Field(alias="from", min_length=1)
    take: int = Field(ge=1, le=10)


class Requires(_Rules):
    """Parts of the course that are required before its exam."""

    lessons: StrictBool
    practice: StrictBool


class BlueprintRules(_Rules):
    """Rules as a BlueprintVersion holds them."""

    draw: list[DrawRule] = Field(min_length=1)
    outcomes: int = Field(ge=0, le=3)
    minutes: Annotated[int, Field(gt=0, le=600)] | None
    pass_percent: Percent
    minimum_percent: dict[Part, Percent]
    minimum_percent_in_each_case: dict[Part, Percent]
    critical_error_fails: StrictBool
    attempts: Annotated[int, Field(ge=1, le=10)] | None
    days_between: int = Field(ge=0, le=365)
    requires: Requires

    def plain(self) -> dict[str, Any]:
        """Return them as they are kept."""
        return self.model_dump(by_alias=True, include=set(BlueprintRules.model_fields))

    @property
    def pools(self) -> list[Pool]:
        return [Pool(tuple(rule.families), rule.take) for rule in self.draw]

    @property
    def families(self) -> list[str]:
        return [code for rule in self.draw for code in rule.families]


@dataclass(frozen=True)
class CaseFacts:
    """Of one case, on the path where it has most: points, and answers that may be a critical error."""

    code: str
    points: int
    critical_lines: int


@dataclass(frozen=True)
class FamilyCases:
    use: str
    outcome: str
    cases: Sequence[CaseFacts]


@dataclass(frozen=True)
class RuleProblem:
    """`path`: the place in the rules, as names and numbers from 0."""

    path: tuple[str | int, ...]
    text: str


def case_facts(case: Content | Draft) -> CaseFacts:
    """Of a case that has passed its own checks: every path carries the same."""
    path = next(every_path(case))
    questions = [question for stage in path for question in stage.questions]
    lines = sum(critical_lines(question) for question in questions)
    return CaseFacts(case.code, sum(question.points for question in questions), lines)


def rule_problems(
    rules: BlueprintRules, use: str, families: Mapping[str, FamilyCases]
) -> Iterator[RuleProblem]:
    """Yield everything that is wrong with rules of the right shape, in words."""
    found = [*_family_problems(rules, use, families), *_size_problems(rules)]
    if use == Use.PRACTICE:
        found += _practice_problems(rules)
    yield from found
    if not found:
        yield from _draw_problems(rules, use, families)


def _practice_problems(rules: BlueprintRules) -> Iterator[RuleProblem]:
    """Practice is open to everybody at any time, as often as they want."""
    if rules.requires.lessons or rules.requires.practice:
        yield RuleProblem(("requires",), _("Practice requires nothing."))
    if rules.attempts is not None:
        yield RuleProblem(
            ("attempts",), _("Practice is repeated as often as one wants: no number of attempts.")
        )
    if rules.days_between:
        yield RuleProblem(("days_between",), _("Practice is repeated at once: no days between two attempts."))


def _family_problems(
    rules: BlueprintRules, use: str, families: Mapping[str, FamilyCases]
) -> Iterator[RuleProblem]:
    seen: set[str] = set()
    for number, pool in enumerate(rules.draw):
        for place, code in enumerate(pool.families):
            text, family = "", families.get(code)
            if code in seen:
                text = _("The family %(family)s stands in the pools more than once.")
            elif family is None:
                text = _("There is no family %(family)s.")
            elif family.use != use:
                text = _("The family %(family)s is not open to this use.")
            elif not family.cases:
                text = _("The family %(family)s has no case.")
            seen.add(code)
            if text:
                yield RuleProblem(("draw", number, "from", place), text % {"family": code})


def _size_problems(rules: BlueprintRules) -> Iterator[RuleProblem]:
    for number, pool in enumerate(rules.draw):
        if pool.take > len(pool.families):
            text = _("%(take)s cases cannot be drawn from %(families)s families.")
            words = {"take": pool.take, "families": len(pool.families)}
            yield RuleProblem(("draw", number, "take"), text % words)
    if number_of_combinations(rules.pools) > MOST_SETS:
        text = _("There are too many possible draws: at most %(most)s.")
        yield RuleProblem(("draw",), text % {"most": MOST_SETS})


def _draw_problems(
    rules: BlueprintRules, use: str, families: Mapping[str, FamilyCases]
) -> Iterator[RuleProblem]:
    outcomes = {code: family.outcome for code, family in families.items()}
    sets = possible_sets(rules.pools, outcomes, rules.outcomes)
    if not sets:
        text = _("No draw has %(number)s different outcomes.") % {"number": rules.outcomes}
        yield RuleProblem(("outcomes",), text)
        return
    if use == Use.EXAM:
        yield from _too_critical(sets, families)
    yield from _unequal(sets, families)


def _too_critical(sets: Sequence[FamilySet], families: Mapping[str, FamilyCases]) -> Iterator[RuleProblem]:
    worst = {
        code: max(family.cases, key=lambda case: case.critical_lines)
        for code, family in families.items()
        if family.cases
    }
    lines = {each: sum(worst[code].critical_lines for code in each) for each in sets}
    most = max(sets, key=lambda each: lines[each])
    if lines[most] > MOST_CRITICAL_LINES_OF_AN_EXAM:
        text = _("The draw %(cases)s has %(number)s answers that may be a critical error: at most %(most)s.")
        names = ", ".join(worst[code].code for code in most)
        words = {"cases": names, "number": lines[most], "most": MOST_CRITICAL_LINES_OF_AN_EXAM}
        yield RuleProblem(("draw",), text % words)


def _unequal(sets: Sequence[FamilySet], families: Mapping[str, FamilyCases]) -> Iterator[RuleProblem]:
    """Every draw carries the same points, whichever variants come."""

    def extreme(pick: Any) -> tuple[int, str]:
        chosen = {
            code: pick(family.cases, key=lambda case: case.points)
            for code, family in families.items()
            if family.cases
        }
        totals = [(sum(chosen[code].points for code in each), each) for each in sets]
        total, each = pick(totals)
        return total, ", ".join(chosen[code].code for code in each)

    (least, poor), (most, rich) = extreme(min), extreme(max)
    if least != most:
        text = _(
            "The draw %(poor)s gives %(least)s points and the draw %(rich)s gives %(most)s: every draw must "
            "give the same."
        )
        words = {"poor": poor, "least": least, "rich": rich, "most": most}
        yield RuleProblem(("draw",), text % words)

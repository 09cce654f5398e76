"""Readiness of a person for an assessment: it may begin now, from a day on, or by an assessor's word."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Max

from operations import clock
from people.models import User

from .drawing import (
    BarredFamily,
    FamilySet,
    Pool,
    families_of,
    least_met,
    opening,
    pools_of,
    possible_sets,
    with_repeats,
)
from .models import (
    Attempt,
    AttemptCase,
    BlueprintVersion,
    ExamRelease,
    ExtraTime,
    KeySeen,
    ScenarioFamily,
    ScenarioVersion,
    Use,
)

DRAWN_FOR, SEEN_FOR = 18, 12  # months in which a family is not drawn again


@dataclass(frozen=True)
class Bank:
    """The cases that rules may draw from. `variants`: codes of scenarios by family, of families that have one."""

    versions: Mapping[str, ScenarioVersion]
    variants: Mapping[str, list[str]]
    outcomes: Mapping[str, str]


def bank_of(rules: Mapping[str, Any]) -> Bank:
    """Return the newest version of each case that is still drawn; one query, without contents."""
    newest = ScenarioVersion.objects.newest().of_families(families_of(rules)).order_by("scenario__code")
    versions = {row.scenario.code: row for row in newest}
    variants: dict[str, list[str]] = {}
    outcomes: dict[str, str] = {}
    for code, row in versions.items():
        family: ScenarioFamily = row.scenario.family
        variants.setdefault(family.code, []).append(code)
        outcomes[family.code] = family.outcome
    return Bank(versions, variants, outcomes)


@dataclass(frozen=True)
class EarlierCases:
    """The instants at which a person last met each case and each family of a bank, and last saw the key of one."""

    cases: Mapping[str, datetime]
    families: Mapping[str, datetime]
    keys: Mapping[str, datetime]


def met_by(person_pk: int, codes: Iterable[str]) -> EarlierCases:
    """`codes`: of families. Also what was met under a record that was merged into the person's. Two queries."""
    attempts = Attempt.objects.taken_by(person_pk)
    drawn = AttemptCase.objects.filter(attempt__in=attempts, version__scenario__family__code__in=codes)
    case, family = "version__scenario__code", "version__scenario__family__code"
    cases: dict[str, datetime] = {}
    families: dict[str, datetime] = {}
    rows = drawn.order_by().values_list(case, family).annotate(last=Max("attempt__started_at"))
    for code, family_code, last in rows:
        cases[code] = last
        families[family_code] = max(last, families.get(family_code, last))
    seen = KeySeen.objects.filter(person__in=User.objects.records_of(person_pk), family__code__in=codes)
    keys = dict(seen.order_by().values_list("family__code").annotate(last=Max("seen_at")))
    return EarlierCases(cases, families, keys)


def bars_of(met: EarlierCases, now: datetime) -> list[BarredFamily]:
    """Return the families that an exam does not draw now: drawn within 18 months, or the key seen within 12."""
    bars = []
    for family in sorted({*met.families, *met.keys}):
        drawn, seen = met.families.get(family), met.keys.get(family)
        drawn_until = _after(drawn, DRAWN_FOR) if drawn else now
        seen_until = _after(seen, SEEN_FOR) if seen else now
        if (until := max(drawn_until, seen_until)) > now:
            bars.append(BarredFamily(family, until, None if seen_until > now else drawn))
    return bars


def _after(instant: datetime, months: int) -> datetime:
    """Months are counted in whole days of Baku: what a page prints is the day from which it opens."""
    return clock.start_of(clock.add_months(clock.first_day(instant), months))


def failed_since_pass(attempts: Iterable[Attempt]) -> int:
    """Return how many attempts of one exam were failed since it was last passed. Only what counts is counted."""
    closed = sorted((each for each in attempts if each.counts), key=lambda each: (each.closed_at, each.pk))
    failed = 0
    for attempt in closed:
        failed = 0 if attempt.passed else failed + 1
    return failed


def attempts_used(rules: Mapping[str, Any], attempts: Iterable[Attempt]) -> bool:
    """Return whether the rules allow no further attempt without an assessor's word."""
    allowed: int | None = rules["attempts"]
    return allowed is not None and failed_since_pass(attempts) >= allowed


@dataclass(frozen=True)
class Readiness:
    """`retry_at`: until then nobody begins again; `opens_at`: when families are free again, where too few are now.

    `release`: an assessor's, not used yet. `sets`: what may be drawn now.
    """

    rules: Mapping[str, Any]
    bank: Bank
    met: EarlierCases
    attempts_used: bool
    release: ExamRelease | None
    retry_at: datetime | None
    bars: list[BarredFamily] = field(default_factory=list)

    @property
    def needs_release(self) -> bool:
        return self.attempts_used and self.release is None

    @property
    def uses_release(self) -> bool:
        """Return whether an attempt that begins now begins by the release."""
        return self.release is not None and (self.attempts_used or not self._free)

    @cached_property
    def sets(self) -> list[FamilySet]:
        if self._free or self.release is None or not self.release.allow_repeat:
            return self._free
        return with_repeats(self._pools, self.bank.outcomes, self.rules["outcomes"], self.bars)

    @property
    def too_few_cases(self) -> bool:
        return not self.sets

    @cached_property
    def opens_at(self) -> datetime | None:
        if self.sets:
            return None
        return opening(self._pools, self.bank.outcomes, self.rules["outcomes"], self.bars)

    @property
    def lacks_cases(self) -> bool:
        """Return whether new cases come later than the days between two attempts have passed."""
        return self.opens_at is not None and (self.retry_at is None or self.opens_at > self.retry_at)

    @property
    def begins_at(self) -> datetime | None:
        """From when the next attempt may begin: the days between have passed, and there are new cases."""
        return self.opens_at if self.lacks_cases else self.retry_at

    @property
    def could_repeat(self) -> bool:
        """Return whether a release that allows the family drawn longest ago would open what lacks cases."""
        if self._free:
            return False
        return bool(with_repeats(self._pools, self.bank.outcomes, self.rules["outcomes"], self.bars))

    @cached_property
    def _free(self) -> list[FamilySet]:
        barred = {bar.family for bar in self.bars}
        return possible_sets(self._pools, self.bank.outcomes, self.rules["outcomes"], barred)

    @cached_property
    def _pools(self) -> list[Pool]:
        return [pool.of(self.bank.variants) for pool in pools_of(self.rules)]


def readiness_of(version: BlueprintVersion, person_pk: int) -> Readiness:
    """Return where a person stands before an attempt by this version. Expects its blueprint at hand; five queries."""
    now, rules, blueprint = clock.now(), version.rules, version.blueprint
    taken = Attempt.objects.taken_by(person_pk).filter(blueprint=blueprint, closed_at__isnull=False)
    attempts = list(taken.select_related("blueprint", "blueprint_version").order_by("-closed_at", "-pk"))
    last = next((attempt for attempt in attempts if attempt.counts), None)
    retry_at = last.again_from() if last is not None else None
    met = met_by(person_pk, families_of(rules))
    exam = blueprint.use == Use.EXAM
    return Readiness(
        rules=rules,
        bank=bank_of(rules),
        met=met,
        attempts_used=attempts_used(rules, attempts),
        release=live_release(person_pk, blueprint.pk) if exam else None,
        retry_at=retry_at if retry_at is not None and retry_at > now else None,
        bars=bars_of(met, now) if exam else [],
    )


def live_release(person_pk: int, blueprint_pk: int) -> ExamRelease | None:
    """Return the release that the person's next attempt may use, also one given to a record merged into theirs."""
    live = ExamRelease.objects.live().filter(
        person__in=User.objects.records_of(person_pk), blueprint=blueprint_pk
    )
    return live.order_by("-allow_repeat", "pk").first()


def practice_sets(readiness: Readiness) -> list[FamilySet]:
    """Return what practice draws from: never met, then met longest ago."""
    return least_met(readiness.sets, readiness.met.families)


def extra_percent(person_pk: int) -> int:
    """Return the extra time that the person has, in per cent: the most that any of their records was given."""
    given = ExtraTime.objects.filter(person__in=User.objects.records_of(person_pk), ended_at=None)
    return given.aggregate(most=Max("percent"))["most"] or 0

"""Drawing the cases of an attempt. Pure: chance and history come in from outside.

A draw is a set of families, so many of each pool and of at least so many outcomes. All sets that are allowed are
equally likely, their order is random, and of each family comes one variant: nothing about a case follows from its
place or from the others.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from itertools import combinations, product
from math import comb, prod
from random import Random
from typing import Any

NEVER = datetime.min.replace(tzinfo=UTC)
MOST_SETS = 5000  # of one blueprint: each draw looks at all of them

type FamilySet = tuple[str, ...]


@dataclass(frozen=True)
class Pool:
    """Families, of which each draw takes so many."""

    families: tuple[str, ...]
    take: int

    def of(self, there: Collection[str]) -> "Pool":
        """Return the pool without families that are not there to be drawn."""
        return Pool(tuple(code for code in self.families if code in there), self.take)


def pools_of(rules: Mapping[str, Any]) -> list[Pool]:
    """Return the pools of a blueprint's rules."""
    return [Pool(tuple(pool["from"]), pool["take"]) for pool in rules["draw"]]


def families_of(rules: Mapping[str, Any]) -> list[str]:
    """Return the codes of all families that may come, in the order of the rules."""
    return [family for pool in pools_of(rules) for family in pool.families]


def number_of_combinations(pools: Sequence[Pool]) -> int:
    """Return how many sets there are before outcomes are looked at."""
    return prod(comb(len(pool.families), pool.take) for pool in pools)


def possible_sets(
    pools: Sequence[Pool], outcomes: Mapping[str, str], at_least: int, barred: Collection[str] = ()
) -> list[FamilySet]:
    """Return every set of families that may be drawn, without those that are barred.

    `outcomes`: of each family; a set holds `at_least` so many different ones (0: no rule).
    """
    offered = [
        combinations([code for code in pool.families if code not in barred], pool.take) for pool in pools
    ]
    sets = (tuple(code for chosen in each for code in chosen) for each in product(*offered))
    return [each for each in sets if len({outcomes[code] for code in each}) >= at_least]


def draw(
    sets: Sequence[FamilySet],
    variants: Mapping[str, Sequence[str]],
    last_met: Mapping[str, datetime],
    random: Random,
) -> list[str]:
    """Return codes of scenarios, in random order: any of the sets, and one variant of each of its families.

    `variants`: the scenarios of each family; `last_met`: when the person last met one. A variant that was never met
    comes first, then the one met longest ago.
    """
    families = list(random.choice(sets))
    random.shuffle(families)
    return [_variant(variants[family], last_met, random) for family in families]


def _variant(codes: Sequence[str], last_met: Mapping[str, datetime], random: Random) -> str:
    waiting = sorted(codes)
    random.shuffle(waiting)
    return min(waiting, key=lambda code: last_met.get(code, NEVER))


def least_met(sets: Sequence[FamilySet], last_met: Mapping[str, datetime]) -> list[FamilySet]:
    """Return the sets that practice draws from: with the fewest families met, then met longest ago."""

    def met(families: FamilySet) -> list[datetime]:
        return sorted((last_met.get(family, NEVER) for family in families), reverse=True)

    least = min(map(met, sets), default=[])
    return [families for families in sets if met(families) == least]


# --- when too few are left ---------------------------------------------------------------------------


@dataclass(frozen=True)
class BarredFamily:
    """A family that may not come before an instant, one bar a family.

    `drawn_at`: when it was last drawn; None where its key was seen, which no release lifts.
    """

    family: str
    until: datetime
    drawn_at: datetime | None


def opening(
    pools: Sequence[Pool], outcomes: Mapping[str, str], at_least: int, bars: Sequence[BarredFamily]
) -> datetime | None:
    """Return the instant from which there is a set again, as bars end one by one; None where there never is."""
    for instant in sorted({bar.until for bar in bars}):
        still = {bar.family for bar in bars if bar.until > instant}
        if possible_sets(pools, outcomes, at_least, still):
            return instant
    return None


def with_repeats(
    pools: Sequence[Pool], outcomes: Mapping[str, str], at_least: int, bars: Sequence[BarredFamily]
) -> list[FamilySet]:
    """Return the sets there are once as few drawn families as needed may come again, those drawn longest ago first."""
    barred = {bar.family for bar in bars}
    drawn = {bar.family: bar.drawn_at for bar in bars if bar.drawn_at is not None}
    for family in sorted(drawn, key=lambda family: drawn[family]):
        barred.remove(family)
        if sets := possible_sets(pools, outcomes, at_least, barred):
            return sets
    return []


# --- what is told before publishing ------------------------------------------------------------------


@dataclass(frozen=True)
class Prospect:
    """The number of exams that can be drawn, and the share of them in which each family comes."""

    sets: int
    exams: int  # with their variants told apart
    shares: Mapping[str, Fraction]  # by family, in the order of the pools

    @property
    def percents(self) -> list[tuple[str, int]]:
        """Return the shares as they are told, to whole per cents."""
        return [(family, round(share * 100)) for family, share in self.shares.items()]


def prospect(pools: Sequence[Pool], sets: Sequence[FamilySet], variants: Mapping[str, int]) -> Prospect:
    """`variants`: how many cases each family has."""
    counts = {family: sum(family in families for families in sets) for family in _all(pools)}
    return Prospect(
        sets=len(sets),
        exams=sum(prod(variants.get(family, 0) for family in families) for families in sets),
        shares={family: Fraction(count, max(len(sets), 1)) for family, count in counts.items()},
    )


def _all(pools: Sequence[Pool]) -> Iterator[str]:
    for pool in pools:
        yield from pool.families

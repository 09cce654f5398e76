"""Drawing of cases: sets of families, all equally likely; what is barred; what is told beforehand."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from assessments.drawing import (
    BarredFamily,
    Pool,
    draw,
    families_of,
    least_met,
    number_of_combinations,
    opening,
    pools_of,
    possible_sets,
    prospect,
    with_repeats,
)

SIX = ("LA1", "LA2", "LA3", "LA4", "LA6", "LA7")
OUTCOMES = {
    "LA1": "positive", "LA2": "negative", "LA3": "positive", "LA4": "open", "LA6": "open", "LA7": "negative",
}  # fmt: skip
POOL = [Pool(SIX, 3)]
START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
VARIANTS = {family: [f"{family}-a", f"{family}-b"] for family in SIX}


def bar(family: str, days: int, drawn: int | None = 0) -> BarredFamily:
    return BarredFamily(
        family, START + days * DAY, None if drawn is None else START - 1000 * DAY + drawn * DAY
    )


# --- which sets there are ----------------------------------------------------------------------------


def test_three_of_six_are_twenty_sets_and_each_has_two_outcomes() -> None:
    sets = possible_sets(POOL, OUTCOMES, 2)
    assert len(sets) == len(set(sets)) == number_of_combinations(POOL) == 20
    assert all(len({OUTCOMES[family] for family in each}) >= 2 for each in sets)


def test_sets_with_too_few_outcomes_are_left_out() -> None:
    alike = [Pool(("LA1", "LA3", "LA2"), 2)]
    assert possible_sets(alike, OUTCOMES, 2) == [("LA1", "LA2"), ("LA3", "LA2")]
    assert len(possible_sets(alike, OUTCOMES, 0)) == 3
    assert possible_sets(POOL, OUTCOMES, 4) == []


def test_each_pool_gives_its_number() -> None:
    pools = [Pool(("LA1", "LA3"), 1), Pool(("LA2", "LA7", "LA4"), 2)]
    sets = possible_sets(pools, OUTCOMES, 0)
    assert len(sets) == number_of_combinations(pools) == 6
    assert all(each[0] in pools[0].families and set(each[1:]) < set(pools[1].families) for each in sets)


def test_barred_families_do_not_come_and_what_is_left_is_enough_or_nothing() -> None:
    assert possible_sets(POOL, OUTCOMES, 2, {"LA1", "LA3", "LA4"}) == [("LA2", "LA6", "LA7")]
    assert possible_sets(POOL, OUTCOMES, 2, {"LA1", "LA2", "LA3", "LA4"}) == []


def test_a_second_attempt_is_possible_after_every_first_one() -> None:
    assert all(possible_sets(POOL, OUTCOMES, 2, first) for first in possible_sets(POOL, OUTCOMES, 2))


def test_rules_name_pools() -> None:
    rules = {"draw": [{"from": ["LA1", "LA2"], "take": 1}, {"from": ["LA3"], "take": 1}]}
    assert pools_of(rules) == [Pool(("LA1", "LA2"), 1), Pool(("LA3",), 1)]
    assert families_of(rules) == ["LA1", "LA2", "LA3"]


# --- one draw ----------------------------------------------------------------------------------------


def test_every_set_comes_as_often_as_every_other_and_every_place_holds_every_family() -> None:
    sets, random = possible_sets(POOL, OUTCOMES, 2), Random(1)
    drawn = [tuple(code[:3] for code in draw(sets, VARIANTS, {}, random)) for _number in range(20_000)]
    of_sets = Counter(tuple(sorted(each)) for each in drawn)
    assert len(of_sets) == 20
    assert all(850 < count < 1150 for count in of_sets.values())
    for place in range(3):
        of_place = Counter(each[place] for each in drawn)
        assert all(3050 < of_place[family] < 3620 for family in SIX)


def test_nothing_follows_from_place_or_from_the_cases_before() -> None:
    """The verdict of the last case is as open after any two others as the rules let it be."""
    sets, random = possible_sets(POOL, OUTCOMES, 2), Random(2)
    after: dict[tuple[str, str], Counter[str]] = {}
    for _number in range(20_000):
        first, second, third = (OUTCOMES[code[:3]] for code in draw(sets, VARIANTS, {}, random))
        after.setdefault((first, second), Counter())[third] += 1
    assert len(after) == 9
    assert all(max(counts.values()) / sum(counts.values()) < 0.55 for counts in after.values())


def test_of_a_family_comes_the_variant_not_met_else_the_one_met_longest_ago() -> None:
    one = [("LA1",)]
    for seed in range(20):
        assert draw(one, VARIANTS, {"LA1-a": START}, Random(seed)) == ["LA1-b"]
        met = {"LA1-a": START, "LA1-b": START + DAY}
        assert draw(one, VARIANTS, met, Random(seed)) == ["LA1-a"]
    assert {draw(one, VARIANTS, {}, Random(seed))[0] for seed in range(20)} == {"LA1-a", "LA1-b"}


@given(
    st.integers(), st.dictionaries(st.sampled_from([f"{f}-{v}" for f in SIX for v in "ab"]), st.datetimes())
)
def test_same_chance_draws_the_same_and_no_family_twice(seed: int, met: dict[str, datetime]) -> None:
    sets = possible_sets(POOL, OUTCOMES, 2)
    last = {code: at.replace(tzinfo=UTC) for code, at in met.items()}
    drawn = draw(sets, VARIANTS, last, Random(seed))
    assert drawn == draw(sets, VARIANTS, last, Random(seed))
    assert tuple(sorted(code[:3] for code in drawn)) in sets


# --- when too few are left ---------------------------------------------------------------------------


def test_exam_opens_on_the_first_day_on_which_a_set_is_whole_again() -> None:
    bars = [bar("LA1", 10), bar("LA2", 20), bar("LA3", 5), bar("LA4", 30)]
    assert opening(POOL, OUTCOMES, 2, bars) == START + 5 * DAY


def test_outcomes_count_too_for_the_day_on_which_it_opens() -> None:
    pool = [Pool(("LA1", "LA3", "LA2"), 2)]
    bars = [bar("LA1", 10), bar("LA2", 20), bar("LA3", 5)]
    assert opening(pool, OUTCOMES, 2, bars) == START + 20 * DAY


def test_exam_that_has_too_few_families_at_all_never_opens() -> None:
    assert opening([Pool(("LA1", "LA2"), 3)], OUTCOMES, 0, [bar("LA1", 5)]) is None
    assert opening(POOL, OUTCOMES, 4, [bar("LA1", 5)]) is None


def test_repeat_lets_the_family_drawn_longest_ago_come_and_no_more_than_are_needed() -> None:
    bars = [bar("LA1", 10, 3), bar("LA2", 20, 1), bar("LA3", 30, 2), bar("LA4", 40, 4)]
    assert with_repeats(POOL, OUTCOMES, 2, bars) == [("LA2", "LA6", "LA7")]


def test_repeat_of_everything_when_everything_was_drawn() -> None:
    bars = [bar(family, 10 + number, number) for number, family in enumerate(SIX)]
    assert with_repeats(POOL, OUTCOMES, 2, bars) == [("LA1", "LA2", "LA3")]


def test_no_release_lets_a_family_come_whose_key_was_seen() -> None:
    seen = [bar(family, 10, None) for family in ("LA1", "LA2", "LA3", "LA4")]
    assert with_repeats(POOL, OUTCOMES, 2, seen) == []
    assert with_repeats(POOL, OUTCOMES, 2, [*seen, bar("LA6", 10, 1)]) == []
    only = [bar("LA1", 10, None), bar("LA2", 10, 1), bar("LA3", 10, 2), bar("LA4", 10, 3)]
    assert with_repeats(POOL, OUTCOMES, 2, only) == [("LA2", "LA6", "LA7")]


# --- practice ----------------------------------------------------------------------------------------


def test_practice_gives_what_was_never_met_then_what_was_met_longest_ago() -> None:
    sets = [("P1",), ("P2",), ("P3",)]
    assert least_met(sets, {"P1": START}) == [("P2",), ("P3",)]
    met = {"P1": START + DAY, "P2": START, "P3": START + 2 * DAY}
    assert least_met(sets, met) == [("P2",)]
    assert least_met(sets, {}) == sets


# --- what is told ------------------------------------------------------------------------------------


def test_prospect_counts_sets_variants_and_how_often_each_family_comes() -> None:
    found = prospect(POOL, possible_sets(POOL, OUTCOMES, 2), dict.fromkeys(SIX, 2))
    assert (found.sets, found.exams) == (20, 160)
    assert found.shares == dict.fromkeys(SIX, Fraction(1, 2))
    assert found.percents == [(family, 50) for family in SIX]


def test_prospect_of_unequal_shares() -> None:
    pool = [Pool(("LA1", "LA3", "LA2"), 2)]
    found = prospect(pool, possible_sets(pool, OUTCOMES, 2), {"LA1": 1, "LA3": 3, "LA2": 2})
    assert (found.sets, found.exams) == (2, 8)
    assert found.percents == [("LA1", 50), ("LA3", 50), ("LA2", 100)]


def test_prospect_of_nothing() -> None:
    found = prospect(POOL, [], {})
    assert (found.sets, found.exams, set(found.shares.values())) == (0, 0, {Fraction(0)})

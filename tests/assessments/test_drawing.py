"""Drawing of cases: never the same twice while there is another."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.drawing import FamilyDraw, NothingToDraw, draw

FAMILIES = {"LA1": ["LA1-a", "LA1-b"], "LA2": ["LA2-a", "LA2-b"], "LA3": ["LA3-a"]}
START = datetime(2026, 1, 1, tzinfo=UTC)


def test_one_of_each_family_in_the_order_of_the_rules() -> None:
    drawn = draw([FamilyDraw("LA2", 1), FamilyDraw("LA1", 1)], FAMILIES, {}, Random(1))
    assert [code[:3] for code in drawn] == ["LA2", "LA1"]


def test_retake_draws_the_other_variant() -> None:
    for seed in range(20):
        assert draw([FamilyDraw("LA1", 1)], FAMILIES, {"LA1-a": START}, Random(seed)) == ["LA1-b"]


def test_third_time_draws_what_was_met_longest_ago() -> None:
    last_seen = {"LA1-a": START, "LA1-b": START + timedelta(days=1)}
    for seed in range(20):
        assert draw([FamilyDraw("LA1", 1)], FAMILIES, last_seen, Random(seed)) == ["LA1-a"]


def test_only_variant_is_drawn_again() -> None:
    assert draw([FamilyDraw("LA3", 1)], FAMILIES, {"LA3-a": START}, Random(1)) == ["LA3-a"]


def test_both_variants_are_drawn_by_chance_first() -> None:
    assert {draw([FamilyDraw("LA1", 1)], FAMILIES, {}, Random(seed))[0] for seed in range(20)} == {
        "LA1-a",
        "LA1-b",
    }


def test_family_with_too_few_cases_is_named() -> None:
    with pytest.raises(NothingToDraw, match="LA3"):
        draw([FamilyDraw("LA3", 2)], FAMILIES, {}, Random(1))
    with pytest.raises(NothingToDraw, match="LA9"):
        draw([FamilyDraw("LA9", 1)], FAMILIES, {}, Random(1))


@given(st.integers(), st.integers(1, 2), st.dictionaries(st.sampled_from(["LA1-a", "LA1-b"]), st.datetimes()))
def test_same_chance_draws_the_same_and_nothing_twice(
    seed: int, take: int, last_seen: dict[str, datetime]
) -> None:
    rules = [FamilyDraw("LA1", take), FamilyDraw("LA2", 1)]
    drawn = draw(rules, FAMILIES, last_seen, Random(seed))
    assert drawn == draw(rules, FAMILIES, last_seen, Random(seed))
    assert len(set(drawn)) == take + 1

"""Passing: of all points, of each part, of a part in each case, and without harm."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.marking import QuestionMark
from assessments.passing import Floor, PassVerdict, verdict_of
from assessments.questions import PARTS, Part

RULES: dict[str, Any] = {
    "pass_percent": 70,
    "minimum_percent": {"seeing": 60, "judging": 60, "acting": 80},
    "minimum_percent_in_each_case": {"judging": 50},
    "critical_error_fails": True,
}


def mark(part: Part, points: str, of: str = "10", errors: tuple[str, ...] = ()) -> QuestionMark:
    return QuestionMark("q", part, Decimal(points), Decimal(of), errors, {})


def case(seeing: str, judging: str, acting: str, errors: tuple[str, ...] = ()) -> list[QuestionMark]:
    return [mark("seeing", seeing), mark("judging", judging), mark("acting", acting, errors=errors)]


def below(verdict: PassVerdict) -> list[tuple[str | None, int | None]]:
    return [(floor.part, floor.case) for floor in verdict.below]


def test_exactly_what_is_asked_for_passes() -> None:
    verdict = verdict_of([case("7", "7", "10"), case("6", "6", "8")], {**RULES, "pass_percent": 73})
    assert (verdict.passed, below(verdict)) == (True, [])
    assert verdict.floors[0] == Floor(None, None, 73, Decimal(44), Decimal(60))


def test_a_hundredth_less_does_not() -> None:
    verdict = verdict_of([case("10", "10", "10"), case("10", "10", "5.99")], RULES)
    assert (verdict.passed, below(verdict)) == (False, [("acting", None)])


@pytest.mark.parametrize(
    ("cases", "expected"),
    [
        ([case("5", "10", "10"), case("5", "10", "10")], [("seeing", None)]),
        ([case("10", "5", "10"), case("10", "6", "10")], [("judging", None)]),
        ([case("10", "10", "7"), case("10", "10", "8")], [("acting", None)]),
        ([case("10", "10", "10"), case("10", "4", "10")], [("judging", 2)]),
        ([case("0", "0", "0")], [(None, None), ("seeing", None), ("judging", None), ("acting", None), ("judging", 1)]),
    ],
)  # fmt: skip
def test_each_floor_that_was_not_reached_is_named(
    cases: list[list[QuestionMark]], expected: list[tuple[str | None, int | None]]
) -> None:
    assert below(verdict_of(cases, RULES)) == expected


def test_points_of_one_part_do_not_stand_in_for_another() -> None:
    """Sees and judges everything, does nothing: the points are there, the officer is not."""
    cases = [[mark("seeing", "20", "20"), mark("judging", "6", "6"), mark("acting", "0", "4")]] * 3
    assert verdict_of(cases, {**RULES, "minimum_percent": {}}).passed
    assert not verdict_of(cases, RULES).passed


def test_critical_error_fails_whatever_the_points() -> None:
    cases = [
        case("10", "10", "10"),
        case("10", "10", "10", errors=("ERR-DELAY",)),
        case("10", "10", "10", ("ERR-DELAY",)),
    ]
    verdict = verdict_of(cases, RULES)
    assert (verdict.passed, below(verdict), verdict.critical_errors) == (False, [], ("ERR-DELAY",))
    assert verdict_of(cases, {**RULES, "critical_error_fails": False}).passed


def test_part_that_a_case_does_not_ask_for_is_no_floor() -> None:
    assert verdict_of([[mark("seeing", "10"), mark("acting", "10")]], RULES).passed


some_case = st.lists(
    st.builds(lambda part, points: mark(part, str(points)), st.sampled_from(PARTS), st.integers(0, 10)),
    min_size=1,
    max_size=6,
)


@given(st.lists(some_case, min_size=1, max_size=3))
def test_verdict_is_what_its_floors_say(cases: list[list[QuestionMark]]) -> None:
    verdict = verdict_of(cases, RULES)
    marks = [each for one in cases for each in one]
    for floor in verdict.floors:
        counted = [
            each
            for each in (marks if floor.case is None else cases[floor.case - 1])
            if floor.part in {None, each.part}
        ]
        assert floor.points == sum(each.points for each in counted)
        assert floor.reached == (floor.points * 100 >= floor.points_max * floor.percent)
    assert verdict.passed == all(floor.reached for floor in verdict.floors)


@given(st.lists(some_case, min_size=1, max_size=3), st.data())
def test_one_more_point_never_fails(cases: list[list[QuestionMark]], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(cases) - 1))
    number = data.draw(st.integers(0, len(cases[place]) - 1))
    better = [list(one) for one in cases]
    was = better[place][number]
    better[place][number] = mark(was.part, str(min(was.points + 1, was.points_max)))
    assert verdict_of(better, RULES).passed >= verdict_of(cases, RULES).passed

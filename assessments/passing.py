"""Passing: marks of an attempt's cases against the rules of its blueprint. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from .questions import PARTS, Part


class Marked(Protocol):
    """A mark as it was made, or as it is kept."""

    @property
    def part(self) -> str: ...
    @property
    def points(self) -> Decimal: ...
    @property
    def points_max(self) -> Decimal: ...
    @property
    def critical_errors(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class Floor:
    """A share of points that the rules ask for. `part` None: of all parts; `case` None: of all cases together."""

    part: Part | None
    case: int | None  # its place in the attempt, from 1
    percent: int
    points: Decimal
    points_max: Decimal

    @property
    def share(self) -> int:
        """The points in whole per cent of the possible ones."""
        return whole_percent(self.points, self.points_max)

    @property
    def reached(self) -> bool:
        """Without a possible point there is nothing to reach."""
        return self.points * 100 >= self.points_max * self.percent


@dataclass(frozen=True)
class PassVerdict:
    """`floors`: of all points, of each part, and of parts in each case, reached or not; a part of which the rules ask
    nothing by itself has 0 per cent. `critical_errors`: codes, each once.
    """

    floors: tuple[Floor, ...]
    critical_errors: tuple[str, ...]
    critical_error_fails: bool

    @property
    def below(self) -> tuple[Floor, ...]:
        return tuple(floor for floor in self.floors if not floor.reached)

    @property
    def passed(self) -> bool:
        return not self.below and not (self.critical_error_fails and self.critical_errors)


def verdict_of(cases: Sequence[Sequence[Marked]], rules: Mapping[str, Any]) -> PassVerdict:
    """The verdict over marks by case, in the order of the attempt.

    Of `rules` it reads pass_percent, minimum_percent and minimum_percent_in_each_case ({part: percent}),
    critical_error_fails.
    """
    marks = [mark for case in cases for mark in case]
    floors = [_floor(marks, None, None, rules["pass_percent"])]
    minimum = rules.get("minimum_percent") or {}
    floors += [_floor(marks, part, None, minimum.get(part, 0)) for part in PARTS]
    for part, percent in (rules.get("minimum_percent_in_each_case") or {}).items():
        floors += [_floor(case, part, number, percent) for number, case in enumerate(cases, start=1)]
    return PassVerdict(
        floors=tuple(floors),
        critical_errors=tuple(dict.fromkeys(code for mark in marks for code in mark.critical_errors)),
        critical_error_fails=rules["critical_error_fails"],
    )


def whole_percent(points: Decimal, points_max: Decimal) -> int:
    """Rounded down: 69 never stands where 70 is asked for. 0 where nothing could be reached."""
    return int(points * 100 // points_max) if points_max else 0


def _floor(marks: Iterable[Marked], part: Part | None, case: int | None, percent: int) -> Floor:
    counting = [mark for mark in marks if part in {None, mark.part}]
    return Floor(
        part=part,
        case=case,
        percent=percent,
        points=sum((mark.points for mark in counting), Decimal(0)),
        points_max=sum((mark.points_max for mark in counting), Decimal(0)),
    )

"""Marks: a frozen case and answers in, marks out. Pure, exact, no database.

  indicators  points × max(0, found − wrongly seen) / number right; where none is right, all points
              for "none of these"
  elements    a third of the points each
  verdict     all or nothing
  actions     an equal part of the points each
Not answered is 0. A critical error is made by choosing the wrong side of an option that carries it,
never by not answering. Points are rounded to hundredths, a half up, once per question and competence.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import assert_never

from .answers import Value
from .content import (
    ActionsQuestion,
    Content,
    ElementsQuestion,
    IndicatorsQuestion,
    Question,
    VerdictQuestion,
    options_of,
)

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Share:
    """Points of one competence, and how many of them were reached."""

    points: Decimal
    points_max: Decimal


@dataclass(frozen=True)
class QuestionMark:
    question_code: str
    points: Decimal
    points_max: Decimal
    critical_errors: tuple[str, ...]  # codes, in the order of the options
    competences: Mapping[str, Share]  # by code


@dataclass(frozen=True)
class _Piece:
    """A part of a question: which competences it shows, its weight, and what of it was earned."""

    competences: Sequence[str]
    weight: Fraction
    earned: Fraction


def mark_case(content: Content, answers: Mapping[str, Value]) -> list[QuestionMark]:
    """One mark for each question of the case; `answers` by question code."""
    return [mark_question(question, answers.get(question.code)) for question in content.questions()]


def mark_question(question: Question, value: Value) -> QuestionMark:
    pieces = list(_pieces(question, value))
    earned: defaultdict[str, Fraction] = defaultdict(Fraction)
    possible: defaultdict[str, Fraction] = defaultdict(Fraction)
    for piece in pieces:
        for code in piece.competences:
            earned[code] += question.points * piece.earned / len(piece.competences)
            possible[code] += question.points * piece.weight / len(piece.competences)
    return QuestionMark(
        question_code=question.code,
        points=_decimal(question.points * sum((piece.earned for piece in pieces), Fraction())),
        points_max=_decimal(Fraction(question.points)),
        critical_errors=tuple(_critical_errors(question, value)),
        competences={code: Share(_decimal(earned[code]), _decimal(possible[code])) for code in possible},
    )


def passes(marks: Iterable[QuestionMark], *, pass_percent: int, critical_error_fails: bool) -> bool:
    """Return whether all marks together reach the percentage asked for, and no critical error fails the attempt."""
    marks = list(marks)
    points, points_max = totals(marks)
    if critical_error_fails and any(mark.critical_errors for mark in marks):
        return False
    return points * 100 >= points_max * pass_percent


def totals(marks: Iterable[QuestionMark]) -> tuple[Decimal, Decimal]:
    """Points and possible points of all marks together."""
    points, points_max = Decimal(0), Decimal(0)
    for mark in marks:
        points += mark.points
        points_max += mark.points_max
    return points, points_max


def _decimal(value: Fraction) -> Decimal:
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(CENT, ROUND_HALF_UP)


def _pieces(question: Question, value: Value) -> Iterable[_Piece]:
    """The parts of a question; their weights sum up to 1."""
    match question:
        case IndicatorsQuestion():
            return _indicator_pieces(question, value)
        case VerdictQuestion():
            right = next(option for option in question.options if option.right)
            return [_piece(question, right.competence, 1, value == right.code)]
        case ElementsQuestion():
            given = value if isinstance(value, dict) else {}
            return [
                _piece(question, None, len(question.elements), given.get(element.code) == element.right)
                for element in question.elements
            ]
        case ActionsQuestion():
            given = value if isinstance(value, dict) else {}
            return [
                _piece(
                    question, option.competence, len(question.options), given.get(option.code) == option.right
                )
                for option in question.options
            ]
        case _:
            assert_never(question)


def _piece(question: Question, competence: str | None, parts: int, right: bool) -> _Piece:
    weight = Fraction(1, parts)
    return _Piece(
        [competence] if competence else question.competences, weight, weight if right else Fraction()
    )


def _indicator_pieces(question: IndicatorsQuestion, value: Value) -> list[_Piece]:
    """Mark facts seen: what was seen wrongly takes away from everything found, in equal parts."""
    right = [option for option in question.options if option.right]
    if not right:
        return [_piece(question, None, 1, value == [])]
    chosen = set(value) if isinstance(value, list) else set()
    found = sum(option.code in chosen for option in right)
    wrong = sum(option.code in chosen for option in question.options if not option.right)
    weight = Fraction(1, len(right))
    kept = weight * max(0, found - wrong) / found if found else Fraction()  # of each one found
    return [
        _Piece(
            [option.competence] if option.competence else question.competences,
            weight,
            kept if option.code in chosen else Fraction(),
        )
        for option in right
    ]


def _critical_errors(question: Question, value: Value) -> Iterable[str]:
    wrong = _wrongly_chosen(question, value)
    return dict.fromkeys(
        option.critical for option in options_of(question) if option.critical and option.code in wrong
    )


def _wrongly_chosen(question: Question, value: Value) -> set[str]:
    """Return the codes of options that were chosen, and wrong."""
    match question:
        case ElementsQuestion():
            return set()
        case ActionsQuestion():
            given = value if isinstance(value, dict) else {}
            options = {option.code: option.right for option in question.options}
            return {code for code, side in given.items() if code in options and side != options[code]}
        case IndicatorsQuestion() | VerdictQuestion():
            chosen = value if isinstance(value, list) else [value]
            return {option.code for option in question.options if not option.right and option.code in chosen}
        case _:
            assert_never(question)


def best_answers(content: Content) -> dict[str, Value]:
    """The answer key as answers: they earn every point. For tests and for seeding."""
    return {question.code: _best(question) for question in content.questions()}


def _best(question: Question) -> Value:
    match question:
        case IndicatorsQuestion():
            return sorted(option.code for option in question.options if option.right)
        case VerdictQuestion():
            return next(option.code for option in question.options if option.right)
        case ElementsQuestion():
            return {element.code: element.right for element in question.elements}
        case ActionsQuestion():
            return {option.code: option.right for option in question.options}
        case _:
            assert_never(question)

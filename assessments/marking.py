"""Marks: a frozen case and answers in, marks out. Pure, exact, no database.

  indicators  points × max(0, found − wrongly seen) / number right; where none is right, all points
              for "none of these"
  elements    a third of the points each
  verdict, choice, branch  all or nothing
  actions, match           an equal part of the points each
  order       points × max(0, 2 × pairs in the right order / pairs − 1)
Not answered is 0. A critical error is made by the wrong choice or by doing what carries it; where the
right side is *do*, also by leaving it undone. Only the stages on the path of the answers are marked.
Points are rounded to hundredths, a half up, once per question and competence.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations
from typing import assert_never

from .answers import Value, places_of
from .content import Content
from .questions import (
    NONE,
    ActionsQuestion,
    BranchQuestion,
    ChoiceQuestion,
    ElementsQuestion,
    IndicatorsQuestion,
    MatchQuestion,
    OrderQuestion,
    Part,
    Question,
    VerdictQuestion,
    harmful_options,
    part_of,
)
from .stage_paths import stages_on_path

FORMULAS = 1  # version of what is computed here; grows when the same answers would get other marks
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Share:
    """Points of one competence, and how many of them were reached."""

    points: Decimal
    points_max: Decimal


@dataclass(frozen=True)
class QuestionMark:
    """The worth of one answer. `found`, `missed`, `wrong` are codes of indicators, each once."""

    question_code: str
    part: Part
    points: Decimal
    points_max: Decimal
    critical_errors: tuple[str, ...]  # codes, in the order of the options
    competences: Mapping[str, Share]  # by code
    found: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()  # seen where there was none


@dataclass(frozen=True)
class _Piece:
    """A part of a question: which competences it shows, its weight, and what of it was earned."""

    competences: Sequence[str]
    weight: Fraction
    earned: Fraction


def mark_case(content: Content, answers: Mapping[str, Value]) -> list[QuestionMark]:
    """One mark for each question on the path of these answers; `answers` by question code."""
    return [
        mark_question(question, answers.get(question.code))
        for stage in stages_on_path(content, answers)
        for question in stage.questions
    ]


def mark_question(question: Question, value: Value) -> QuestionMark:
    pieces = list(_pieces(question, value))
    earned: defaultdict[str, Fraction] = defaultdict(Fraction)
    possible: defaultdict[str, Fraction] = defaultdict(Fraction)
    for piece in pieces:
        for code in piece.competences:
            earned[code] += question.points * piece.earned / len(piece.competences)
            possible[code] += question.points * piece.weight / len(piece.competences)
    found, missed, wrong = _indicators_seen(question, value)
    return QuestionMark(
        question_code=question.code,
        part=part_of(question),
        points=_decimal(question.points * sum((piece.earned for piece in pieces), Fraction())),
        points_max=_decimal(Fraction(question.points)),
        critical_errors=tuple(_critical_errors(question, value)),
        competences={code: Share(_decimal(earned[code]), _decimal(possible[code])) for code in possible},
        found=tuple(dict.fromkeys(found)),
        missed=tuple(dict.fromkeys(missed)),
        wrong=tuple(dict.fromkeys(wrong)),
    )


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
    given = value if isinstance(value, dict) else {}
    match question:
        case IndicatorsQuestion():
            return _indicator_pieces(question, value)
        case VerdictQuestion() | ChoiceQuestion() | BranchQuestion():
            right = next(option for option in question.options if option.right)
            return [_piece(question, right.competence, 1, value == right.code)]
        case ElementsQuestion():
            return [
                _piece(question, None, len(question.elements), given.get(element.code) == element.right)
                for element in question.elements
            ]
        case ActionsQuestion():
            parts = len(question.options)
            return [
                _piece(question, o.competence, parts, given.get(o.code) == o.right) for o in question.options
            ]
        case MatchQuestion():
            parts = len(question.statements)
            return [
                _piece(question, s.competence, parts, given.get(s.code) == s.right)
                for s in question.statements
            ]
        case OrderQuestion():
            return [_Piece(question.competences, Fraction(1), _in_order(question, value))]
        case _:
            assert_never(question)


def _in_order(question: OrderQuestion, value: Value) -> Fraction:
    """The share of pairs in order, less what guessing earns: half of them stand right by chance."""
    places = places_of(question, value)
    pairs = list(combinations([places.get(item.code) for item in question.items], 2))
    right = sum(first is not None and then is not None and first < then for first, then in pairs)
    return max(Fraction(), Fraction(2 * right, len(pairs)) - 1)


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
    given = value if isinstance(value, dict) else {}
    if isinstance(question, ActionsQuestion):
        harmful = {
            option.code
            for option in question.options
            if (given.get(option.code) == "do") != (option.right == "do")
        }
    else:
        harmful = {
            option.code for option in harmful_options(question) if option.code == value and not option.right
        }
    return dict.fromkeys(
        option.critical for option in harmful_options(question) if option.critical and option.code in harmful
    )


def _indicators_seen(question: Question, value: Value) -> tuple[list[str], list[str], list[str]]:
    """Codes of indicators found, missed, and seen where there was none."""
    match question:
        case IndicatorsQuestion():
            return _indicators_chosen(question, value if isinstance(value, list) else [])
        case MatchQuestion():
            return _indicators_matched(question, value if isinstance(value, dict) else {})
        case _:
            return [], [], []


def _indicators_chosen(
    question: IndicatorsQuestion, chosen: Collection[str]
) -> tuple[list[str], list[str], list[str]]:
    named = [(each, each.indicator) for each in question.options if each.indicator is not None]
    found = [indicator for option, indicator in named if option.right and option.code in chosen]
    missed = [indicator for option, indicator in named if option.right and option.code not in chosen]
    wrong = [indicator for option, indicator in named if not option.right and option.code in chosen]
    return found, missed, wrong


def _indicators_matched(
    question: MatchQuestion, given: Mapping[str, str]
) -> tuple[list[str], list[str], list[str]]:
    answered = [(given.get(each.code, NONE), each.right) for each in question.statements]
    found = [right for said, right in answered if said == right != NONE]
    missed = [right for said, right in answered if said != right != NONE]
    wrong = [said for said, right in answered if said in question.indicators and said not in {NONE, right}]
    return found, missed, wrong


def best_answers(content: Content) -> dict[str, Value]:
    """The answer key as answers: they earn every point. For tests and for seeding."""
    return {question.code: best_answer(question) for question in content.questions()}


def best_answer(question: Question) -> Value:
    match question:
        case IndicatorsQuestion():
            return sorted(option.code for option in question.options if option.right)
        case VerdictQuestion() | ChoiceQuestion() | BranchQuestion():
            return next(option.code for option in question.options if option.right)
        case ElementsQuestion():
            return {element.code: element.right for element in question.elements}
        case ActionsQuestion():
            return {option.code: option.right for option in question.options}
        case MatchQuestion():
            return {statement.code: statement.right for statement in question.statements}
        case OrderQuestion():
            return {item.code: str(place) for place, item in enumerate(question.items, start=1)}
        case _:
            assert_never(question)

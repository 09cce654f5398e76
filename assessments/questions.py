"""Questions of eight kinds, each with its key. Cases ask them for marks, lessons as checks.

A kind is one class here, in `Question`; mypy then names each `match` that misses it.
"""

from collections.abc import Sequence
from typing import Literal, assert_never, get_args

from pydantic import Field, StrictBool

from .content_parts import Code, ContentPart, TranslatedText

type ElementCode = Literal["act", "means", "purpose"]
type ElementState = Literal["present", "absent", "not-needed", "unknown"]
type Side = Literal["do", "do-not"]
type Part = Literal["seeing", "judging", "acting"]
type StandsFor = Literal[
    "trafficking", "presumed", "potential", "exploited", "too-early",
    "labour-breach", "smuggling", "violence", "fraud", "none",
]  # fmt: skip

ELEMENTS: tuple[ElementCode, ...] = ("act", "means", "purpose")
ELEMENT_STATES: tuple[ElementState, ...] = ("present", "absent", "not-needed", "unknown")
PARTS: tuple[Part, ...] = ("seeing", "judging", "acting")
NONE = "none"  # of a statement: it shows no indicator
END = "end"  # in the place of a stage: the case ends


class _Child(ContentPart):
    code: Code
    text: TranslatedText
    reason: TranslatedText


class _Option(_Child):
    competence: Code | None = None


class IndicatorOption(_Option):
    right: StrictBool
    indicator: Code | None = None


class VerdictOption(_Option):
    right: StrictBool
    stands_for: StandsFor
    critical: Code | None = None  # choosing it is this critical error


class ActionOption(_Option):
    right: Side
    critical: Code | None = None  # doing it, or (right: do) leaving it undone, is this critical error


class ChoiceOption(_Option):
    right: StrictBool
    critical: Code | None = None


class BranchOption(ChoiceOption):
    leads_to: Code  # a stage, or END


class Statement(_Option):
    right: Code  # an indicator, or NONE


class OrderItem(_Child):
    """A step; the right order is that of the file."""


class Element(ContentPart):
    code: ElementCode
    right: ElementState
    reason: TranslatedText


class _Question(ContentPart):
    code: Code
    prompt: TranslatedText
    competences: tuple[Code, ...]  # one at least in a case (checking.py); a check of a lesson shows none
    points: int = Field(strict=True, ge=1, le=100)
    part: Part | None = None  # where it is not the part of the kind: `part_of`


class IndicatorsQuestion(_Question):
    """A question about facts: any number of them are marked as indicators, or none.

    With `exhibit` each option is a passage of that exhibit, and is marked there.
    """

    kind: Literal["indicators"]
    exhibit: Code | None = None
    options: tuple[IndicatorOption, ...] = Field(min_length=2)


class ElementsQuestion(_Question):
    """Act, means, purpose: each present, absent, not needed, or not known yet."""

    kind: Literal["elements"]
    elements: tuple[Element, ...] = Field(min_length=3, max_length=3)


class VerdictQuestion(_Question):
    """One of these is right."""

    kind: Literal["verdict"]
    options: tuple[VerdictOption, ...] = Field(min_length=2)


class ActionsQuestion(_Question):
    """For each of these: do it, or do not."""

    kind: Literal["actions"]
    options: tuple[ActionOption, ...] = Field(min_length=1)


class ChoiceQuestion(_Question):
    """One of these is right."""

    kind: Literal["choice"]
    options: tuple[ChoiceOption, ...] = Field(min_length=2)


class BranchQuestion(_Question):
    """A decision: one is right, and each leads on to a stage."""

    kind: Literal["branch"]
    options: tuple[BranchOption, ...] = Field(min_length=2)


class MatchQuestion(_Question):
    """For each statement: the indicator that it shows, of those offered, or none."""

    kind: Literal["match"]
    indicators: tuple[Code, ...] = Field(min_length=2)
    statements: tuple[Statement, ...] = Field(min_length=2)


class OrderQuestion(_Question):
    """Steps to be put in order."""

    kind: Literal["order"]
    items: tuple[OrderItem, ...] = Field(min_length=3)


type SingleChoice = VerdictQuestion | ChoiceQuestion | BranchQuestion
type Question = (
    IndicatorsQuestion
    | ElementsQuestion
    | VerdictQuestion
    | ActionsQuestion
    | ChoiceQuestion
    | BranchQuestion
    | MatchQuestion
    | OrderQuestion
)
type Kind = Literal["indicators", "elements", "verdict", "actions", "choice", "branch", "match", "order"]
type Option = IndicatorOption | VerdictOption | ActionOption | ChoiceOption
type Harmful = VerdictOption | ActionOption | ChoiceOption  # may be a critical error
type Child = Option | Statement | OrderItem

QUESTIONS: tuple[type[ContentPart], ...] = get_args(Question.__value__)  # every kind


def children_of(question: Question) -> Sequence[Child]:
    """Options, statements or items, in the order of the file; none of elements, whose codes are fixed."""
    match question:
        case (
            IndicatorsQuestion() | VerdictQuestion() | ActionsQuestion() | ChoiceQuestion() | BranchQuestion()
        ):
            return question.options
        case MatchQuestion():
            return question.statements
        case OrderQuestion():
            return question.items
        case ElementsQuestion():
            return ()
        case _:
            assert_never(question)


def list_of(question: Question) -> str:
    """The name under which a file holds the children."""
    match question:
        case MatchQuestion():
            return "statements"
        case OrderQuestion():
            return "items"
        case ElementsQuestion():
            return "elements"
        case (
            IndicatorsQuestion() | VerdictQuestion() | ActionsQuestion() | ChoiceQuestion() | BranchQuestion()
        ):
            return "options"
        case _:
            assert_never(question)


def harmful_options(question: Question) -> Sequence[Harmful]:
    """Options of the kinds in which a critical error may stand, with or without one."""
    match question:
        case VerdictQuestion() | ActionsQuestion() | ChoiceQuestion() | BranchQuestion():
            return question.options
        case IndicatorsQuestion() | ElementsQuestion() | MatchQuestion() | OrderQuestion():
            return ()
        case _:
            assert_never(question)


def critical_lines(question: Question) -> int:
    """Count the answers that may be a critical error: each such action, or a whole question of one choice."""
    critical = sum(option.critical is not None for option in harmful_options(question))
    return critical if isinstance(question, ActionsQuestion) else min(critical, 1)


def part_of(question: Question) -> Part:
    """The part of an exam that the question counts for."""
    if question.part is not None:
        return question.part
    match question:
        case IndicatorsQuestion() | MatchQuestion():
            return "seeing"
        case ElementsQuestion() | VerdictQuestion():
            return "judging"
        case ActionsQuestion() | ChoiceQuestion() | BranchQuestion() | OrderQuestion():
            return "acting"
        case _:
            assert_never(question)

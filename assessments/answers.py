"""Answers by kind of question, as they may be given.

Stored values hold codes; null is "not answered":
  indicators  [option codes], sorted; [] is "none of these"
  elements    {act|means|purpose: present|absent|not-needed|unknown}, those that were chosen
  verdict     one option code
  actions     {option code: do|do-not}, those that were chosen
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from django.utils.translation import gettext as _

from .content import (
    ELEMENT_STATES,
    ELEMENTS,
    ActionsQuestion,
    ElementsQuestion,
    IndicatorsQuestion,
    Question,
    VerdictQuestion,
)
from .tokens import Tokens

type Value = list[str] | dict[str, str] | str | None
type Fields = Mapping[str, Sequence[str]]  # as a form sends them: name -> values

NONE = "none"  # the box "none of these"
SIDES = ("do", "do-not")


class AnswerError(ValueError):
    """Raised where something sent is no answer to this question; the text is for the person."""


@dataclass(frozen=True)
class Given:
    """An answer as it is saved; `sequence` counts the changes within one session."""

    question_code: str
    value: Value
    sequence: int


def field_names(question: Question, tokens: Tokens) -> list[str]:
    """Names of the question's form fields: its code, or its code with each part's name."""
    match question:
        case ElementsQuestion():
            return [f"{question.code}.{code}" for code in ELEMENTS]
        case ActionsQuestion():
            return [f"{question.code}.{tokens.of(option.code)}" for option in question.options]
        case IndicatorsQuestion() | VerdictQuestion():
            return [question.code]
        case _:
            assert_never(question)


def read_answer(question: Question, fields: Fields, tokens: Tokens) -> Value:
    """The value from form fields. Raises AnswerError for an option that was not offered."""
    match question:
        case IndicatorsQuestion():
            chosen = fields.get(question.code, ())
            if NONE in chosen:
                if set(chosen) != {NONE}:
                    raise AnswerError(_("“None of these” cannot be chosen together with others."))
                return []
            return sorted(_codes(question, chosen, tokens)) or None
        case VerdictQuestion():
            codes = _codes(question, fields.get(question.code, ()), tokens)
            if len(codes) > 1:
                raise AnswerError(_("Only one option can be chosen."))
            return codes[0] if codes else None
        case ElementsQuestion():
            return _parts(fields, question.code, {code: code for code in ELEMENTS}, ELEMENT_STATES)
        case ActionsQuestion():
            names = {tokens.of(option.code): option.code for option in question.options}
            return _parts(fields, question.code, names, SIDES)
        case _:
            assert_never(question)


def _codes(
    question: IndicatorsQuestion | VerdictQuestion, chosen: Sequence[str], tokens: Tokens
) -> list[str]:
    codes = {tokens.of(option.code): option.code for option in question.options}
    _known(chosen, codes)
    return [codes[token] for token in dict.fromkeys(chosen)]


def _parts(
    fields: Fields, question_code: str, names: Mapping[str, str], values: Sequence[str]
) -> dict[str, str] | None:
    found = {}
    for name, code in names.items():
        chosen = fields.get(f"{question_code}.{name}", ())
        _known(chosen, values)
        if len(chosen) > 1:
            raise AnswerError(_("Only one option can be chosen."))
        if chosen:
            found[code] = chosen[0]
    return found or None


def _known(chosen: Iterable[str], offered: Iterable[str]) -> None:
    if not set(chosen) <= set(offered):
        raise AnswerError(_("This option was not offered. Open the page again and choose once more."))


def chosen_fields(question: Question, value: Value, tokens: Tokens) -> set[tuple[str, str]]:
    """The (name, value) pairs of form fields that stand for a stored value: the way back."""
    match question:
        case IndicatorsQuestion():
            chosen = value if isinstance(value, list) else None
            none = {(question.code, NONE)} if chosen == [] else set()
            return {(question.code, tokens.of(code)) for code in chosen or ()} | none
        case VerdictQuestion():
            return {(question.code, tokens.of(value))} if isinstance(value, str) else set()
        case ElementsQuestion():
            states = value if isinstance(value, dict) else {}
            return {(f"{question.code}.{code}", state) for code, state in states.items()}
        case ActionsQuestion():
            sides = value if isinstance(value, dict) else {}
            return {(f"{question.code}.{tokens.of(code)}", side) for code, side in sides.items()}
        case _:
            assert_never(question)


def parts_answered(question: Question, value: Value) -> tuple[int, int]:
    """Return how many parts of a question are answered, of how many: (3, 6) actions, (0, 1) verdict."""
    match question:
        case ElementsQuestion():
            total = len(ELEMENTS)
        case ActionsQuestion():
            total = len(question.options)
        case IndicatorsQuestion() | VerdictQuestion():
            return int(value is not None), 1
        case _:
            assert_never(question)
    return (len(value) if isinstance(value, dict) else 0), total


def is_answered(question: Question, value: Value) -> bool:
    """Every part of it."""
    answered, total = parts_answered(question, value)
    return answered == total

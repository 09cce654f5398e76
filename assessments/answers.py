"""Answers by kind of question, as they may be given.

Stored values hold codes; null is "not answered":
  indicators  [option codes], sorted; [] is "none of these"
  elements    {act|means|purpose: present|absent|not-needed|unknown}, those that were chosen
  verdict, choice, branch  one option code
  actions     {option code: do|do-not}, those that were chosen
  match       {statement code: indicator code|none}, those that were chosen
  order       {item code: "1" to "n"}, those that were chosen; a place may stand twice while it is worked on
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from django.utils.translation import gettext as _

from .questions import (
    ELEMENT_STATES,
    ELEMENTS,
    NONE,
    ActionsQuestion,
    BranchQuestion,
    ChoiceQuestion,
    ElementsQuestion,
    IndicatorsQuestion,
    MatchQuestion,
    OrderQuestion,
    Question,
    SingleChoice,
    VerdictQuestion,
    children_of,
)
from .tokens import Tokens

type Value = list[str] | dict[str, str] | str | None
type Fields = Mapping[str, Sequence[str]]  # as a form sends them: name -> values

SIDES = ("do", "do-not")


class AnswerError(ValueError):
    """Raised where something sent is no answer to this question; the text is for the person."""


@dataclass(frozen=True)
class Given:
    """An answer as it is saved; `sequence` counts the changes within one session."""

    question_code: str
    value: Value
    sequence: int


def places(question: OrderQuestion) -> tuple[str, ...]:
    """The places that an item may get: "1" to "n"."""
    return tuple(str(place) for place in range(1, len(question.items) + 1))


def places_of(question: OrderQuestion, value: Value) -> dict[str, int]:
    """The place given to each item, by its code; without what was never offered."""
    given = value if isinstance(value, dict) else {}
    offered = places(question)
    return {item.code: int(given[item.code]) for item in question.items if given.get(item.code) in offered}


def field_names(question: Question, tokens: Tokens) -> list[str]:
    """Names of the question's form fields: its code, or its code with each part's name."""
    match question:
        case ElementsQuestion():
            return [f"{question.code}.{code}" for code in ELEMENTS]
        case ActionsQuestion() | MatchQuestion() | OrderQuestion():
            return [f"{question.code}.{tokens.of(child.code)}" for child in children_of(question)]
        case IndicatorsQuestion() | VerdictQuestion() | ChoiceQuestion() | BranchQuestion():
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
        case VerdictQuestion() | ChoiceQuestion() | BranchQuestion():
            codes = _codes(question, fields.get(question.code, ()), tokens)
            if len(codes) > 1:
                raise AnswerError(_("Only one option can be chosen."))
            return codes[0] if codes else None
        case ElementsQuestion() | ActionsQuestion() | MatchQuestion() | OrderQuestion():
            return _parts(fields, question, tokens)
        case _:
            assert_never(question)


def _codes(question: IndicatorsQuestion | SingleChoice, chosen: Sequence[str], tokens: Tokens) -> list[str]:
    codes = {tokens.of(option.code): option.code for option in question.options}
    _known(chosen, codes)
    return [codes[token] for token in dict.fromkeys(chosen)]


type InParts = ElementsQuestion | ActionsQuestion | MatchQuestion | OrderQuestion


def _names(question: InParts, tokens: Tokens) -> dict[str, str]:
    """Codes of the parts, by the names that they have on the page."""
    if isinstance(question, ElementsQuestion):
        return {code: code for code in ELEMENTS}
    return {tokens.of(child.code): child.code for child in children_of(question)}


def _offered(question: InParts, tokens: Tokens) -> dict[str, str]:
    """Return the answers that each part may get, by the value that it has on the page."""
    match question:
        case ElementsQuestion():
            return {state: state for state in ELEMENT_STATES}
        case ActionsQuestion():
            return {side: side for side in SIDES}
        case MatchQuestion():
            return {tokens.of(code): code for code in question.indicators} | {NONE: NONE}
        case OrderQuestion():
            return {place: place for place in places(question)}
        case _:
            assert_never(question)


def _parts(fields: Fields, question: InParts, tokens: Tokens) -> dict[str, str] | None:
    offered, found = _offered(question, tokens), {}
    for name, code in _names(question, tokens).items():
        chosen = [value for value in fields.get(f"{question.code}.{name}", ()) if value]  # "": not chosen yet
        _known(chosen, offered)
        if len(chosen) > 1:
            raise AnswerError(_("Only one option can be chosen."))
        if chosen:
            found[code] = offered[chosen[0]]
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
        case VerdictQuestion() | ChoiceQuestion() | BranchQuestion():
            return {(question.code, tokens.of(value))} if isinstance(value, str) else set()
        case ElementsQuestion() | ActionsQuestion() | MatchQuestion() | OrderQuestion():
            given = value if isinstance(value, dict) else {}
            names = {code: name for name, code in _names(question, tokens).items()}
            shown = {code: value for value, code in _offered(question, tokens).items()}
            return {
                (f"{question.code}.{names[code]}", shown[said])
                for code, said in given.items()
                if code in names and said in shown
            }
        case _:
            assert_never(question)


def parts_answered(question: Question, value: Value) -> tuple[int, int]:
    """Return how many parts of a question are answered, of how many: (3, 6) actions, (0, 1) verdict.

    Of an order each place counts once: two steps in one place are not an answer yet.
    """
    given = value if isinstance(value, dict) else {}
    match question:
        case ElementsQuestion():
            return len(given), len(ELEMENTS)
        case ActionsQuestion() | MatchQuestion():
            return len(given), len(children_of(question))
        case OrderQuestion():
            return len(set(given.values())), len(question.items)
        case IndicatorsQuestion() | VerdictQuestion() | ChoiceQuestion() | BranchQuestion():
            return int(value is not None), 1
        case _:
            assert_never(question)


def is_answered(question: Question, value: Value) -> bool:
    """Every part of it."""
    answered, total = parts_answered(question, value)
    return answered == total

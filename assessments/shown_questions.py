"""A question as a page shows it: boxes, buttons and lists, with what is chosen. Cases and lessons share it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from .public import PublicQuestion
from .questions import NONE, Kind
from .wording import ELEMENT_WORDS, SIDE_WORDS, STATE_WORDS

type Chosen = set[tuple[str, str]]  # names and values of form fields


@dataclass(frozen=True)
class Choice:
    """A box or a button of the form."""

    name: str
    value: str
    text: StrOrPromise
    checked: bool


@dataclass(frozen=True)
class QuestionRow:
    """An element, an action, a statement or a step: its words and what it may be answered with."""

    text: StrOrPromise
    note: StrOrPromise
    name: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class QuestionOnPage:
    """`anchor` is its id on the page; `session` and `sequence` are those of the answer shown.

    `material`: letter of the exhibit in which it is answered; only "none of these" stands with the question then.
    """

    number: int
    code: str
    kind: Kind
    prompt: str
    anchor: str
    choices: tuple[Choice, ...]
    parts: tuple[QuestionRow, ...]
    answered: bool
    parts_answered: tuple[int, int]
    session: int
    sequence: int
    error: str
    material: str = ""


def choices_of(shown: PublicQuestion, chosen: Chosen) -> Iterable[Choice]:
    """Boxes to tick and circles to choose from."""
    boxes = [
        Choice(shown.code, option.token, option.text, (shown.code, option.token) in chosen)
        for option in shown.options
    ]
    match shown.kind:
        case "indicators":
            here = boxes if shown.exhibit is None else []
            return [*here, Choice(shown.code, NONE, _("None of these"), (shown.code, NONE) in chosen)]
        case "verdict" | "choice" | "branch":
            return boxes
        case "elements" | "actions" | "match" | "order":
            return ()
        case _:
            assert_never(shown.kind)


def rows_of(shown: PublicQuestion, chosen: Chosen) -> Iterable[QuestionRow]:
    """Lines to be answered one by one."""
    match shown.kind:
        case "elements":
            for code in shown.elements:
                yield _row(*ELEMENT_WORDS[code], f"{shown.code}.{code}", STATE_WORDS, chosen)
            return
        case "actions":
            words = SIDE_WORDS
        case "match":
            words = {each.token: each.text for each in shown.offered} | {NONE: _("No indicator")}
        case "order":
            words = {str(place): str(place) for place in range(1, len(shown.options) + 1)}
        case "indicators" | "verdict" | "choice" | "branch":
            return
        case _:
            assert_never(shown.kind)
    for option in shown.options:
        yield _row(option.text, "", f"{shown.code}.{option.token}", words, chosen)


def _row(
    text: StrOrPromise,
    note: StrOrPromise,
    name: str,
    words: Mapping[str, StrOrPromise],
    chosen: Chosen,
) -> QuestionRow:
    choices = tuple(Choice(name, value, said, (name, value) in chosen) for value, said in words.items())
    return QuestionRow(text, note, name, choices)

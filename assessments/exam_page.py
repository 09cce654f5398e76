"""The pages of an open attempt: the way through its cases, and one stage to answer.

Built on `public`: nothing here can hold an answer key.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import assert_never

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from .answers import Fields, chosen_fields, field_names, is_answered, parts_answered
from .attempt_path import AttemptPath, PathCase
from .content import CaseStage
from .models import Answer, Attempt, StageProgress
from .public import PublicExhibit, PublicQuestion, public_stage
from .questions import NONE, Kind, Question
from .wording import ELEMENT_WORDS, SIDE_WORDS, STATE_WORDS

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


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
    """`anchor` is its id on the page; `session` and `sequence` are those of the answer shown."""

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


@dataclass(frozen=True)
class Material:
    """An exhibit under its letter; `new`: it came with this stage."""

    letter: str
    exhibit: PublicExhibit
    new: bool


@dataclass(frozen=True)
class StageStep:
    """A stage in the list of a case's stages: done, now (open), locked; `shown` where it is this page."""

    number: int
    title: str
    state: str
    url: str
    shown: bool


@dataclass(frozen=True)
class StageOnPage:
    """One stage of one case, in one language."""

    path: AttemptPath
    case: PathCase
    number: int
    language: str
    typed: Fields | None = None  # what a form sent, where it was not saved
    errors: Mapping[str, str] = field(default_factory=dict)  # by code of a question: what is wrong with it

    @cached_property
    def stage(self) -> CaseStage:
        return self.case.content.stages[self.number - 1]

    @property
    def progress(self) -> StageProgress | None:
        return self.case.progress.get(self.stage.code)

    @property
    def is_open(self) -> bool:
        return self.progress is not None and self.progress.closed_at is None

    @property
    def is_last(self) -> bool:
        return self.number == len(self.case.content.stages)

    @property
    def url(self) -> str:
        return stage_url(self.path.attempt, self.case.position, self.number)

    @property
    def answers_url(self) -> str:
        return reverse(
            "assessments:answers", args=[self.path.attempt.public_id, self.case.position, self.number]
        )

    @property
    def title(self) -> str:
        return self.stage.title.read_in(self.language)

    @property
    def intro(self) -> str:
        return self.stage.intro.read_in(self.language)

    @property
    def case_title(self) -> str:
        return self.case.content.title.read_in(self.language)

    @property
    def briefing(self) -> str:
        return self.case.content.briefing.read_in(self.language)

    @property
    def content_note(self) -> str:
        return self.case.content.content_note.read_in(self.language)

    @property
    def indicator_sets(self) -> str:
        return self.case.content.set_names(self.language)

    @cached_property
    def steps(self) -> list[StageStep]:
        return steps_of(self.path, self.case, self.language, shown=self.number)

    @cached_property
    def materials(self) -> list[Material]:
        """Return the exhibits of all stages up to this one: what was read before stays at hand."""
        shown: list[tuple[PublicExhibit, bool]] = []
        for number, stage in enumerate(self.case.content.stages[: self.number], start=1):
            public = public_stage(self.case.content, stage.code, self.language, self.path.tokens)
            shown += [(exhibit, number == self.number) for exhibit in public.exhibits]
        return [
            Material(LETTERS[place : place + 1] or str(place + 1), exhibit, new)
            for place, (exhibit, new) in enumerate(shown)
        ]

    @cached_property
    def questions(self) -> list[QuestionOnPage]:
        public = public_stage(self.case.content, self.stage.code, self.language, self.path.tokens)
        before = sum(len(stage.questions) for stage in self.case.content.stages[: self.number - 1])
        return [
            self._question(number, question, shown)
            for number, (question, shown) in enumerate(
                zip(self.stage.questions, public.questions, strict=True), start=before + 1
            )
        ]

    @property
    def questions_in_case(self) -> int:
        return len(list(self.case.content.questions()))

    @property
    def answered(self) -> int:
        return sum(question.answered for question in self.questions)

    @property
    def saved_at(self) -> datetime | None:
        """Return when the newest answer of this stage reached the server."""
        rows = [self.path.answers.get(question.code) for question in self.stage.questions]
        return max((row.saved_at for row in rows if row), default=None)

    def _question(self, number: int, question: Question, shown: PublicQuestion) -> QuestionOnPage:
        row = self.path.answers.get(question.code)
        value = row.value if row else None
        chosen = self._chosen(question, row)
        return QuestionOnPage(
            number=number,
            code=question.code,
            kind=shown.kind,
            prompt=shown.prompt,
            anchor=f"q-{number}",
            choices=tuple(_choices(shown, chosen)),
            parts=tuple(_parts(shown, chosen)),
            answered=is_answered(question, value),
            parts_answered=parts_answered(question, value),
            session=row.session if row else 0,
            sequence=row.sequence if row else 0,
            error=self.errors.get(question.code, ""),
        )

    def _chosen(self, question: Question, row: Answer | None) -> set[tuple[str, str]]:
        tokens = self.path.tokens
        if self.typed is not None:
            names = field_names(question, tokens)
            return {(name, value) for name in names for value in self.typed.get(name, ())}
        return chosen_fields(question, row.value if row else None, tokens)


def stage_url(attempt: Attempt, case: int, stage: int) -> str:
    return reverse("assessments:stage", args=[attempt.public_id, case, stage])


def steps_of(path: AttemptPath, case: PathCase, language: str, shown: int = 0) -> list[StageStep]:
    """Stages of a case with their states; `shown` is the number of the one on this page."""
    return [
        StageStep(
            number=number,
            title=stage.title.read_in(language),
            state=case.state_of(stage.code),
            url=stage_url(path.attempt, case.position, number),
            shown=number == shown,
        )
        for number, stage in enumerate(case.content.stages, start=1)
    ]


def _choices(shown: PublicQuestion, chosen: set[tuple[str, str]]) -> Iterable[Choice]:
    """Boxes to tick and circles to choose from."""
    boxes = [
        Choice(shown.code, option.token, option.text, (shown.code, option.token) in chosen)
        for option in shown.options
    ]
    match shown.kind:
        case "indicators":
            return [*boxes, Choice(shown.code, NONE, _("None of these"), (shown.code, NONE) in chosen)]
        case "verdict" | "choice" | "branch":
            return boxes
        case "elements" | "actions" | "match" | "order":
            return ()
        case _:
            assert_never(shown.kind)


def _parts(shown: PublicQuestion, chosen: set[tuple[str, str]]) -> Iterable[QuestionRow]:
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
    chosen: set[tuple[str, str]],
) -> QuestionRow:
    choices = tuple(Choice(name, value, said, (name, value) in chosen) for value, said in words.items())
    return QuestionRow(text, note, name, choices)

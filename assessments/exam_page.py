"""The pages of an open attempt: the way through its cases, and one stage to answer.

Built on `public`: nothing here can hold an answer key.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.urls import reverse

from .answers import Fields, chosen_fields, field_names, is_answered, parts_answered
from .attempt_path import AttemptPath, PathCase
from .content import CaseStage
from .exhibits import letter_of
from .models import Attempt, StageProgress
from .public import PublicExhibit, PublicQuestion, PublicStage, public_stage
from .questions import Question
from .shown_questions import Chosen, QuestionOnPage, choices_of, rows_of


@dataclass(frozen=True)
class Material:
    """An exhibit under its letter; `new`: it came with this stage.

    `marked`: tokens of the passages that are marked in it; `anchor`: id of their question on this page, empty
    where its stage is another.
    """

    letter: str
    exhibit: PublicExhibit
    new: bool
    marked: frozenset[str]
    anchor: str
    closed: bool


@dataclass(frozen=True)
class StageStep:
    """An opened stage in the list of a case's stages: done, now (open); `shown` where it is this page."""

    number: int
    title: str
    state: str
    url: str
    shown: bool


@dataclass(frozen=True)
class StageOnPage:
    """One stage of one case, in one language. `number`: its place among the stages opened."""

    path: AttemptPath
    case: PathCase
    number: int
    language: str
    typed: Fields | None = None  # what a form sent, where it was not saved
    errors: Mapping[str, str] = field(default_factory=dict)  # by code of a question: what is wrong with it

    @cached_property
    def stage(self) -> CaseStage:
        return self.case.stages[self.number - 1]

    @property
    def progress(self) -> StageProgress | None:
        return self.case.progress.get(self.stage.code)

    @property
    def is_open(self) -> bool:
        return self.progress is not None and self.progress.closed_at is None

    @property
    def is_last(self) -> bool:
        return self.case.is_last(self.stage)

    @property
    def decides(self) -> bool:
        """Return whether the stage ends with a decision on which the rest depends."""
        return self.stage.branch is not None

    @property
    def undecided(self) -> bool:
        return any(question.kind == "branch" and not question.answered for question in self.questions)

    @cached_property
    def decision(self) -> str:
        """Return what was decided at the end of the stage before, in words; empty where nothing was."""
        before = self.case.stages[self.number - 2].branch if self.number > 1 else None
        row = self.path.answers.get(before.code) if before else None
        options = before.options if before else ()
        return next((o.text.read_in(self.language) for o in options if row and o.code == row.value), "")

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
        shown: list[Material] = []
        for number, stage in enumerate(self.case.stages[: self.number], start=1):
            questions = {question.code: question for question in stage.questions}
            here = number == self.number
            shown_there = self._shown if here else self._public(stage)
            for exhibit in shown_there.exhibits:
                asked = questions.get(exhibit.question)
                marked = self._chosen(asked, typed=here) if asked else set()
                shown.append(
                    Material(
                        letter=letter_of(len(shown)),
                        exhibit=exhibit,
                        new=here,
                        marked=frozenset(token for _name, token in marked),
                        anchor=self._anchor(asked) if here and asked else "",
                        closed=self.case.state_of(stage.code) == "done",
                    )
                )
        return shown

    @property
    def newest_first(self) -> list[Material]:
        """Return the same with those of this stage before the others."""
        return sorted(self.materials, key=lambda material: not material.new)

    @cached_property
    def questions(self) -> list[QuestionOnPage]:
        shown = self._shown.questions
        return [self._question(*pair) for pair in zip(self.stage.questions, shown, strict=True)]

    @cached_property
    def _shown(self) -> PublicStage:
        return self._public(self.stage)

    def _public(self, stage: CaseStage) -> PublicStage:
        return public_stage(self.case.content, stage.code, self.language, self.path.tokens)

    @property
    def kinds(self) -> set[str]:
        return {question.kind for question in self.questions}

    @property
    def answered(self) -> int:
        return sum(question.answered for question in self.questions)

    @property
    def saved_at(self) -> datetime | None:
        """Return when the newest answer of this stage reached the server."""
        rows = [self.path.answers.get(question.code) for question in self.stage.questions]
        return max((row.saved_at for row in rows if row), default=None)

    def _number(self, question: Question) -> int:
        """The place of a question of this stage among those of the stages opened."""
        before = sum(len(stage.questions) for stage in self.case.stages[: self.number - 1])
        return before + self.stage.questions.index(question) + 1

    def _anchor(self, question: Question) -> str:
        return f"q-{self._number(question)}"

    def _question(self, question: Question, shown: PublicQuestion) -> QuestionOnPage:
        row = self.path.answers.get(question.code)
        value = row.value if row else None
        chosen = self._chosen(question, typed=True)
        exhibits = sum(len(stage.exhibits) for stage in self.case.stages[: self.number - 1])
        return QuestionOnPage(
            number=self._number(question),
            code=question.code,
            kind=shown.kind,
            prompt=shown.prompt,
            anchor=self._anchor(question),
            choices=tuple(choices_of(shown, chosen)),
            parts=tuple(rows_of(shown, chosen)),
            answered=is_answered(question, value),
            parts_answered=parts_answered(question, value),
            session=row.session if row else 0,
            sequence=row.sequence if row else 0,
            error=self.errors.get(question.code, ""),
            material="" if shown.exhibit is None else letter_of(exhibits + shown.exhibit),
        )

    def _chosen(self, question: Question, *, typed: bool) -> Chosen:
        """Return what is chosen: as it was typed where that was not saved, else as it is saved."""
        tokens = self.path.tokens
        if typed and self.typed is not None:
            names = field_names(question, tokens)
            return {(name, value) for name in names for value in self.typed.get(name, ())}
        row = self.path.answers.get(question.code)
        return chosen_fields(question, row.value if row else None, tokens)


def stage_url(attempt: Attempt, case: int, stage: int) -> str:
    return reverse("assessments:stage", args=[attempt.public_id, case, stage])


def steps_of(path: AttemptPath, case: PathCase, language: str, shown: int = 0) -> list[StageStep]:
    """The stages opened with their states; `shown` is the number of the one on this page."""
    return [
        StageStep(
            number=number,
            title=stage.title.read_in(language),
            state=case.state_of(stage.code),
            url=stage_url(path.attempt, case.position, number),
            shown=number == shown,
        )
        for number, stage in enumerate(case.stages, start=1)
    ]

"""The way through an attempt: its cases, the stages opened and closed, the answers saved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from operations.prepared import PreparedObjects, PreparedQuery

from .answers import is_answered
from .content import CaseStage, Content
from .frozen import content_of
from .models import Answer, Attempt, AttemptCase, StageProgress
from .questions import Question
from .stage_paths import following, stages_on_path
from .tokens import Tokens


@dataclass(frozen=True)
class PathCase:
    """A drawn case. `stages` are those opened, in the order of the way; pages number them from 1 and name no
    other: nobody learns what is still to come. `progress` is by stage code.
    """

    position: int
    sha256: str
    content: Content
    progress: Mapping[str, StageProgress]
    stages: tuple[CaseStage, ...]

    def state_of(self, stage_code: str) -> str:
        """done or now."""
        return "now" if self.progress[stage_code].closed_at is None else "done"

    @property
    def open_stage(self) -> int | None:
        """The number of the stage that takes answers."""
        return next(
            (n for n, stage in enumerate(self.stages, start=1) if self.state_of(stage.code) == "now"), None
        )

    def is_last(self, stage: CaseStage) -> bool:
        """Return whether nothing comes after the stage. After a decision something may: it says so only when made."""
        return stage.branch is None and following(self.content, stage, {}) is None

    @property
    def goes_on(self) -> bool:
        """Return whether a stage is to be closed before the case is at its end."""
        last = self.stages[-1]
        return self.state_of(last.code) == "now" and not self.is_last(last)


@dataclass(frozen=True)
class Missing:
    """A question of an opened stage without a full answer: its place, and the state of its stage."""

    case: int
    stage: int
    number: int  # within the case
    question: Question
    state: str


@dataclass(frozen=True)
class AttemptPath:
    attempt: Attempt
    cases: tuple[PathCase, ...]
    answers: Mapping[str, Answer]
    tokens: Tokens

    def case(self, position: int) -> PathCase | None:
        return next((case for case in self.cases if case.position == position), None)

    def missing(self) -> Iterator[Missing]:
        for case in self.cases:
            number = 0
            for place, stage in enumerate(case.stages, start=1):
                for question in stage.questions:
                    number += 1
                    row = self.answers.get(question.code)
                    if not is_answered(question, row.value if row else None):
                        yield Missing(case.position, place, number, question, case.state_of(stage.code))


def path_of(attempt: Attempt) -> AttemptPath:
    """Three queries for any number of cases, stages and answers (and one for a case not in memory)."""
    progress: dict[int, dict[str, StageProgress]] = {}
    for row in _stages().objects(attempt.pk):
        progress.setdefault(row.case_id, {})[row.stage_code] = row
    answers = {row.question_code: row for row in _answers().objects(attempt.pk)}
    values = {code: row.value for code, row in answers.items()}

    def case(position: int, sha256: str, opened: Mapping[str, StageProgress]) -> PathCase:
        content = content_of(sha256)
        stages = tuple(stage for stage in stages_on_path(content, values) if stage.code in opened)
        return PathCase(position, sha256, content, opened, stages)

    drawn = _drawn().rows(attempt.pk)
    return AttemptPath(
        attempt=attempt,
        cases=tuple(case(position, sha256, progress.get(pk, {})) for pk, position, sha256 in drawn),
        answers=answers,
        tokens=Tokens(attempt.public_id),
    )


@lru_cache(maxsize=1)
def _stages() -> PreparedObjects[StageProgress]:
    return PreparedObjects(StageProgress.objects.filter(attempt=0))


@lru_cache(maxsize=1)
def _answers() -> PreparedObjects[Answer]:
    return PreparedObjects(Answer.objects.filter(attempt=0))


@lru_cache(maxsize=1)
def _drawn() -> PreparedQuery:
    return PreparedQuery(
        AttemptCase.objects.filter(attempt=0).values_list("pk", "position", "version__sha256")
    )

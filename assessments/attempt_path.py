"""The way through an attempt: its cases, the stages opened and closed, the answers saved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .answers import is_answered
from .content import Content
from .frozen import content_of
from .models import Answer, Attempt, StageProgress
from .questions import Question
from .tokens import Tokens


@dataclass(frozen=True)
class PathCase:
    """A drawn case; `progress` by stage code, of stages that were opened."""

    position: int
    sha256: str
    content: Content
    progress: Mapping[str, StageProgress]

    def state_of(self, stage_code: str) -> str:
        """done, now or locked."""
        progress = self.progress.get(stage_code)
        if progress is None:
            return "locked"
        return "now" if progress.closed_at is None else "done"

    @property
    def open_stage(self) -> int | None:
        """The number of the stage that takes answers."""
        codes = [stage.code for stage in self.content.stages]
        return next((n for n, code in enumerate(codes, start=1) if self.state_of(code) == "now"), None)


@dataclass(frozen=True)
class Missing:
    """A question without a full answer: its place, and the state of its stage."""

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
            for place, stage in enumerate(case.content.stages, start=1):
                for question in stage.questions:
                    number += 1
                    row = self.answers.get(question.code)
                    if not is_answered(question, row.value if row else None):
                        yield Missing(case.position, place, number, question, case.state_of(stage.code))


def path_of(attempt: Attempt) -> AttemptPath:
    """Three queries for any number of cases, stages and answers (and one for a case not in memory)."""
    progress: dict[int, dict[str, StageProgress]] = {}
    for row in attempt.stages.all():
        progress.setdefault(row.case_id, {})[row.stage_code] = row
    drawn = attempt.cases.values_list("pk", "position", "version__sha256")
    return AttemptPath(
        attempt=attempt,
        cases=tuple(
            PathCase(position, sha256, content_of(sha256), progress.get(pk, {}))
            for pk, position, sha256 in drawn
        ),
        answers={row.question_code: row for row in attempt.answers.all()},
        tokens=Tokens(attempt.public_id),
    )

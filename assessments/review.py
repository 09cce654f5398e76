"""Before closing: which questions have no answer, and where they can still be answered."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from .attempt_path import AttemptPath, Missing, PathCase
from .exam_page import stage_url

STATES: dict[str, StrOrPromise] = {"now": "", "done": _("its stage is closed")}


@dataclass(frozen=True)
class ReviewRow:
    """A question not fully answered; `href` where it still can be, else `why` it cannot."""

    number: int
    prompt: str
    href: str
    why: StrOrPromise


@dataclass(frozen=True)
class ReviewCase:
    """`goes_on`: the address of the stage to be closed before the case is at its end; empty at its end."""

    title: str
    position: int
    total: int  # of the stages opened
    rows: tuple[ReviewRow, ...]
    goes_on: str

    @property
    def answered(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True)
class Review:
    cases: tuple[ReviewCase, ...]

    @property
    def missing(self) -> int:
        return sum(len(case.rows) for case in self.cases)

    @property
    def unfinished(self) -> int:
        return sum(bool(case.goes_on) for case in self.cases)


def review_of(path: AttemptPath, language: str) -> Review:
    missing: dict[int, list[Missing]] = {}
    for each in path.missing():
        missing.setdefault(each.case, []).append(each)
    return Review(tuple(_case(path, case, missing.get(case.position, []), language) for case in path.cases))


def _case(path: AttemptPath, case: PathCase, missing: list[Missing], language: str) -> ReviewCase:
    return ReviewCase(
        title=case.content.title.read_in(language),
        position=case.position,
        total=sum(len(stage.questions) for stage in case.stages),
        rows=tuple(_row(path, each, language) for each in missing),
        goes_on=stage_url(path.attempt, case.position, case.open_stage or 1) if case.goes_on else "",
    )


def _row(path: AttemptPath, missing: Missing, language: str) -> ReviewRow:
    is_open = missing.state == "now"
    href = f"{stage_url(path.attempt, missing.case, missing.stage)}#q-{missing.number}" if is_open else ""
    return ReviewRow(missing.number, missing.question.prompt.read_in(language), href, STATES[missing.state])

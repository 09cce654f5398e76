"""Before closing: which questions have no answer, and where they can still be answered."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from .attempt_path import AttemptPath, Missing
from .exam_page import stage_url

STATES: dict[str, StrOrPromise] = {
    "now": "",
    "done": _("its stage is closed"),
    "locked": _("its stage was not opened"),
}


@dataclass(frozen=True)
class ReviewRow:
    """A question not fully answered; `href` where it still can be, else `why` it cannot."""

    number: int
    prompt: str
    href: str
    why: StrOrPromise


@dataclass(frozen=True)
class ReviewCase:
    title: str
    position: int
    total: int
    rows: tuple[ReviewRow, ...]

    @property
    def answered(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True)
class Review:
    cases: tuple[ReviewCase, ...]

    @property
    def missing(self) -> int:
        return sum(len(case.rows) for case in self.cases)


def review_of(path: AttemptPath, language: str) -> Review:
    missing: dict[int, list[Missing]] = {}
    for each in path.missing():
        missing.setdefault(each.case, []).append(each)
    return Review(
        tuple(
            ReviewCase(
                title=case.content.title.read_in(language),
                position=case.position,
                total=len(list(case.content.questions())),
                rows=tuple(_row(path, each, language) for each in missing.get(case.position, ())),
            )
            for case in path.cases
        )
    )


def _row(path: AttemptPath, missing: Missing, language: str) -> ReviewRow:
    is_open = missing.state == "now"
    href = f"{stage_url(path.attempt, missing.case, missing.stage)}#q-{missing.number}" if is_open else ""
    hidden = missing.state == "locked"  # not even the question is shown before its stage
    prompt = "" if hidden else missing.question.prompt.read_in(language)
    return ReviewRow(missing.number, prompt, href, STATES[missing.state])

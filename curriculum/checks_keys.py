"""An answer key rests only on what was read: nothing marked R or U may decide a mark."""

from collections.abc import Iterable, Iterator

from pydantic import BaseModel

from assessments.content import Draft
from standards.models import DECIDES_MARKS

from .files import FileProblem
from .reading import Curriculum

# Decision 131 stands as quoted in 2012; its amendment of 2024 has not been read
CROSS_REFERENCE_ONLY = {"A131"}


def answer_key_problems(curriculum: Curriculum) -> Iterator[FileProblem]:
    key = _Key(curriculum)
    for scenario in curriculum.scenarios:
        yield from key.problems_of(scenario)
    for lesson in (lesson for course in curriculum.courses for lesson in course.lessons):
        if any(block.kind == "check" for block in lesson.body):
            yield from key.rests_on(lesson, "sources", lesson.sources, "a self-check")


class _Key:
    def __init__(self, curriculum: Curriculum) -> None:
        self.curriculum = curriculum
        labels = {entry.code: entry.confidence for entry in curriculum.legal_sources}
        labels |= {entry.code: entry.confidence for entry in curriculum.competences}
        self.unread = {code for code, label in labels.items() if label not in DECIDES_MARKS}
        self.sources = {error.code: error.source for error in curriculum.critical_errors}
        self.indicators = {
            indicator.code: (indicators, indicator)
            for indicators in curriculum.indicator_sets
            for indicator in indicators.indicators
        }

    def problems_of(self, scenario: Draft) -> Iterator[FileProblem]:
        if not scenario.sources:
            yield self.curriculum.problem(scenario, "a case names what it rests on", "sources")
        yield from self.rests_on(scenario, "sources", scenario.sources, "a case")
        for question in scenario.questions():
            yield from self.rests_on(question, "competences", question.competences, "a mark")
            for option in getattr(question, "options", ()):
                if code := getattr(option, "indicator", None):
                    yield from self._indicator_problems(option, code)
                if self.sources.get(option.critical) in self.unread:
                    message = f"“{option.critical}” rests on a source that was not read"
                    yield self.curriculum.problem(option, message, "critical")

    def rests_on(self, entry: BaseModel, name: str, codes: Iterable[str], what: str) -> Iterator[FileProblem]:
        for code in codes:
            if code in self.unread:
                message = f"“{code}” was not read (R or U): {what} may not rest on it"
                yield self.curriculum.problem(entry, message, name)

    def _indicator_problems(self, option: BaseModel, code: str) -> Iterator[FileProblem]:
        if code not in self.indicators:
            return
        indicators, indicator = self.indicators[code]
        message = None
        if indicator.confidence not in DECIDES_MARKS or indicators.source in self.unread:
            message = f"“{code}” was not read (R or U) and may not decide a mark"
        elif indicators.code in CROSS_REFERENCE_ONLY:
            message = f"“{code}” is a cross-reference only; name the indicator that it maps to"
        if message:
            yield self.curriculum.problem(option, message, "indicator")

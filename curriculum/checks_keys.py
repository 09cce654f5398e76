"""An answer key rests only on what was read: nothing marked R or U, or only quoted, may decide a mark."""

from collections.abc import Iterable, Iterator

from pydantic import BaseModel

from assessments.content import CriticalErrorStory, Draft
from assessments.questions import IndicatorsQuestion, MatchQuestion
from standards.models import DECIDES_MARKS

from . import schema
from .files import FileProblem
from .reading import Curriculum


def answer_key_problems(curriculum: Curriculum) -> Iterator[FileProblem]:
    key = _Key(curriculum)
    for scenario in curriculum.scenarios:
        yield from key.problems_of(scenario)
    for lesson in (lesson for course in curriculum.courses for lesson in course.lessons):
        checks = [block.check for block in lesson.body if block.check]
        if checks:
            yield from key.rests_on(lesson, "sources", lesson.sources, "a self-check")
            yield from key.rests_on(lesson, "competences", lesson.competences, "a self-check")
        for check in checks:
            yield from key.problems_of_check(check)


class _Key:
    def __init__(self, curriculum: Curriculum) -> None:
        self.curriculum = curriculum
        labels = {entry.code: entry.confidence for entry in curriculum.legal_sources}
        labels |= {entry.code: entry.confidence for entry in curriculum.competences}
        labels |= {
            indicator.code: indicator.confidence
            for indicators in curriculum.indicator_sets
            for indicator in indicators.indicators
        }
        self.unread = {code for code, label in labels.items() if label not in DECIDES_MARKS}
        self.unread |= {
            indicator.code
            for indicators in curriculum.indicator_sets
            for indicator in indicators.indicators
            if indicators.source in self.unread
        }
        self.quoted = {entry.code for entry in curriculum.legal_sources if entry.quoted_only}
        self.sources = {error.code: error.source for error in curriculum.critical_errors}
        self.indicators = {
            indicator.code: (indicators, indicator)
            for indicators in curriculum.indicator_sets
            for indicator in indicators.indicators
        }

    def problems_of(self, scenario: Draft) -> Iterator[FileProblem]:
        if self.quoted.issuperset(scenario.sources):
            yield self.curriculum.problem(
                scenario, "a case rests on more than what is only quoted", "sources"
            )
        yield from self.rests_on(scenario, "sources", scenario.sources, "a case")
        for error in scenario.critical_errors:
            yield from self._critical_problems(error)
        for question in scenario.questions():
            yield from self.rests_on(question, "competences", question.competences, "a mark")
            if isinstance(question, MatchQuestion):
                for code in question.indicators:
                    yield from self._indicator_problems(question, code, "indicators")
            elif isinstance(question, IndicatorsQuestion):
                for option in question.options:
                    if option.indicator is not None:
                        yield from self._indicator_problems(option, option.indicator, "indicator")

    def problems_of_check(self, check: BaseModel) -> Iterator[FileProblem]:
        """The indicators that a self-check of a lesson asks for."""
        if isinstance(check, schema.MatchCheckEntry):
            yield from self.rests_on(check, "indicators", check.indicators, "a self-check")
        elif isinstance(check, schema.IndicatorsCheckEntry):
            for option in check.options:
                if option.indicator is not None:
                    yield from self.rests_on(option, "indicator", [option.indicator], "a self-check")

    def rests_on(self, entry: BaseModel, name: str, codes: Iterable[str], what: str) -> Iterator[FileProblem]:
        for code in codes:
            if code in self.unread:
                message = f"“{code}” was not read (R or U): {what} may not rest on it"
                yield self.curriculum.problem(entry, message, name)

    def _critical_problems(self, error: CriticalErrorStory) -> Iterator[FileProblem]:
        source = self.sources.get(error.code)
        if source in self.unread:
            yield self.curriculum.problem(
                error, f"“{error.code}” rests on a source that was not read", "code"
            )
        elif source in self.quoted:
            yield self.curriculum.problem(
                error, f"“{error.code}” rests on a source that is only quoted", "code"
            )

    def _indicator_problems(self, entry: BaseModel, code: str, name: str) -> Iterator[FileProblem]:
        if code not in self.indicators:
            return
        indicators, indicator = self.indicators[code]
        message = None
        if indicator.confidence not in DECIDES_MARKS or indicators.source in self.unread:
            message = f"“{code}” was not read (R or U) and may not decide a mark"
        elif indicators.source in self.quoted:
            message = f"“{code}” is a cross-reference only; name the indicator that it maps to"
        if message:
            yield self.curriculum.problem(entry, message, name)

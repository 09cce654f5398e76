"""After practice: every question with what was found, missed or wrongly seen, and why.

Of an exam only the assessor of its appeal reads it: `results` refuses all others.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils import translation

from .answers import Value, is_answered
from .content import CaseStage, Content
from .exhibits import Exhibit
from .feedback_lines import Judgement, OptionFeedback, lines_of
from .feedback_seen import MarkedExhibit, Seen, Way, groups_of, letters_of, marked_exhibits, ways_of
from .marking import mark_question
from .questions import BranchQuestion, IndicatorsQuestion, Kind, OrderQuestion, Question
from .stage_paths import stages_on_path
from .wording import (
    ErrorInWords,
    IndicatorInWords,
    SourceInWords,
    indicator_in_words,
    source_in_words,
)


@dataclass(frozen=True)
class QuestionFeedback:
    """`letter` of the exhibit in which it was answered; `ways`: where a decision led, the one taken first."""

    code: str
    kind: Kind
    prompt: str
    points: Decimal
    points_max: Decimal
    answered: bool
    lines: tuple[OptionFeedback, ...]
    letter: str = ""
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True)
class FactFeedback:
    """No indicators: it only looked as if it were one, and `reason` says why it is not enough."""

    text: str
    reason: str
    indicators: tuple[IndicatorInWords, ...]


@dataclass(frozen=True)
class ExhibitFeedback:
    title: str
    facts: tuple[FactFeedback, ...]


@dataclass(frozen=True)
class StageFeedback:
    title: str
    questions: tuple[QuestionFeedback, ...]
    exhibits: tuple[ExhibitFeedback, ...]
    marked: tuple[MarkedExhibit, ...]


@dataclass(frozen=True)
class CaseFeedback:
    """`seen`: indicators found, missed and seen wrongly, over all questions that ask for them."""

    title: str
    indicator_sets: str
    seen: Seen
    stages: tuple[StageFeedback, ...]
    errors: tuple[ErrorInWords, ...]
    sources: tuple[SourceInWords, ...]


def case_feedback(content: Content, answers: Mapping[str, Value], language: str) -> CaseFeedback:
    with translation.override(language):
        return _case(content, answers, language)


def _case(content: Content, answers: Mapping[str, Value], language: str) -> CaseFeedback:
    way = stages_on_path(content, answers)
    letters = letters_of(way)
    stages = tuple(_stage(content, stage, answers, letters, language) for stage in way)
    errors = {
        line.error.code: line.error
        for stage in stages
        for question in stage.questions
        for line in question.lines
        if line.error
    }
    return CaseFeedback(
        title=content.title.read_in(language),
        indicator_sets=content.set_names(language),
        seen=groups_of(
            [
                (question.letter, line)
                for stage in stages
                for question in stage.questions
                if question.kind in {"indicators", "match"}
                for line in question.lines
            ]
        ),
        stages=stages,
        errors=tuple(errors.values()),
        sources=tuple(source_in_words(content, code, language) for code in content.sources),
    )


def _stage(
    content: Content,
    stage: CaseStage,
    answers: Mapping[str, Value],
    letters: Mapping[str, str],
    language: str,
) -> StageFeedback:
    exhibits = (_exhibit(content, exhibit, language) for exhibit in stage.exhibits)
    return StageFeedback(
        title=stage.title.read_in(language),
        questions=tuple(
            _question(content, question, answers.get(question.code), letters, language)
            for question in stage.questions
        ),
        exhibits=tuple(exhibit for exhibit in exhibits if exhibit.facts),
        marked=tuple(marked_exhibits(stage, answers, letters, language)),
    )


def _exhibit(content: Content, exhibit: Exhibit, language: str) -> ExhibitFeedback:
    return ExhibitFeedback(
        title=exhibit.title.read_in(language),
        facts=tuple(
            FactFeedback(
                text=fact.text.read_in(language),
                reason=fact.reason.read_in(language),
                indicators=tuple(indicator_in_words(content, code, language) for code in fact.indicators),
            )
            for fact in exhibit.facts
        ),
    )


def _question(
    content: Content, question: Question, value: Value, letters: Mapping[str, str], language: str
) -> QuestionFeedback:
    """Its lines by judgement; steps stay in their right order."""
    mark = mark_question(question, value)
    lines = lines_of(content, question, value, language)
    order = list(Judgement)
    if not isinstance(question, OrderQuestion):
        lines.sort(key=lambda line: order.index(line.judgement))
    marked_in = question.exhibit if isinstance(question, IndicatorsQuestion) else None
    return QuestionFeedback(
        code=question.code,
        kind=question.kind,
        prompt=question.prompt.read_in(language),
        points=mark.points,
        points_max=mark.points_max,
        answered=is_answered(question, value),
        lines=tuple(lines),
        letter=letters.get(marked_in or "", ""),
        ways=ways_of(question, value, language) if isinstance(question, BranchQuestion) else (),
    )

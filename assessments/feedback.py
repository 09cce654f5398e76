"""After practice: every question with what was found, missed or wrongly seen, and why.

Of an exam only the assessor of its appeal reads it: `results` refuses all others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import translation

from .answers import Value, is_answered
from .content import CaseStage, Content
from .exhibits import Exhibit
from .feedback_lines import TO_THE_PERSON, ChoiceWords, Judgement, OptionFeedback, lines_of
from .feedback_seen import (
    MarkedExhibit,
    Seen,
    SeenLine,
    Way,
    groups_of,
    letters_of,
    marked_exhibits,
    ways_of,
)
from .marking import mark_question
from .public import PublicExhibit, whole_exhibit
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
    """`materials`: its exhibits as the person read them, beneath `intro`."""

    title: str
    intro: str
    materials: tuple[PublicExhibit, ...]
    questions: tuple[QuestionFeedback, ...]
    exhibits: tuple[ExhibitFeedback, ...]
    marked: tuple[MarkedExhibit, ...]


@dataclass(frozen=True)
class CaseFeedback:
    """`seen`: indicators found, missed, seen and matched wrongly, over all questions that ask for them."""

    title: str
    briefing: str
    indicator_sets: str
    seen: Seen
    stages: tuple[StageFeedback, ...]
    errors: tuple[ErrorInWords, ...]
    sources: tuple[SourceInWords, ...]


@dataclass(frozen=True)
class _Telling:
    """A case and the way it is told: language, letters of its materials, words for the person or for an assessor."""

    content: Content
    letters: Mapping[str, str]
    language: str
    choices: ChoiceWords


def case_feedback(
    content: Content, answers: Mapping[str, Value], language: str, choices: ChoiceWords = TO_THE_PERSON
) -> CaseFeedback:
    """Return what is told of a case. `choices`: the words for what was chosen, by who reads them."""
    with translation.override(language):
        way = stages_on_path(content, answers)
        telling = _Telling(content, letters_of(way), language, choices)
        return _case(telling, [_stage(telling, stage, answers) for stage in way])


def _case(telling: _Telling, stages: Sequence[StageFeedback]) -> CaseFeedback:
    content, language = telling.content, telling.language
    errors = {
        line.error.code: line.error
        for stage in stages
        for question in stage.questions
        for line in question.lines
        if line.error
    }
    return CaseFeedback(
        title=content.title.read_in(language),
        briefing=content.briefing.read_in(language),
        indicator_sets=content.set_names(language),
        seen=groups_of(_seen_in(stages, "indicators"), _seen_in(stages, "match")),
        stages=tuple(stages),
        errors=tuple(errors.values()),
        sources=tuple(source_in_words(content, code, language) for code in content.sources),
    )


def _seen_in(stages: Sequence[StageFeedback], kind: Kind) -> list[SeenLine]:
    """The lines of all questions of this kind, each with the letter of its material."""
    asked = (question for stage in stages for question in stage.questions if question.kind == kind)
    return [SeenLine(question.letter, line) for question in asked for line in question.lines]


def _stage(telling: _Telling, stage: CaseStage, answers: Mapping[str, Value]) -> StageFeedback:
    exhibits = (_exhibit(telling, exhibit) for exhibit in stage.exhibits)
    return StageFeedback(
        title=stage.title.read_in(telling.language),
        intro=stage.intro.read_in(telling.language),
        materials=tuple(whole_exhibit(exhibit, telling.language) for exhibit in stage.exhibits),
        questions=tuple(
            _question(telling, question, answers.get(question.code)) for question in stage.questions
        ),
        exhibits=tuple(exhibit for exhibit in exhibits if exhibit.facts),
        marked=tuple(marked_exhibits(stage, answers, telling.letters, telling.language)),
    )


def _exhibit(telling: _Telling, exhibit: Exhibit) -> ExhibitFeedback:
    content, language = telling.content, telling.language
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


def _question(telling: _Telling, question: Question, value: Value) -> QuestionFeedback:
    """Its lines by judgement; steps stay in their right order."""
    mark, language = mark_question(question, value), telling.language
    lines = lines_of(telling.content, question, value, language, telling.choices)
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
        letter=telling.letters.get(marked_in or "", ""),
        ways=ways_of(question, value, language) if isinstance(question, BranchQuestion) else (),
    )

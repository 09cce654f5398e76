"""After practice: every question with what was found, missed or wrongly seen, and why.

Never made of an exam: `results.practice_feedback` refuses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from .answers import Value, is_answered
from .content import (
    ActionsQuestion,
    CaseStage,
    Content,
    ElementsQuestion,
    Exhibit,
    IndicatorOption,
    IndicatorsQuestion,
    Kind,
    Question,
    VerdictQuestion,
)
from .marking import mark_question
from .wording import (
    ELEMENT_WORDS,
    SIDE_WORDS,
    STATE_WORDS,
    ErrorInWords,
    IndicatorInWords,
    SourceInWords,
    error_in_words,
    indicator_in_words,
    source_in_words,
)


class Judgement(StrEnum):
    """Judgement of one part of a question, in the order in which they are shown."""

    WRONG = "wrong"  # chosen, and wrong
    MISSED = "missed"  # right, and not chosen; or not answered
    FOUND = "found"
    LEFT = "left"  # not chosen, rightly


_BOXES = {
    "indicators": {
        Judgement.WRONG: gettext_lazy("Seen wrongly"),
        Judgement.MISSED: gettext_lazy("Missed"),
        Judgement.FOUND: gettext_lazy("Found"),
        Judgement.LEFT: gettext_lazy("Rightly left out"),
    },
    "verdict": {
        Judgement.WRONG: gettext_lazy("Your choice, not right"),
        Judgement.MISSED: gettext_lazy("This is right"),
        Judgement.FOUND: gettext_lazy("Your choice, right"),
        Judgement.LEFT: gettext_lazy("Not right"),
    },
}


@dataclass(frozen=True)
class OptionFeedback:
    """One option or element. `said`: the judgement in words, with what was chosen and what is right.

    An indicator stands at what shows one, an error at what was harmful.
    """

    judgement: Judgement
    said: str
    text: str
    reason: str
    indicator: IndicatorInWords | None = None
    error: ErrorInWords | None = None


@dataclass(frozen=True)
class QuestionFeedback:
    code: str
    kind: Kind
    prompt: str
    points: Decimal
    points_max: Decimal
    answered: bool
    lines: tuple[OptionFeedback, ...]


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


@dataclass(frozen=True)
class CaseFeedback:
    title: str
    indicator_set: str
    stages: tuple[StageFeedback, ...]
    errors: tuple[ErrorInWords, ...]
    sources: tuple[SourceInWords, ...]


def case_feedback(content: Content, answers: Mapping[str, Value], language: str) -> CaseFeedback:
    with translation.override(language):
        return _case(content, answers, language)


def _case(content: Content, answers: Mapping[str, Value], language: str) -> CaseFeedback:
    stages = tuple(_stage(content, stage, answers, language) for stage in content.stages)
    errors = {
        line.error.code: line.error
        for stage in stages
        for question in stage.questions
        for line in question.lines
        if line.error
    }
    name = content.indicator_set_name
    return CaseFeedback(
        title=content.title.read_in(language),
        indicator_set=name.read_in(language) if name else content.indicator_set,
        stages=stages,
        errors=tuple(errors.values()),
        sources=tuple(source_in_words(content, code, language) for code in content.sources),
    )


def _stage(content: Content, stage: CaseStage, answers: Mapping[str, Value], language: str) -> StageFeedback:
    exhibits = (_exhibit(content, exhibit, language) for exhibit in stage.exhibits)
    return StageFeedback(
        title=stage.title.read_in(language),
        questions=tuple(
            _question(content, question, answers.get(question.code), language) for question in stage.questions
        ),
        exhibits=tuple(exhibit for exhibit in exhibits if exhibit.facts),
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


def _question(content: Content, question: Question, value: Value, language: str) -> QuestionFeedback:
    mark = mark_question(question, value)
    lines = _lines(content, question, value, language)
    order = list(Judgement)
    return QuestionFeedback(
        code=question.code,
        kind=question.kind,
        prompt=question.prompt.read_in(language),
        points=mark.points,
        points_max=mark.points_max,
        answered=is_answered(question, value),
        lines=tuple(sorted(lines, key=lambda line: order.index(line.judgement))),
    )


def _lines(content: Content, question: Question, value: Value, language: str) -> list[OptionFeedback]:
    match question:
        case ElementsQuestion():
            return _elements(question, value, language)
        case ActionsQuestion():
            return _actions(content, question, value, language)
        case IndicatorsQuestion() | VerdictQuestion():
            return _boxes(content, question, value, language)
        case _:
            assert_never(question)


def _boxes(
    content: Content, question: IndicatorsQuestion | VerdictQuestion, value: Value, language: str
) -> list[OptionFeedback]:
    chosen = value if isinstance(value, list) else [value]
    lines = []
    for option in question.options:
        seen = option.code in chosen
        if option.right:
            judgement = Judgement.FOUND if seen else Judgement.MISSED
        else:
            judgement = Judgement.WRONG if seen else Judgement.LEFT
        indicator = option.indicator if isinstance(option, IndicatorOption) else None
        harmful = option.critical if judgement == Judgement.WRONG else None
        lines.append(
            OptionFeedback(
                judgement=judgement,
                said=str(_BOXES[question.kind][judgement]),
                text=option.text.read_in(language),
                reason=option.reason.read_in(language),
                indicator=indicator_in_words(content, indicator, language) if indicator else None,
                error=error_in_words(content, harmful, language) if harmful else None,
            )
        )
    return lines


def _elements(question: ElementsQuestion, value: Value, language: str) -> list[OptionFeedback]:
    given = value if isinstance(value, dict) else {}
    return [
        OptionFeedback(
            judgement=_judged(given.get(element.code), element.right),
            said=_said(given.get(element.code), element.right, STATE_WORDS),
            text=str(ELEMENT_WORDS[element.code][0]),
            reason=element.reason.read_in(language),
        )
        for element in question.elements
    ]


def _actions(
    content: Content, question: ActionsQuestion, value: Value, language: str
) -> list[OptionFeedback]:
    given = value if isinstance(value, dict) else {}
    lines = []
    for option in question.options:
        judgement = _judged(given.get(option.code), option.right)
        harmful = option.critical if judgement == Judgement.WRONG else None
        lines.append(
            OptionFeedback(
                judgement=judgement,
                said=_said(given.get(option.code), option.right, SIDE_WORDS),
                text=option.text.read_in(language),
                reason=option.reason.read_in(language),
                error=error_in_words(content, harmful, language) if harmful else None,
            )
        )
    return lines


def _judged(chosen: str | None, right: str) -> Judgement:
    if chosen is None:
        return Judgement.MISSED
    return Judgement.FOUND if chosen == right else Judgement.WRONG


def _said(chosen: str | None, right: str, words: Mapping[str, StrOrPromise]) -> str:
    if chosen is None:
        return _("Not answered. Right: %(right)s") % {"right": words[right]}
    if chosen == right:
        return _("Right: %(right)s") % {"right": words[right]}
    return _("You: %(chosen)s. Right: %(right)s") % {"chosen": words[chosen], "right": words[right]}

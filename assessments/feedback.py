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

from .answers import Value, is_answered, places
from .content import CaseStage, Content
from .exhibits import Exhibit
from .marking import mark_question
from .questions import (
    NONE,
    ActionsQuestion,
    BranchQuestion,
    ChoiceQuestion,
    ElementsQuestion,
    IndicatorOption,
    IndicatorsQuestion,
    Kind,
    MatchQuestion,
    OrderQuestion,
    Question,
    SingleChoice,
    VerdictQuestion,
    harmful_options,
)
from .stage_paths import stages_on_path
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


_SEEN = {
    Judgement.WRONG: gettext_lazy("Seen wrongly"),
    Judgement.MISSED: gettext_lazy("Missed"),
    Judgement.FOUND: gettext_lazy("Found"),
    Judgement.LEFT: gettext_lazy("Rightly left out"),
}
_CHOSEN = {
    Judgement.WRONG: gettext_lazy("Your choice, not right"),
    Judgement.MISSED: gettext_lazy("This is right"),
    Judgement.FOUND: gettext_lazy("Your choice, right"),
    Judgement.LEFT: gettext_lazy("Not right"),
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
    indicator_sets: str
    stages: tuple[StageFeedback, ...]
    errors: tuple[ErrorInWords, ...]
    sources: tuple[SourceInWords, ...]


def case_feedback(content: Content, answers: Mapping[str, Value], language: str) -> CaseFeedback:
    with translation.override(language):
        return _case(content, answers, language)


def _case(content: Content, answers: Mapping[str, Value], language: str) -> CaseFeedback:
    stages = tuple(_stage(content, stage, answers, language) for stage in stages_on_path(content, answers))
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
    given = value if isinstance(value, dict) else {}
    match question:
        case ElementsQuestion():
            return _elements(question, given, language)
        case ActionsQuestion():
            return _actions(content, question, given, language)
        case MatchQuestion():
            return _statements(content, question, given, language)
        case OrderQuestion():
            return _steps(question, given, language)
        case IndicatorsQuestion() | VerdictQuestion() | ChoiceQuestion() | BranchQuestion():
            return _boxes(content, question, value, language)
        case _:
            assert_never(question)


def _boxes(
    content: Content, question: IndicatorsQuestion | SingleChoice, value: Value, language: str
) -> list[OptionFeedback]:
    chosen = value if isinstance(value, list) else [value]
    said = _SEEN if isinstance(question, IndicatorsQuestion) else _CHOSEN
    critical = {option.code: option.critical for option in harmful_options(question)}
    lines = []
    for option in question.options:
        seen = option.code in chosen
        if option.right:
            judgement = Judgement.FOUND if seen else Judgement.MISSED
        else:
            judgement = Judgement.WRONG if seen else Judgement.LEFT
        indicator = option.indicator if isinstance(option, IndicatorOption) else None
        harmful = critical.get(option.code) if judgement == Judgement.WRONG else None
        lines.append(
            OptionFeedback(
                judgement=judgement,
                said=str(said[judgement]),
                text=option.text.read_in(language),
                reason=option.reason.read_in(language),
                indicator=indicator_in_words(content, indicator, language) if indicator else None,
                error=error_in_words(content, harmful, language) if harmful else None,
            )
        )
    return lines


def _elements(question: ElementsQuestion, given: Mapping[str, str], language: str) -> list[OptionFeedback]:
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
    content: Content, question: ActionsQuestion, given: Mapping[str, str], language: str
) -> list[OptionFeedback]:
    """A line each; leaving undone what must be done is harmful too, also where nothing was said."""
    lines = []
    for option in question.options:
        chosen = given.get(option.code)
        judgement = _judged(chosen, option.right)
        left = judgement == Judgement.WRONG or (judgement == Judgement.MISSED and option.right == "do")
        harmful = option.critical if left else None
        lines.append(
            OptionFeedback(
                judgement=judgement,
                said=_said(chosen, option.right, SIDE_WORDS),
                text=option.text.read_in(language),
                reason=option.reason.read_in(language),
                error=error_in_words(content, harmful, language) if harmful else None,
            )
        )
    return lines


def _statements(
    content: Content, question: MatchQuestion, given: Mapping[str, str], language: str
) -> list[OptionFeedback]:
    words: dict[str, StrOrPromise] = {
        code: content.indicators[code].text.read_in(language) for code in question.indicators
    }
    words[NONE] = _("No indicator")
    return [
        OptionFeedback(
            judgement=_judged(given.get(statement.code), statement.right),
            said=_said(given.get(statement.code), statement.right, words),
            text=statement.text.read_in(language),
            reason=statement.reason.read_in(language),
            indicator=None
            if statement.right == NONE
            else indicator_in_words(content, statement.right, language),
        )
        for statement in question.statements
    ]


def _steps(question: OrderQuestion, given: Mapping[str, str], language: str) -> list[OptionFeedback]:
    words: dict[str, StrOrPromise] = {place: place for place in places(question)}
    return [
        OptionFeedback(
            judgement=_judged(given.get(item.code), place),
            said=_said(given.get(item.code), place, words),
            text=item.text.read_in(language),
            reason=item.reason.read_in(language),
        )
        for place, item in zip(words, question.items, strict=True)
    ]


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

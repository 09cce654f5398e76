"""After practice: each part of a question judged, in words, with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from .answers import Value, places
from .questions import (
    NONE,
    ActionsQuestion,
    BranchQuestion,
    ChoiceQuestion,
    ElementsQuestion,
    IndicatorOption,
    IndicatorsQuestion,
    MatchQuestion,
    OrderQuestion,
    Question,
    SingleChoice,
    VerdictQuestion,
    harmful_options,
)
from .wording import (
    ELEMENT_WORDS,
    SIDE_WORDS,
    STATE_WORDS,
    ErrorInWords,
    IndicatorInWords,
    Words,
    error_in_words,
    indicator_in_words,
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


@dataclass(frozen=True)
class ChoiceWords:
    """Words for what was chosen. `answer`: with %(chosen)s and %(right)s."""

    right_choice: StrOrPromise
    wrong_choice: StrOrPromise
    answer: StrOrPromise

    def of_choice(self, judgement: Judgement) -> StrOrPromise:
        return {
            Judgement.WRONG: self.wrong_choice,
            Judgement.MISSED: gettext_lazy("This is right"),
            Judgement.FOUND: self.right_choice,
            Judgement.LEFT: gettext_lazy("Not right"),
        }[judgement]


TO_THE_PERSON = ChoiceWords(
    right_choice=gettext_lazy("Your choice, right"),
    wrong_choice=gettext_lazy("Your choice, not right"),
    answer=gettext_lazy("You: %(chosen)s. Right: %(right)s"),
)
TO_AN_ASSESSOR = ChoiceWords(  # of an officer who is not told to them
    right_choice=gettext_lazy("The officer's choice, right"),
    wrong_choice=gettext_lazy("The officer's choice, not right"),
    answer=gettext_lazy("The officer's answer: %(chosen)s. Right: %(right)s"),
)


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

    @property
    def code_before_reason(self) -> str:
        """The indicator's code, unless the reason begins with it."""
        code = self.indicator.code if self.indicator else ""
        return "" if self.reason.startswith(code) else code


def lines_of(
    words: Words, question: Question, value: Value, language: str, choices: ChoiceWords = TO_THE_PERSON
) -> list[OptionFeedback]:
    """Return a line for each part of a question, in its order."""
    given = value if isinstance(value, dict) else {}
    match question:
        case ElementsQuestion():
            return _elements(question, given, language, choices)
        case ActionsQuestion():
            return _actions(words, question, given, language, choices)
        case MatchQuestion():
            return _statements(words, question, given, language, choices)
        case OrderQuestion():
            return _steps(question, given, language, choices)
        case IndicatorsQuestion() | VerdictQuestion() | ChoiceQuestion() | BranchQuestion():
            return _boxes(words, question, value, language, choices)
        case _:
            assert_never(question)


def judged(*, right: bool, chosen: bool) -> Judgement:
    """The judgement of an option that was chosen, or left."""
    if right:
        return Judgement.FOUND if chosen else Judgement.MISSED
    return Judgement.WRONG if chosen else Judgement.LEFT


def _boxes(
    words: Words,
    question: IndicatorsQuestion | SingleChoice,
    value: Value,
    language: str,
    choices: ChoiceWords,
) -> list[OptionFeedback]:
    chosen = value if isinstance(value, list) else [value]
    said = _SEEN.__getitem__ if isinstance(question, IndicatorsQuestion) else choices.of_choice
    critical = {option.code: option.critical for option in harmful_options(question)}
    lines = []
    for option in question.options:
        judgement = judged(right=option.right, chosen=option.code in chosen)
        indicator = option.indicator if isinstance(option, IndicatorOption) else None
        harmful = critical.get(option.code) if judgement == Judgement.WRONG else None
        lines.append(
            OptionFeedback(
                judgement=judgement,
                said=str(said(judgement)),
                text=option.text.read_in(language),
                reason=option.reason.read_in(language),
                indicator=indicator_in_words(words, indicator, language) if indicator else None,
                error=error_in_words(words, harmful, language) if harmful else None,
            )
        )
    return lines


def _elements(
    question: ElementsQuestion, given: Mapping[str, str], language: str, choices: ChoiceWords
) -> list[OptionFeedback]:
    return [
        OptionFeedback(
            judgement=_judged(given.get(element.code), element.right),
            said=_said(given.get(element.code), element.right, STATE_WORDS, choices),
            text=str(ELEMENT_WORDS[element.code][0]),
            reason=element.reason.read_in(language),
        )
        for element in question.elements
    ]


def _actions(
    words: Words, question: ActionsQuestion, given: Mapping[str, str], language: str, choices: ChoiceWords
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
                said=_said(chosen, option.right, SIDE_WORDS, choices),
                text=option.text.read_in(language),
                reason=option.reason.read_in(language),
                error=error_in_words(words, harmful, language) if harmful else None,
            )
        )
    return lines


def _statements(
    words: Words, question: MatchQuestion, given: Mapping[str, str], language: str, choices: ChoiceWords
) -> list[OptionFeedback]:
    offered: dict[str, StrOrPromise] = {
        code: words.indicators[code].text.read_in(language) for code in question.indicators
    }
    offered[NONE] = _("No indicator")
    return [
        OptionFeedback(
            judgement=_judged(given.get(statement.code), statement.right),
            said=_said(given.get(statement.code), statement.right, offered, choices),
            text=statement.text.read_in(language),
            reason=statement.reason.read_in(language),
            indicator=None
            if statement.right == NONE
            else indicator_in_words(words, statement.right, language),
        )
        for statement in question.statements
    ]


def _steps(
    question: OrderQuestion, given: Mapping[str, str], language: str, choices: ChoiceWords
) -> list[OptionFeedback]:
    words: dict[str, StrOrPromise] = {place: place for place in places(question)}
    return [
        OptionFeedback(
            judgement=_judged(given.get(item.code), place),
            said=_said(given.get(item.code), place, words, choices),
            text=item.text.read_in(language),
            reason=item.reason.read_in(language),
        )
        for place, item in zip(words, question.items, strict=True)
    ]


def _judged(chosen: str | None, right: str) -> Judgement:
    if chosen is None:
        return Judgement.MISSED
    return Judgement.FOUND if chosen == right else Judgement.WRONG


def _said(chosen: str | None, right: str, words: Mapping[str, StrOrPromise], choices: ChoiceWords) -> str:
    if chosen is None:
        return _("Not answered. Right: %(right)s") % {"right": words[right]}
    if chosen == right:
        return _("Right: %(right)s") % {"right": words[right]}
    return str(choices.answer) % {"chosen": words[chosen], "right": words[right]}

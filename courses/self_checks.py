"""Self-checks: blocks of a lesson as questions of the kinds that cases ask. Pure.

Reading of answers, marks and explanations are those of cases. Nothing tells an answer afterwards: what is
kept of a check is that it was answered.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from django.utils import translation
from django.utils.translation import gettext as _
from pydantic import Field, TypeAdapter, ValidationError

from assessments.answers import AnswerError, Value, is_answered, read_answer
from assessments.content import CriticalErrorWords, IndicatorWords, SourceWords
from assessments.feedback_lines import Judgement, OptionFeedback, lines_of
from assessments.marking import mark_question
from assessments.questions import (
    NONE,
    ActionsQuestion,
    ChoiceQuestion,
    IndicatorsQuestion,
    MatchQuestion,
    OrderQuestion,
    children_of,
)
from assessments.tokens import Tokens
from locales.languages import DEFAULT_LANGUAGE, LANGUAGES

type CheckQuestion = ChoiceQuestion | ActionsQuestion | IndicatorsQuestion | MatchQuestion | OrderQuestion

READ: TypeAdapter[CheckQuestion] = TypeAdapter(Annotated[CheckQuestion, Field(discriminator="kind")])
PREFIX = "check_"  # of the types of blocks that are self-checks
_CHILDREN = {"match": "statements", "order": "items"}  # by kind; of the others: options
_RIGHT = {Judgement.FOUND, Judgement.LEFT}


@dataclass(frozen=True)
class LessonWords:
    """Words for explanations: of indicators. A lesson's check makes no critical error."""

    indicators: Mapping[str, IndicatorWords] = field(default_factory=dict)
    critical_errors: Mapping[str, CriticalErrorWords] = field(default_factory=dict)
    sources: Mapping[str, SourceWords] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckAnswer:
    """An answer, judged: a line for each part, by its code. `error`: why it is no answer yet; then nothing is told."""

    value: Value = None
    error: str = ""
    lines: Mapping[str, OptionFeedback] = field(default_factory=dict)
    whole: bool = False  # everything is right

    @property
    def right(self) -> int:
        return sum(line.judgement in _RIGHT for line in self.lines.values())


def kind_of(block_type: str) -> str:
    """Return the kind of check: choice, actions, indicators, match, order, next_line; empty for other blocks."""
    return block_type.removeprefix(PREFIX) if block_type.startswith(PREFIX) else ""


def question_of(kind: str, block_id: str, value: Mapping[str, Any]) -> CheckQuestion | None:
    """The raw value of a block as a question whose codes are ids; None where it cannot be asked yet."""
    question = written_question(kind, block_id, value)
    return None if question is None or problem_of(question) else question


def checks_in(blocks: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the ids of the self-checks that can be answered, of raw blocks, in their order."""
    return tuple(
        block["id"]
        for block in blocks
        if (kind := kind_of(block["type"])) and question_of(kind, block["id"], block["value"])
    )


def written_question(kind: str, block_id: str, value: Mapping[str, Any]) -> CheckQuestion | None:
    """The same, whatever is said to be right; None where something is missing."""
    name = _CHILDREN.get(kind, "options")
    question: dict[str, Any] = {
        "kind": "choice" if kind == "next_line" else kind,
        "code": block_id,
        "prompt": _texts(value["question"]),
        "competences": (),
        "points": 1,
        name: [_child(item) for item in value[name]],
    }
    if kind == "match":
        question["indicators"] = [item["value"] for item in value["indicators"]]
    try:
        return READ.validate_python(question)
    except ValidationError:
        return None


def _child(item: Mapping[str, Any]) -> dict[str, Any]:
    value = item["value"]
    told = value["then"] if "then" in value else value["feedback"]
    child = {"code": item["id"], "text": _texts(value["text"]), "reason": _texts(told)}
    if "indicator" in value:
        child["indicator"] = value["indicator"] or None
    return child | ({"right": value["right"]} if "right" in value else {})


def _texts(texts: Mapping[str, Any]) -> dict[str, str]:
    """A missing translation is the Azerbaijani: the lesson is then shown in Azerbaijani as a whole."""
    return {language: texts[language] or texts[DEFAULT_LANGUAGE] for language in LANGUAGES}


def problem_of(question: CheckQuestion) -> str:
    """Return what is wrong with its key, in words; empty where the question can be answered."""
    match question:
        case ChoiceQuestion() if sum(option.right for option in question.options) != 1:
            return _("exactly one option must be right")
        case IndicatorsQuestion() if any(
            option.right and not option.indicator for option in question.options
        ):
            return _("a right option names its indicator")
        case MatchQuestion():
            right = {statement.right for statement in question.statements} - {NONE}
            if not right <= set(question.indicators):
                return _("what is right is not among the indicators offered")
    return ""


def indicators_in(question: CheckQuestion) -> Iterator[str]:
    """Return the codes of the indicators whose words the question needs."""
    match question:
        case MatchQuestion():
            yield from question.indicators
        case IndicatorsQuestion():
            yield from (option.indicator for option in question.options if option.indicator)


def tokens_of(question: CheckQuestion, reader: str) -> Tokens:
    """Names of the parts on one reader's page, who gets an order of their own."""
    return Tokens(f"{reader}/{question.code}")


def answer_of(
    question: CheckQuestion,
    words: LessonWords,
    fields: Mapping[str, Sequence[str]],
    reader: str,
    language: str,
) -> CheckAnswer:
    """Return what a form sent, judged; only a whole answer is told anything."""
    with translation.override(language):
        try:
            value = read_answer(question, fields, tokens_of(question, reader))
        except AnswerError as error:
            return CheckAnswer(error=str(error))
        if not is_answered(question, value):
            return CheckAnswer(value, error=_unanswered(question))
        lines = lines_of(words, question, value, language)
        mark = mark_question(question, value)
    codes = (child.code for child in children_of(question))
    return CheckAnswer(
        value, lines=dict(zip(codes, lines, strict=True)), whole=mark.points == mark.points_max
    )


def _unanswered(question: CheckQuestion) -> str:
    match question:
        case ChoiceQuestion():
            return _("Choose one answer.")
        case IndicatorsQuestion():
            return _("Choose all that apply. If there is none, say so.")
        case OrderQuestion():
            return _("Give each line a number of its own.")
        case _:
            return _("Answer each line.")

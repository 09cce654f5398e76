"""The parts of a case that a page may show before the attempt is closed.

These types have no place for answer key, reasons, facts, competences, points or critical errors: what
is not here cannot reach a template. Options carry names of `assessments.tokens`, sorted by them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from .content import CaseStage, Content, IndicatorWords
from .content_parts import TranslatedText
from .exhibits import Exhibit, LedgerExhibit, MessagesExhibit, TableExhibit, TextExhibit
from .passages import question_in, split
from .questions import (
    ELEMENTS,
    ElementsQuestion,
    IndicatorsQuestion,
    Kind,
    MatchQuestion,
    Question,
    children_of,
)
from .tokens import Tokens


@dataclass(frozen=True)
class PublicPassage:
    """A piece of a text; with a token it can be marked."""

    text: str
    token: str = ""


type PublicText = tuple[PublicPassage, ...]


@dataclass(frozen=True)
class PublicMessage:
    who: str
    mine: bool
    text: PublicText


@dataclass(frozen=True)
class PublicExhibit:
    """An exhibit. One body is filled, by kind: statement, letter, note; ledger; messages; table.

    `question`: code of the question whose options are passages of it, to be marked here.
    """

    kind: str
    title: str
    origin: str
    question: str = ""
    paragraphs: tuple[PublicText, ...] = ()
    ledger: tuple[tuple[str, str], ...] = ()
    messages: tuple[PublicMessage, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class PublicOption:
    token: str
    text: str


@dataclass(frozen=True)
class PublicQuestion:
    """`options`: what is chosen from, said of or put in order; `offered`: the indicators of a match.

    `exhibit`: place of the exhibit, among those of its stage, in which the options are marked.
    """

    code: str
    kind: Kind
    prompt: str
    options: tuple[PublicOption, ...]
    exhibit: int | None = None
    elements: tuple[str, ...] = ()
    offered: tuple[PublicOption, ...] = ()


@dataclass(frozen=True)
class PublicStage:
    title: str
    intro: str
    exhibits: tuple[PublicExhibit, ...]
    questions: tuple[PublicQuestion, ...]


def public_stage(content: Content, stage_code: str, language: str, tokens: Tokens) -> PublicStage:
    """One stage in one language, for one attempt."""
    stage = content.stage(stage_code)
    return PublicStage(
        title=stage.title.read_in(language),
        intro=stage.intro.read_in(language),
        exhibits=tuple(
            _exhibit(exhibit, language, question_in(stage, exhibit), tokens) for exhibit in stage.exhibits
        ),
        questions=tuple(
            replace(
                public_question(question, language, tokens, content.indicators),
                exhibit=_place_of_exhibit(stage, question),
            )
            for question in stage.questions
        ),
    )


def public_question(
    question: Question, language: str, tokens: Tokens, words: Mapping[str, IndicatorWords]
) -> PublicQuestion:
    """A question without its key; `words` of the indicators that a match offers, by code."""

    def shuffled(texts: Mapping[str, TranslatedText]) -> tuple[PublicOption, ...]:
        shown = (PublicOption(tokens.of(code), text.read_in(language)) for code, text in texts.items())
        return tuple(sorted(shown, key=lambda option: option.token))

    offered = question.indicators if isinstance(question, MatchQuestion) else ()
    return PublicQuestion(
        code=question.code,
        kind=question.kind,
        prompt=question.prompt.read_in(language),
        options=shuffled({child.code: child.text for child in children_of(question)}),
        elements=ELEMENTS if isinstance(question, ElementsQuestion) else (),
        offered=shuffled({code: words[code].text for code in offered}),
    )


def _place_of_exhibit(stage: CaseStage, question: Question) -> int | None:
    marked = question.exhibit if isinstance(question, IndicatorsQuestion) else None
    return next((place for place, exhibit in enumerate(stage.exhibits) if exhibit.code == marked), None)


def whole_exhibit(exhibit: Exhibit, language: str) -> PublicExhibit:
    """An exhibit that is only read: nothing is to be marked in it any more."""
    return _exhibit(exhibit, language)


def _exhibit(
    exhibit: Exhibit, language: str, asked: IndicatorsQuestion | None = None, tokens: Tokens | None = None
) -> PublicExhibit:
    """`asked`: the question that is answered by marking it, with the `tokens` of its attempt."""
    options = asked.options if asked else ()

    def read(*texts: TranslatedText) -> tuple[str, ...]:
        return tuple(text.read_in(language) for text in texts)

    def passages(text: TranslatedText) -> PublicText:
        pieces = split(text, options, language)
        return tuple(
            PublicPassage(each.text, tokens.of(each.code) if tokens and each.code else "") for each in pieces
        )

    kind, (title, origin) = exhibit.kind, read(exhibit.title, exhibit.origin)
    question = asked.code if asked else ""
    match exhibit:
        case TextExhibit():
            paragraphs = tuple(passages(text) for text in exhibit.body.paragraphs)
            return PublicExhibit(kind, title, origin, question, paragraphs=paragraphs)
        case LedgerExhibit():
            ledger = tuple(
                (row.label.read_in(language), row.value.read_in(language)) for row in exhibit.body.rows
            )
            return PublicExhibit(kind, title, origin, ledger=ledger)
        case MessagesExhibit():
            messages = tuple(
                PublicMessage(message.who.read_in(language), message.mine, passages(message.text))
                for message in exhibit.body.messages
            )
            return PublicExhibit(kind, title, origin, question, messages=messages)
        case TableExhibit():
            table = exhibit.body.table
            rows = tuple(read(*row) for row in table.rows)
            return PublicExhibit(kind, title, origin, columns=read(*table.columns), rows=rows)
        case _:
            assert_never(exhibit)

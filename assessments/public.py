"""The parts of a case that a page may show before the attempt is closed.

These types have no place for answer key, reasons, facts, competences, points or critical errors: what
is not here cannot reach a template. Options carry names of `assessments.tokens`, sorted by them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from .content import Content, IndicatorWords
from .content_parts import TranslatedText
from .exhibits import Exhibit, LedgerExhibit, MessagesExhibit, TableExhibit, TextExhibit
from .questions import ELEMENTS, ElementsQuestion, Kind, MatchQuestion, Question, children_of
from .tokens import Tokens


@dataclass(frozen=True)
class PublicMessage:
    who: str
    mine: bool
    text: str


@dataclass(frozen=True)
class PublicExhibit:
    """An exhibit. One body is filled, by kind: statement, letter, note; ledger; messages; table."""

    kind: str
    title: str
    origin: str
    paragraphs: tuple[str, ...] = ()
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
    """`options`: what is chosen from, said of or put in order; `offered`: the indicators of a match."""

    code: str
    kind: Kind
    prompt: str
    options: tuple[PublicOption, ...]
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
        exhibits=tuple(_exhibit(exhibit, language) for exhibit in stage.exhibits),
        questions=tuple(
            public_question(question, language, tokens, content.indicators) for question in stage.questions
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


def _exhibit(exhibit: Exhibit, language: str) -> PublicExhibit:
    def read(*texts: TranslatedText) -> tuple[str, ...]:
        return tuple(text.read_in(language) for text in texts)

    kind, (title, origin) = exhibit.kind, read(exhibit.title, exhibit.origin)
    match exhibit:
        case TextExhibit():
            return PublicExhibit(kind, title, origin, paragraphs=read(*exhibit.body.paragraphs))
        case LedgerExhibit():
            ledger = tuple(
                (row.label.read_in(language), row.value.read_in(language)) for row in exhibit.body.rows
            )
            return PublicExhibit(kind, title, origin, ledger=ledger)
        case MessagesExhibit():
            messages = tuple(
                PublicMessage(message.who.read_in(language), message.mine, message.text.read_in(language))
                for message in exhibit.body.messages
            )
            return PublicExhibit(kind, title, origin, messages=messages)
        case TableExhibit():
            table = exhibit.body.table
            rows = tuple(read(*row) for row in table.rows)
            return PublicExhibit(kind, title, origin, columns=read(*table.columns), rows=rows)
        case _:
            assert_never(exhibit)

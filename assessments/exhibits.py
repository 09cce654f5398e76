"""Materials of a case: letters, ledgers, messages, tables, and the facts that stand in them."""

from collections.abc import Sequence
from typing import Literal, assert_never

from pydantic import Field, StrictBool

from .content_parts import Code, ContentPart, TranslatedText


class Fact(ContentPart):
    """A fact of an exhibit: it shows indicators, or (none) only looks as if it did."""

    code: Code
    text: TranslatedText
    indicators: tuple[Code, ...] = ()
    reason: TranslatedText


class Paragraphs(ContentPart):
    paragraphs: tuple[TranslatedText, ...] = Field(min_length=1)


class LedgerRow(ContentPart):
    label: TranslatedText
    value: TranslatedText


class LedgerRows(ContentPart):
    rows: tuple[LedgerRow, ...] = Field(min_length=1)


class Message(ContentPart):
    who: TranslatedText
    mine: StrictBool = False  # written by the person whose telephone it is
    text: TranslatedText


class Messages(ContentPart):
    messages: tuple[Message, ...] = Field(min_length=1)


class TableContent(ContentPart):
    columns: tuple[TranslatedText, ...] = Field(min_length=1)
    rows: tuple[tuple[TranslatedText, ...], ...] = Field(min_length=1)


class TableBody(ContentPart):
    table: TableContent


class _Exhibit(ContentPart):
    code: Code
    title: TranslatedText
    origin: TranslatedText
    facts: tuple[Fact, ...] = ()


class TextExhibit(_Exhibit):
    kind: Literal["statement", "note", "letter"]
    body: Paragraphs


class LedgerExhibit(_Exhibit):
    kind: Literal["ledger"]
    body: LedgerRows


class MessagesExhibit(_Exhibit):
    kind: Literal["messages"]
    body: Messages


class TableExhibit(_Exhibit):
    kind: Literal["table"]
    body: TableBody


type Exhibit = TextExhibit | LedgerExhibit | MessagesExhibit | TableExhibit


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def letter_of(place: int) -> str:
    """The letter of an exhibit among those shown so far, counted from 0; after Z numbers."""
    return LETTERS[place : place + 1] or str(place + 1)


def texts_to_mark(exhibit: Exhibit) -> Sequence[TranslatedText]:
    """Return the texts in which passages may be marked: paragraphs or messages, none of a ledger or a table."""
    match exhibit:
        case TextExhibit():
            return exhibit.body.paragraphs
        case MessagesExhibit():
            return [message.text for message in exhibit.body.messages]
        case LedgerExhibit() | TableExhibit():
            return ()
        case _:
            assert_never(exhibit)

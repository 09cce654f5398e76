"""The blocks of a lesson in courses/*.yaml: exactly one key each."""

from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, StringConstraints, Tag, model_validator

from .base import Code, Codes, Entry, TextEntry

Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]


class LessonTextEntry(TextEntry):
    """A text whose translations are of its Azerbaijani, but for those that `of` says are of an older one."""

    of: dict[Literal["en", "ru"], Fingerprint] = {}


Texts = Annotated[list[LessonTextEntry], Field(min_length=1)]


class LawEntry(Entry):
    statement: LessonTextEntry
    source: Code


class CompareEntry(Entry):
    good: Texts
    bad: Texts


class ExampleEntry(Entry):
    title: LessonTextEntry
    text: LessonTextEntry


class TalkLineEntry(Entry):
    who: LessonTextEntry
    line: LessonTextEntry


class TableEntry(Entry):
    caption: LessonTextEntry
    columns: Texts
    rows: list[Texts] = Field(min_length=1)

    @model_validator(mode="after")
    def _even(self) -> Self:
        return _even(self)


def _even[T: "TableEntry | TableExhibitEntry"](table: T) -> T:
    if any(len(row) != len(table.columns) for row in table.rows):
        raise ValueError("every row has as many cells as there are columns")
    return table


# --- exhibits ----------------------------------------------------------------------------------------


class _ExhibitEntry(Entry):
    title: LessonTextEntry
    origin: LessonTextEntry


class TextExhibitEntry(_ExhibitEntry):
    kind: Literal["statement", "note", "letter"]
    paragraphs: Texts


class MessageEntry(Entry):
    who: LessonTextEntry
    mine: bool = False
    text: LessonTextEntry


class MessagesExhibitEntry(_ExhibitEntry):
    kind: Literal["messages"]
    messages: list[MessageEntry] = Field(min_length=1)


class LedgerRowEntry(Entry):
    label: LessonTextEntry
    value: LessonTextEntry


class LedgerExhibitEntry(_ExhibitEntry):
    kind: Literal["ledger"]
    rows: list[LedgerRowEntry] = Field(min_length=1)


class TableExhibitEntry(_ExhibitEntry):
    kind: Literal["table"]
    columns: Texts
    rows: list[Texts] = Field(min_length=1)

    @model_validator(mode="after")
    def _even(self) -> Self:
        return _even(self)


ExhibitEntry = Annotated[
    TextExhibitEntry | MessagesExhibitEntry | LedgerExhibitEntry | TableExhibitEntry, Discriminator("kind")
]


# --- self-checks: questions as cases ask them ---------------------------------------------------------


class _CheckEntry(Entry):
    question: LessonTextEntry


class _PartEntry(Entry):
    text: LessonTextEntry
    feedback: LessonTextEntry


class ChoiceOptionEntry(_PartEntry):
    right: bool = False


class ChoiceCheckEntry(_CheckEntry):
    kind: Literal["choice"] = "choice"
    options: list[ChoiceOptionEntry] = Field(min_length=2)

    @model_validator(mode="after")
    def _right(self) -> Self:
        return _one_right(self)


class LineEntry(Entry):
    text: LessonTextEntry
    right: bool = False
    then: LessonTextEntry


class NextLineCheckEntry(_CheckEntry):
    kind: Literal["next_line"]
    options: list[LineEntry] = Field(min_length=2)

    @model_validator(mode="after")
    def _right(self) -> Self:
        return _one_right(self)


def _one_right[T: ChoiceCheckEntry | NextLineCheckEntry](check: T) -> T:
    if sum(option.right for option in check.options) != 1:
        raise ValueError("exactly one of the options must be right")
    return check


class ActionOptionEntry(_PartEntry):
    right: Literal["do", "do-not"]


class ActionsCheckEntry(_CheckEntry):
    kind: Literal["actions"]
    options: list[ActionOptionEntry] = Field(min_length=2)


class IndicatorOptionEntry(_PartEntry):
    right: bool = False
    indicator: Code | None = None


class IndicatorsCheckEntry(_CheckEntry):
    kind: Literal["indicators"]
    options: list[IndicatorOptionEntry] = Field(min_length=2)

    @model_validator(mode="after")
    def _named(self) -> Self:
        if any(option.right and not option.indicator for option in self.options):
            raise ValueError("a right option names its indicator")
        return self


class StatementEntry(_PartEntry):
    right: Code  # an indicator, or none


class MatchCheckEntry(_CheckEntry):
    kind: Literal["match"]
    indicators: Codes = Field(min_length=2)
    statements: list[StatementEntry] = Field(min_length=2)

    @model_validator(mode="after")
    def _offered(self) -> Self:
        if wrong := {statement.right for statement in self.statements} - {"none", *self.indicators}:
            raise ValueError(f"not among the indicators offered: {', '.join(sorted(wrong))}")
        return self


class OrderCheckEntry(_CheckEntry):
    kind: Literal["order"]
    items: list[_PartEntry] = Field(min_length=3)


def _kind_of_check(value: object) -> object:
    return value.get("kind", "choice") if isinstance(value, dict) else getattr(value, "kind", "choice")


CheckEntry = Annotated[
    Annotated[ChoiceCheckEntry, Tag("choice")]
    | Annotated[ActionsCheckEntry, Tag("actions")]
    | Annotated[IndicatorsCheckEntry, Tag("indicators")]
    | Annotated[MatchCheckEntry, Tag("match")]
    | Annotated[OrderCheckEntry, Tag("order")]
    | Annotated[NextLineCheckEntry, Tag("next_line")],
    Discriminator(_kind_of_check),
]


class BlockEntry(Entry):
    """One block of a lesson: exactly one of its fields."""

    paragraph: LessonTextEntry | None = None
    heading: LessonTextEntry | None = None
    law: LawEntry | None = None
    compare: CompareEntry | None = None
    example: ExampleEntry | None = None
    talk: Annotated[list[TalkLineEntry], Field(min_length=2)] | None = None
    indicators: Annotated[Codes, Field(min_length=1)] | None = None
    steps: Texts | None = None
    checklist: Texts | None = None
    table: TableEntry | None = None
    exhibit: ExhibitEntry | None = None
    check: CheckEntry | None = None
    key_points: Texts | None = None

    @property
    def kind(self) -> str:
        return next(iter(self.model_fields_set))

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if len(self.model_fields_set) != 1:
            kinds = ", ".join(type(self).model_fields)
            raise ValueError(f"a block is exactly one of: {kinds}")
        return self

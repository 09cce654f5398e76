"""A case as it is frozen: read with types, checked, hashed in one canonical form.

Answer key, facts and reasons stand in here. What may be shown before an attempt is closed comes from
`assessments.public`, which has no place for them. Format 1 is described in docs/content.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self, assert_never, get_args

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints, ValidationError

from locales.text import unbroken
from operations import canonical

type Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$", max_length=40)]
type NonEmptyText = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
type ElementCode = Literal["act", "means", "purpose"]
type ElementState = Literal["present", "absent", "not-needed", "unknown"]
type Side = Literal["do", "do-not"]

ELEMENTS: tuple[ElementCode, ...] = ("act", "means", "purpose")
ELEMENT_STATES: tuple[ElementState, ...] = ("present", "absent", "not-needed", "unknown")


@dataclass(frozen=True)
class ContentProblem:
    """An error and its place: the way to it through mappings (names) and lists (numbers from 0)."""

    path: tuple[str | int, ...]
    text: str

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.path))}: {self.text}"


class ContentError(ValueError):
    """A case that cannot be frozen, with everything that is wrong with it."""

    def __init__(self, problems: list[ContentProblem]) -> None:
        self.problems = problems
        super().__init__("\n".join(map(str, problems)))


class ContentPart(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TranslatedText(ContentPart):
    """A text in the three languages."""

    az: NonEmptyText
    en: NonEmptyText
    ru: NonEmptyText

    def read_in(self, language: str) -> str:
        return unbroken(getattr(self, language))


# --- materials ------------------------------------------------------------------------------------


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


# --- questions ------------------------------------------------------------------------------------


class _Option(ContentPart):
    code: Code
    text: TranslatedText
    reason: TranslatedText
    competence: Code | None = None
    critical: Code | None = None  # choosing the wrong side is this critical error
    right: StrictBool | Side


class IndicatorOption(_Option):
    right: StrictBool
    indicator: Code | None = None


class VerdictOption(_Option):
    right: StrictBool


class ActionOption(_Option):
    right: Side


class Element(ContentPart):
    code: ElementCode
    right: ElementState
    reason: TranslatedText


class _Question(ContentPart):
    code: Code
    prompt: TranslatedText
    competences: tuple[Code, ...] = Field(min_length=1)
    points: int = Field(strict=True, ge=1, le=100)


class IndicatorsQuestion(_Question):
    """A question about facts: any number of them are marked as indicators, or none."""

    kind: Literal["indicators"]
    options: tuple[IndicatorOption, ...] = Field(min_length=2)


class ElementsQuestion(_Question):
    """Act, means, purpose: each present, absent, not needed, or not known yet."""

    kind: Literal["elements"]
    elements: tuple[Element, ...] = Field(min_length=3, max_length=3)


class VerdictQuestion(_Question):
    """One of these is right."""

    kind: Literal["verdict"]
    options: tuple[VerdictOption, ...] = Field(min_length=2)


class ActionsQuestion(_Question):
    """For each of these: do it, or do not."""

    kind: Literal["actions"]
    options: tuple[ActionOption, ...] = Field(min_length=1)


type Question = IndicatorsQuestion | ElementsQuestion | VerdictQuestion | ActionsQuestion
type Kind = Literal["indicators", "elements", "verdict", "actions"]
type Option = IndicatorOption | VerdictOption | ActionOption

QUESTIONS: tuple[type[ContentPart], ...] = get_args(Question.__value__)  # every kind


def options_of(question: Question) -> Sequence[Option]:
    """Return what may be chosen; a question for elements has no options."""
    match question:
        case IndicatorsQuestion() | VerdictQuestion() | ActionsQuestion():
            return question.options
        case ElementsQuestion():
            return ()
        case _:
            assert_never(question)


class CaseStage(ContentPart):
    code: Code
    title: TranslatedText
    intro: TranslatedText
    leads_to: None = None  # reserved
    exhibits: tuple[Annotated[Exhibit, Field(discriminator="kind")], ...] = ()
    questions: tuple[Annotated[Question, Field(discriminator="kind")], ...] = Field(min_length=1)


# --- what the case rests on, frozen with it ----------------------------------------------------------


class IndicatorWords(ContentPart):
    set: Code
    version: NonEmptyText
    dimension: NonEmptyText
    strength: NonEmptyText
    text: TranslatedText


class CompetenceWords(ContentPart):
    text: TranslatedText
    level: NonEmptyText


class CriticalErrorWords(ContentPart):
    title: TranslatedText
    story: TranslatedText
    rule: TranslatedText
    source: Code


class SourceWords(ContentPart):
    instrument: TranslatedText
    article: str = ""
    state_on: NonEmptyText  # ISO date of the text that was read
    state_note: TranslatedText | None = None


class _Case(ContentPart):
    format: Literal[1]
    code: Code
    family: Code
    title: TranslatedText
    briefing: TranslatedText  # who you are and what you are asked
    content_note: TranslatedText  # what disturbing things are told
    indicator_set: Code  # told to the learner: weights differ between sets
    stages: tuple[CaseStage, ...] = Field(min_length=1)

    def questions(self) -> Iterator[Question]:
        for stage in self.stages:
            yield from stage.questions

    def stage(self, code: str) -> CaseStage:
        return next(stage for stage in self.stages if stage.code == code)

    def position(self, stage_code: str) -> int:
        return next(number for number, stage in enumerate(self.stages) if stage.code == stage_code)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self:
        """Raises ContentError for what is not of this structure. References are checked by `check`."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise ContentError([_problem(line, data) for line in error.errors()]) from None


class Draft(_Case):
    """A case as its file says it: everything outside it is named by code."""

    sources: tuple[Code, ...] = ()


class Content(_Case):
    """A case as it is frozen: with the words of everything it names."""

    indicator_set_name: TranslatedText | None = None
    indicators: dict[Code, IndicatorWords]
    competences: dict[Code, CompetenceWords]
    critical_errors: dict[Code, CriticalErrorWords]
    sources: dict[Code, SourceWords]


def _problem(line: Any, data: Any) -> ContentProblem:
    """Pydantic names the branch of a union in the path too: only what leads into the data is kept."""
    path: list[str | int] = []
    here = data
    for step in line["loc"]:
        if isinstance(here, Mapping) and (step in here or step == line["loc"][-1]):
            here = here.get(step)
        elif isinstance(here, list | tuple) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            continue
        path.append(step)
    return ContentProblem(tuple(path), line["msg"])


def sha256(data: Mapping[str, Any]) -> str:
    """Over the canonical JSON: the same content has the same hash everywhere."""
    return canonical.sha256(data)

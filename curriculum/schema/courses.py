"""courses/*.yaml: a course, its modules, and pages that are a lesson or an assessment."""

from typing import Annotated, Self

from pydantic import AfterValidator, Discriminator, Field, StringConstraints, Tag, model_validator

from .base import Code, Codes, DataFile, Day, Entry, Slug
from .lesson_blocks import BlockEntry, LessonTextEntry

Minutes = Annotated[int, Field(gt=0, le=600)]


def _whole_body(blocks: list[BlockEntry]) -> list[BlockEntry]:
    if blocks and blocks[-1].kind != "key_points":
        raise ValueError("a lesson ends with key_points")
    return blocks


class LessonEntry(Entry):
    lesson: Slug
    heading: LessonTextEntry
    minutes: Minutes
    competences: Codes = Field(min_length=1)
    critical_errors: Codes = Field(default_factory=list)  # that it treats
    legal_date: Day
    sources: Codes = Field(min_length=1)
    body: Annotated[list[BlockEntry], AfterValidator(_whole_body)] = Field(min_length=2)


class CallEntry(Entry):
    """A telephone: without a figure the sheet says that the number is missing."""

    who: LessonTextEntry
    when: LessonTextEntry | None = None
    figure: Code | None = None


class MinuteEntry(Entry):
    minutes: Annotated[str, StringConstraints(pattern=r"^\d{1,2}–\d{1,2}$")]
    text: LessonTextEntry


class SheetIndicatorsEntry(Entry):
    codes: Codes = Field(min_length=1)
    remember: LessonTextEntry


class NoteFieldEntry(Entry):
    name: LessonTextEntry
    hint: LessonTextEntry


class NoteEntry(Entry):
    fields: list[NoteFieldEntry] = Field(min_length=1)
    remember: LessonTextEntry


class SheetBlockEntry(Entry):
    """One block of a field sheet: exactly one of its fields."""

    call: CallEntry | None = None
    minute: MinuteEntry | None = None
    question: LessonTextEntry | None = None
    never: LessonTextEntry | None = None
    indicators: SheetIndicatorsEntry | None = None
    note: NoteEntry | None = None

    @property
    def kind(self) -> str:
        return next(iter(self.model_fields_set))

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if len(self.model_fields_set) != 1:
            kinds = ", ".join(type(self).model_fields)
            raise ValueError(f"a block is exactly one of: {kinds}")
        return self


def _whole_sheet(blocks: list[SheetBlockEntry]) -> list[SheetBlockEntry]:
    kinds = [block.kind for block in blocks]
    if missing := [kind for kind in SheetBlockEntry.model_fields if kinds and kind not in kinds]:
        raise ValueError(f"a field sheet also has: {', '.join(missing)}")
    if kinds.count("indicators") > 1 or kinds.count("note") > 1:
        raise ValueError("a field sheet has one block of indicators, and one note")
    return blocks


class AssessmentEntry(Entry):
    assessment: Slug
    heading: LessonTextEntry
    intro: LessonTextEntry
    blueprint: Code


def _page_kind(value: object) -> str:
    return "assessment" if isinstance(value, dict) and "assessment" in value else "lesson"


PageEntry = Annotated[
    Annotated[LessonEntry, Tag("lesson")] | Annotated[AssessmentEntry, Tag("assessment")],
    Discriminator(_page_kind),
]


class ModuleEntry(Entry):
    slug: Slug
    heading: LessonTextEntry
    pages: list[PageEntry] = Field(min_length=1)

    @property
    def lessons(self) -> list[LessonEntry]:
        return [page for page in self.pages if isinstance(page, LessonEntry)]


class CourseEntry(Entry):
    code: Code
    slug: Slug
    heading: LessonTextEntry
    summary: LessonTextEntry
    audience: LessonTextEntry
    legal_date: Day
    field_sheet: Annotated[list[SheetBlockEntry], AfterValidator(_whole_sheet)] = []
    modules: list[ModuleEntry] = Field(min_length=1)

    @property
    def lessons(self) -> list[LessonEntry]:
        return [lesson for module in self.modules for lesson in module.lessons]

    @model_validator(mode="after")
    def _teaches(self) -> Self:
        if not self.lessons:
            raise ValueError("a course has at least one lesson")
        return self


class CourseFile(DataFile):
    course: CourseEntry

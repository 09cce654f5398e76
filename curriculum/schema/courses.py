"""courses/*.yaml: a course, its modules, and pages that are a lesson or an assessment."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, StringConstraints, Tag, model_validator

from .base import Code, Codes, DataFile, Day, Entry, Slug, TextEntry

Minutes = Annotated[int, Field(gt=0, le=600)]
Fingerprint = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]


class LessonTextEntry(TextEntry):
    """A text whose translations are of its Azerbaijani, but for those that `of` says are of an older one."""

    of: dict[Literal["en", "ru"], Fingerprint] = {}


class LawEntry(Entry):
    statement: LessonTextEntry
    source: Code


class CompareEntry(Entry):
    good: list[LessonTextEntry] = Field(min_length=1)
    bad: list[LessonTextEntry] = Field(min_length=1)


class ExampleEntry(Entry):
    title: LessonTextEntry
    text: LessonTextEntry


class TalkLineEntry(Entry):
    who: LessonTextEntry
    line: LessonTextEntry


class CheckOptionEntry(Entry):
    text: LessonTextEntry
    right: bool = False
    feedback: LessonTextEntry


class CheckEntry(Entry):
    question: LessonTextEntry
    options: list[CheckOptionEntry] = Field(min_length=2)

    @model_validator(mode="after")
    def _one_is_right(self) -> Self:
        if not any(option.right for option in self.options):
            raise ValueError("one of the options must be right")
        return self


class BlockEntry(Entry):
    """One block of a lesson: exactly one of its fields."""

    paragraph: LessonTextEntry | None = None
    heading: LessonTextEntry | None = None
    law: LawEntry | None = None
    compare: CompareEntry | None = None
    example: ExampleEntry | None = None
    talk: Annotated[list[TalkLineEntry], Field(min_length=2)] | None = None
    indicators: Annotated[Codes, Field(min_length=1)] | None = None
    check: CheckEntry | None = None
    key_points: Annotated[list[LessonTextEntry], Field(min_length=1)] | None = None

    @property
    def kind(self) -> str:
        return next(iter(self.model_fields_set))

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if len(self.model_fields_set) != 1:
            kinds = ", ".join(type(self).model_fields)
            raise ValueError(f"a block is exactly one of: {kinds}")
        return self


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
    minutes: Minutes
    legal_date: Day
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

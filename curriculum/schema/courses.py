"""courses/*.yaml: a course, its modules, and pages that are a lesson or an assessment."""

from typing import Annotated, Self

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

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

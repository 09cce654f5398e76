"""Ground of every part of a case: codes, texts in three languages, and errors with their place."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from locales.text import unbroken

type Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$", max_length=40)]
type NonEmptyText = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


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
        return unbroken(self.written_in(language))

    def written_in(self, language: str) -> str:
        """The letters of the file, spaces as they stand there."""
        written: str = getattr(self, language)
        return written

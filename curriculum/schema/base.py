"""Base of every entry of a file: strict fields, texts in three languages, a place in its file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints

from ..files import Document, FileProblem, Steps


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _not_empty(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text.strip()


def _a_day(value: Any) -> Any:
    if isinstance(value, str):
        raise ValueError("must be a day, as 2026-11-24 without quotation marks")
    return value


def _listed_once(values: list[str]) -> list[str]:
    if twice := {value for value in values if values.count(value) > 1}:
        raise ValueError(f"named twice: {', '.join(sorted(twice))}")
    return values


Words = Annotated[str, AfterValidator(_not_empty)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$", max_length=40)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Codes = Annotated[list[Code], AfterValidator(_listed_once)]
Day = Annotated[date, BeforeValidator(_a_day)]
Confidence = Literal["S", "V", "V2", "R", "U"]


class TextEntry(Entry):
    """One text in three languages that say the same."""

    az: Words
    en: Words
    ru: Words


class DataFile(Entry):
    """A whole file; `format` tells which version of this schema it follows."""

    format: Literal[1]


@dataclass(frozen=True)
class Place:
    """Place of an entry: its document, and the steps to it within."""

    document: Document
    steps: Steps

    def problem(self, message: str, *field: str | int) -> FileProblem:
        return self.document.problem((*self.steps, *field), message)


def walk(model: BaseModel, document: Document, steps: Steps = ()) -> Iterator[tuple[BaseModel, Place]]:
    """The model and everything below it with its place, in the order of the schema."""
    yield model, Place(document, steps)
    for name in type(model).model_fields:
        for below, child in _models_in(getattr(model, name), (name,)):
            yield from walk(child, document, (*steps, *below))


def _models_in(value: Any, steps: Steps) -> Iterator[tuple[Steps, BaseModel]]:
    if isinstance(value, BaseModel):
        yield steps, value
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _models_in(item, (*steps, number))

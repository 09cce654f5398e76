"""Erasing a person: what goes, what stays and why. A dry run asks the same receivers and changes nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Model, QuerySet
from django_stubs_ext import StrOrPromise

from operations import clock
from people.models import User

from .signals import person_erasing, record_erasing


class ErasureStage(StrEnum):
    DRY = "dry"  # only counts
    FILES = "files"  # files and what lies outside the database's transaction; may run twice
    ROWS = "rows"  # rows, in one transaction


class NotYet(Exception):
    """Something about the person is still under way; the errand tries again."""


@dataclass(frozen=True, kw_only=True)
class ErasureLine:
    """One kind of data: how much of it there is; `why` it stays, where it does."""

    text: StrOrPromise
    count: int
    why: StrOrPromise = ""


class Erasure:
    """The erasure that receivers of `person_erasing` are given and tell what to do. It counts in every
    stage, and erases in its own.
    """

    def __init__(self, people: list[User], *, stage: ErasureStage, at: datetime, by: User | None) -> None:
        self.people, self.stage, self.at, self.by = people, stage, at, by
        self.lines: list[ErasureLine] = []
        self.kept: dict[tuple[str, str], StrOrPromise] = {}  # (model, field): why

    @property
    def ids(self) -> list[str]:
        """Return public ids of the person's records: one, and those that were merged into it."""
        return [person.public_id for person in self.people]

    def remove(self, rows: QuerySet[Any, Any], text: StrOrPromise) -> None:
        """Delete the rows."""
        self.perform(text, rows.count(), rows.delete)

    def clear(self, rows: QuerySet[Any, Any], text: StrOrPromise, /, **values: Any) -> None:
        """Keep the rows, with these values in place of the personal ones."""
        self.perform(text, rows.count(), lambda: rows.update(**values))

    def perform(self, text: StrOrPromise, count: int, forget: Callable[[], object]) -> None:
        """Forget anything else; called in stage ROWS."""
        self._line(ErasureLine(text=text, count=count))
        if self.stage is ErasureStage.ROWS and count:
            forget()

    def files(self, text: StrOrPromise, deletions: Iterable[Callable[[], object]]) -> None:
        """Delete files before the rows that name them. Each may be called twice."""
        waiting = list(deletions)
        self._line(ErasureLine(text=text, count=len(waiting)))
        if self.stage is ErasureStage.FILES:
            for delete in waiting:
                delete()

    def keep(self, rows: QuerySet[Any, Any], text: StrOrPromise, why: StrOrPromise, *fields: str) -> None:
        """Note that the rows stay as they are: these fields of theirs, for this reason."""
        model: type[Model] = rows.model
        self.kept |= {(model._meta.label, field): why for field in fields}
        self._line(ErasureLine(text=text, count=rows.count(), why=why))

    def goes(self) -> list[ErasureLine]:
        return [line for line in self.lines if line.count and not line.why]

    def stays(self) -> list[ErasureLine]:
        return [line for line in self.lines if line.count and line.why]

    def _line(self, line: ErasureLine) -> None:
        self.lines.append(line)


def records_of(person: User) -> list[User]:
    """Return the person's record, and all that were merged into it, however often."""
    records = [person]
    for record in records:
        records += User.objects.filter(merged_into=record).order_by("pk")
    return records


def run(person: User, *, stage: ErasureStage, by: User | None) -> Erasure:
    """Ask every app. In stage ROWS inside the caller's transaction."""
    erasure = Erasure(records_of(person), stage=stage, at=clock.now(), by=by)
    person_erasing.send(User, erasure=erasure)
    record_erasing.send(User, erasure=erasure)
    return erasure

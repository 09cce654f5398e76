"""Acts of somebody with the database's password: change a guarded row, with the guards dropped or in place."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from django.db import connection, models


def tamper(row: models.Model, **changes: Any) -> None:
    manager = type(row)._base_manager.filter(pk=row.pk)
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        raw = connection.connection
        raw.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, False)
        try:
            manager.update(**changes)
        finally:
            raw.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, True)
        return
    table = connection.ops.quote_name(row._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the commit would hold the table
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        manager.update(**changes)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@dataclass(frozen=True)
class Edit:
    """One column of one row, set to another value."""

    row: models.Model
    column: str
    value: Any

    def __str__(self) -> str:
        return f"{self.row._meta.model_name}.{self.column} = {self.value!r:.60}"

    @property
    def names(self) -> tuple[str, str]:
        return self.row._meta.model_name or "", self.column

    def do(self) -> None:
        """IntegrityError where a guard or another constraint refuses it."""
        type(self.row)._base_manager.filter(pk=self.row.pk).update(**{self.column: self.value})


def edits(row: models.Model, others: Iterable[models.Model] = ()) -> Iterator[Edit]:
    """Every column but the key, with values near the present one, those of other rows, and none at all."""
    for field in row._meta.concrete_fields:
        if field.primary_key:
            continue
        value = getattr(row, field.attname)
        wanted = [*_near(field, value), *(getattr(other, field.attname) for other in others)]
        if field.null:
            wanted.append(None)
        for other in wanted:
            if other != value:
                yield Edit(row, field.attname, other)


def _near(field: Any, value: Any) -> list[Any]:
    match value:
        case bool():
            return [not value]
        case int() if not field.is_relation:
            return [value + 1, max(value - 1, 0)]
        case str():
            return [
                f"{value[:-1]}{'A' if value[-1:] != 'A' else 'B'}",
                *(key for key, _text in field.choices or ()),
            ]
        case datetime():
            return [
                value + step
                for step in (timedelta(microseconds=1), timedelta(days=-400), timedelta(days=400))
            ]
        case date():
            return [value + timedelta(days=1)]
        case dict() if value:
            first, last = next(iter(value)), next(reversed(value))
            without = {name: item for name, item in value.items() if name != last}
            return [without, {**value, first: _other(value[first])}, {**value, last: _other(value[last])}, {}]
        case None:
            return _instead_of_none(field)
        case _:
            return []


def _other(item: Any) -> Any:
    return f"{item}x" if isinstance(item, str) else [item]


def _instead_of_none(field: Any) -> list[Any]:
    if isinstance(field, models.DateTimeField):
        return [datetime(2027, 1, 1, tzinfo=UTC)]
    if isinstance(field, models.CharField):
        return [key for key, _text in field.choices or ()] or ["A" * min(field.max_length or 9, 22)]
    return []


def sample(found: Iterable[Any], number: int, *, seed: int) -> list[Any]:
    """Some of them, always the same; all of them where NISANE_EDITS says so, as `make prove` does."""
    every = list(found)
    if os.environ.get("NISANE_EDITS") == "all" or len(every) <= number:
        return every
    return Random(seed).sample(every, number)

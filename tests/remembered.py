"""Rows that a function wrote, written again: quicker than acting it out for every test."""

from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime, timedelta
from functools import cache, wraps
from pathlib import Path
from time import monotonic
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.core.files.storage import storages
from django.core.management.color import no_style
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils.translation import get_language

from operations import clock
from tests.databases import contents, insert
from tests.quick_printing import is_quick

FRESH = timedelta(minutes=3)  # instants in the rows are never older than that
Rows = dict[str, tuple[list[str], list[Any]]]


@dataclass(frozen=True)
class Memory:
    """The rows that came, changed and went, the documents that came, and what the function returned."""

    of: list[Any]
    begun: float
    at: datetime
    came: Rows
    changed: Rows
    went: Rows
    documents: dict[Path, bytes]
    result: Any

    def is_of(self, rows: list[Any]) -> bool:
        passed = timedelta(seconds=monotonic() - self.begun), clock.now() - self.at
        return self.of == rows and all(timedelta(0) <= one < FRESH for one in passed)


def remembered[**Given, World](make: Callable[Given, World]) -> Callable[Given, World]:
    """Decorate a function that returns saved rows: one, or a dataclass of them, or nothing. Called again with
    equal arguments among as many rows as the first time, it writes the same rows, without the actions.

    Documents are kept again, too; what it does besides (mail, the browser of somebody) is not done again.
    """
    memories: dict[Hashable, Memory] = {}

    @wraps(make)
    def made_or_remembered(*args: Given.args, **more: Given.kwargs) -> World:
        given = [part for one in (*args, *more.values()) for part in _parts(one)]
        rows = [_values(one) for one in given if isinstance(one, Model)]
        state = (_counts(), get_language(), is_quick(), *(one for one in given if not isinstance(one, Model)))
        memory = memories.get(state)
        if memory is not None and memory.is_of(rows):
            with suppress(IntegrityError, ObjectDoesNotExist), transaction.atomic():
                # An id has been taken meanwhile, or what it was made beside has another by now: then it is made anew.
                _write(memory)
                return _read_anew(memory.result)
        begun, at, before, documents = monotonic(), clock.now(), contents(), _documents()
        result = make(*args, **more)
        new = {path: path.read_bytes() for path in _documents() - documents}
        memories[state] = Memory(rows, begun, at, *_difference(before, contents()), new, result)
        return _read_anew(result)

    return made_or_remembered


def _parts(given: Any) -> list[Any]:
    """Return the rows of a dataclass, or the one thing itself."""
    if is_dataclass(given) and not isinstance(given, type):
        return [getattr(given, field.name) for field in fields(given)]
    return [given]


def _values(row: Model) -> Any:
    return type(row), {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _documents() -> set[Path]:
    return {path for path in Path(storages["documents"].path("")).rglob("*") if path.is_file()}


def _counts() -> tuple[int, ...]:
    """Return how many rows each table has, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_counting())
        found: tuple[int, ...] = cursor.fetchone()
        return found


@cache
def _counting() -> str:
    tables = sorted(connection.introspection.django_table_names(include_views=False))
    return "SELECT " + ", ".join(
        f"(SELECT count(*) FROM {connection.ops.quote_name(table)})" for table in tables
    )


def _difference(before: Rows, after: Rows) -> tuple[Rows, Rows, Rows]:
    """Return the rows that came, changed and went; the first column is the primary key."""
    assert set(before) <= set(after), "a table was emptied"
    came, changed, went = Rows(), Rows(), Rows()
    for table, (columns, rows) in after.items():
        old = {row[0]: row for row in before[table][1]} if table in before else {}
        new = {row[0]: row for row in rows}
        came[table] = columns, [row for key, row in new.items() if key not in old]
        changed[table] = columns, [row for key, row in new.items() if key in old and old[key] != row]
        went[table] = columns, [row for key, row in old.items() if key not in new]
    return tuple({table: rows for table, rows in one.items() if rows[1]} for one in (came, changed, went))


def _write(memory: Memory) -> None:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table, (columns, rows) in memory.went.items():
            condition = f"{quote(columns[0])} = %s"
            cursor.executemany(f"DELETE FROM {quote(table)} WHERE {condition}", [row[:1] for row in rows])
        for table, (columns, rows) in memory.changed.items():
            changes = ", ".join(f"{quote(column)} = %s" for column in columns[1:])
            change = f"UPDATE {quote(table)} SET {changes} WHERE {quote(columns[0])} = %s"
            cursor.executemany(change, [(*row[1:], row[0]) for row in rows])
        insert(cursor, memory.came)
        models = [model for model in apps.get_models() if model._meta.db_table in memory.came]
        if resets := connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute("".join(resets))
        if connection.vendor == "postgresql":
            connection.check_constraints()  # rows that point at what has another id by now are made anew
    for path, content in memory.documents.items():
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _read_anew(result: Any) -> Any:
    if isinstance(result, Model):
        return type(result)._default_manager.get(pk=result.pk)
    if is_dataclass(result) and not isinstance(result, type):
        return replace(result, **{one.name: _read_anew(getattr(result, one.name)) for one in fields(result)})
    assert result is None or isinstance(result, str | int), result
    return result

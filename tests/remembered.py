"""What a function wrote into the database, written again as rows: quicker than acting it out for every test."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import wraps
from time import monotonic
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import IntegrityError, connection, transaction

from tests.databases import contents, insert

FRESH = 30.0  # seconds: instants in the rows are never older than that
type Rows = dict[str, tuple[list[str], list[Any]]]


@dataclass(frozen=True)
class Memory:
    """The rows that came and the rows that went, and what the function returned."""

    at: float
    came: Rows
    went: Rows
    result: Any


def remembered[World](make: Callable[[], World]) -> Callable[[], World]:
    """Decorate a function that returns a dataclass of saved rows; called again among as many rows as the first
    time, it writes the same rows, without the actions."""
    memories: dict[tuple[int, ...], Memory] = {}

    @wraps(make)
    def made_or_remembered() -> World:
        state = _counts()
        memory = memories.get(state)
        if memory is not None and monotonic() - memory.at < FRESH:
            try:
                _write(memory)
                return _read_anew(memory.result)
            except IntegrityError:  # an id has been taken meanwhile
                pass
        before = contents()
        result = make()
        memories[state] = Memory(monotonic(), *_difference(before, contents()), result)
        return result

    return made_or_remembered


def _counts() -> tuple[int, ...]:
    """Return how many rows each table has, in one query."""
    tables = sorted(connection.introspection.django_table_names(include_views=False))
    counts = " UNION ALL ".join(
        f"SELECT {number}, count(*) FROM {connection.ops.quote_name(table)}"
        for number, table in enumerate(tables)
    )
    with connection.cursor() as cursor:
        cursor.execute(counts)
        return tuple(count for _number, count in sorted(cursor.fetchall()))


def _difference(before: Rows, after: Rows) -> tuple[Rows, Rows]:
    came: Rows = {}
    went: Rows = {}
    for table, (columns, rows) in after.items():
        old = before[table][1] if table in before else []
        if new := [row for row in rows if row not in old]:
            came[table] = (columns, new)
        if gone := [row for row in old if row not in rows]:
            went[table] = (columns, gone)
    assert set(before) <= set(after), "a table was emptied"
    return came, went


def _write(memory: Memory) -> None:
    quote = connection.ops.quote_name
    with transaction.atomic(), connection.cursor() as cursor:
        for table, (columns, rows) in memory.went.items():
            condition = f"{quote(columns[0])} = %s"
            cursor.executemany(f"DELETE FROM {quote(table)} WHERE {condition}", [row[:1] for row in rows])
        insert(cursor, memory.came)
        models = [model for model in apps.get_models() if model._meta.db_table in memory.came]
        if resets := connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute("".join(resets))


def _read_anew[World](result: World) -> World:
    rows = {field.name: getattr(result, field.name) for field in fields(result)}
    fresh = {name: type(row)._default_manager.get(pk=row.pk) for name, row in rows.items()}
    return replace(result, **fresh)

"""Rows that are made before a transaction and written within it: the lock is held for the writing alone."""

import pickle
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import batched
from typing import Any

from django.db import connection
from django.db.models import Model

BATCH = 1000  # rows that are in memory at once
STATEMENT = 100  # rows that one INSERT writes: one by one, SQLite's triggers cost three times as much


class Spool[R]:
    """Rows in a temporary file of this process: thousands of them take little memory. Read as often as wanted."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # it ends with the spool
        self._last: list[R] = []
        self._number = 0

    def __len__(self) -> int:
        return self._number

    def add(self, row: R) -> None:
        self._last.append(row)
        self._number += 1
        if len(self._last) == BATCH:
            pickle.dump(self._last, self._file)
            self._last = []

    def batches(self) -> Iterator[list[R]]:
        """Yield the rows in the order they were added, up to a thousand at once."""
        end = self._file.tell()
        self._file.seek(0)
        while self._file.tell() < end:
            yield pickle.load(self._file)  # what this process wrote, into a file without a name
        if self._last:
            yield self._last


class ModelRows[M: Model]:
    """Rows of one model, their values as the database takes them.

    `late`: fields whose value is known within the transaction alone, the same for all. `by`: {foreign key:
    field of the other model that finds its row then}, for what is itself inserted there.
    """

    def __init__(
        self, model: type[M], *, late: Sequence[str] = (), by: Mapping[str, str] | None = None
    ) -> None:
        options: Any = model._meta
        self._late: list[Any] = [options.get_field(name) for name in late]
        self._found = [_found(options.get_field(name), key) for name, key in (by or {}).items()]
        apart = {options.pk.name, *late, *(by or {})}
        self._fields: list[Any] = [
            field for field in options.concrete_fields if not (field.name in apart or field.generated)
        ]
        named = [*self._fields, *(field for field, _sql in self._found), *self._late]
        places = ["%s"] * len(self._fields) + [sql for _field, sql in self._found] + ["%s"] * len(late)
        columns = ", ".join(connection.ops.quote_name(field.column) for field in named)
        self._sql = f"INSERT INTO {connection.ops.quote_name(options.db_table)} ({columns}) VALUES "
        self._places = f"({', '.join(places)})"
        self._spool: Spool[tuple[Any, ...]] = Spool()

    def __len__(self) -> int:
        return len(self._spool)

    def add(self, thing: M, **by: Any) -> None:
        values = [_value(field, field.pre_save(thing, True)) for field in self._fields]
        self._spool.add((*values, *(by[field.name] for field, _sql in self._found)))

    def insert(self, **late: Any) -> None:
        """Write all of them, inside the caller's transaction."""
        said = tuple(_value(field, late[field.name]) for field in self._late)
        with connection.cursor() as cursor:
            for rows in self._spool.batches():
                for some in batched(rows, STATEMENT):
                    places = ", ".join([self._places] * len(some))
                    cursor.execute(self._sql + places, [value for row in some for value in (*row, *said)])


def _value(field: Any, value: Any) -> Any:
    return field.get_db_prep_save(getattr(value, "pk", value) if field.is_relation else value, connection)


def _found(field: Any, key: str) -> tuple[Any, str]:
    other: Any = field.related_model
    quote, options = connection.ops.quote_name, other._meta
    column = quote(options.get_field(key).column)
    return field, f"(SELECT {quote(options.pk.column)} FROM {quote(options.db_table)} WHERE {column} = %s)"

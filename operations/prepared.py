"""Queries that are asked at each view of a page: making the SQL anew would cost several times asking the database."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import JSONField, Model, QuerySet


def prepared_cursor() -> Any:
    """Return a cursor for a statement that is asked at each request; PostgreSQL keeps it prepared."""
    make: Any = getattr(connection, "prepared_cursor", connection.cursor)
    return make()


class PreparedQuery:
    """A queryset with one parameter, once or several times, whose SQL is made once.

    JSON stays text, as it came, but for `read_json`.
    """

    def __init__(self, queryset: QuerySet[Any, Any], *, read_json: bool = False) -> None:
        self.compiler = queryset.query.get_compiler(connection=connection)
        self.sql, parameters = self.compiler.as_sql()
        if len(set(parameters)) != 1:
            raise ValueError("exactly one parameter")
        self.times = len(parameters)
        columns = [expression for expression, _sql, _alias in self.compiler.select]
        self.converters = {
            place: converters
            for place, converters in self.compiler.get_converters(columns).items()
            if read_json or not isinstance(columns[place].output_field, JSONField)
        }

    def rows(self, parameter: int | str) -> Iterator[list[Any]]:
        with prepared_cursor() as cursor:
            cursor.execute(self.sql, [parameter] * self.times)
            fetched = cursor.fetchall()
        yield from self.compiler.apply_converters(fetched, self.converters)


class PreparedObjects[M: Model]:
    """The same for a queryset of a model: rows become its objects, those of the foreign keys named with them."""

    def __init__(self, queryset: QuerySet[M], *with_them: str) -> None:
        self.model = queryset.model
        self.related = {name: _aim(queryset.model, name) for name in with_them}
        own, theirs = _columns(self.model), [(name, _columns(aim)) for name, aim in self.related.items()]
        lookups = [*own, *(f"{name}__{column}" for name, columns in theirs for column in columns)]
        self.query = PreparedQuery(queryset.values_list(*lookups), read_json=True)

    def objects(self, parameter: int | str) -> list[M]:
        return [self._made(row) for row in self.query.rows(parameter)]

    def _made(self, row: list[Any]) -> M:
        width = len(_columns(self.model))
        made = self.model.from_db(connection.alias, _columns(self.model), row[:width])
        for name, aim in self.related.items():
            columns = _columns(aim)
            setattr(made, name, aim.from_db(connection.alias, columns, row[width : width + len(columns)]))
            width += len(columns)
        return made


@lru_cache
def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _aim(model: type[Model], foreign_key: str) -> type[Model]:
    aim = model._meta.get_field(foreign_key).related_model
    if not isinstance(aim, type):
        raise ValueError(f"{foreign_key} is no foreign key")
    return aim

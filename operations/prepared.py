"""Queries that are asked at each view of a page: making the SQL anew would cost several times asking the database."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import JSONField, QuerySet


def prepared_cursor() -> Any:
    """Return a cursor for a statement that is asked at each request; PostgreSQL keeps it prepared."""
    make: Any = getattr(connection, "prepared_cursor", connection.cursor)
    return make()


class PreparedQuery:
    """A queryset of values with one parameter, once or several times, whose SQL is made once.

    JSON stays text, as it came, but for `read_json`.
    """

    def __init__(self, values: QuerySet[Any, Any], *, read_json: bool = False) -> None:
        self.compiler = values.query.get_compiler(connection=connection)
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

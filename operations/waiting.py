"""Limits of waiting for a database that is locked or busy."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import Error, connection


@contextmanager
def at_most(seconds: float, *, locks: bool = False, statements: bool = False) -> Iterator[None]:
    """Let SQLite wait no longer for a lock inside; with `locks` PostgreSQL, too; with `statements` let PostgreSQL
    work no longer on any of them.

    Raise OperationalError inside where it would have waited longer. Costs SQLite no round trip.
    """
    connection.ensure_connection()
    setting = (
        "PRAGMA busy_timeout"
        if connection.vendor == "sqlite"
        else "SET lock_timeout"
        if locks
        else "SET statement_timeout"
        if statements
        else ""
    )
    if not setting:
        yield
        return
    before = _run("PRAGMA busy_timeout") if connection.vendor == "sqlite" else "DEFAULT"
    try:
        _run(f"{setting} = {int(seconds * 1000)}")
        yield
    finally:
        with suppress(Error):  # it is away, or its transaction has failed: the connection is not used again
            _run(f"{setting} = {before}")


def _run(sql: str) -> object:
    """Run it past Django's cursors, which would note it as a query, and return the value it answers with, if
    any.
    """
    if connection.connection is None:
        return None
    with connection.wrap_database_errors:
        cursor = connection.connection.execute(sql)
        row = cursor.fetchone() if cursor.description else None
        cursor.close()
    return row[0] if row else None

"""Differences of the two databases that tests need to know."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test import TransactionTestCase

from bench.template import SQLITE, copy_migrated

really_committed = pytest.mark.django_db(transaction=True)
# Properties of one database; conftest leaves them to the run on that database.
on_sqlite = pytest.mark.sqlite
on_postgresql = pytest.mark.postgresql  # real concurrency


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """Copy the migrated database for this process; pytest-django alone would migrate in each.

    Django then finds it there and only does what follows every `migrate`.
    """
    name, own = connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"]
    server = SQLITE if connection.vendor == "sqlite" else os.environ["DATABASE_URL"].rpartition("/")[0] + "/"
    with django_db_blocker.unblock():
        copy_migrated(server + own)
        connection.creation.create_test_db(verbosity=0, keepdb=True)
    yield
    with django_db_blocker.unblock():
        connection.creation.destroy_test_db(name, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def tables_come_back_as_they_were() -> Iterator[None]:
    """After a test with real commits the tables hold again what they held before the first such test:
    the rows that migrations made, and what a fixture of the session committed.

    Django alone would empty them, and neither database lets it: AppendOnly refuses DELETE and TRUNCATE.
    """
    before: dict[str, Any] = {}
    set_up, tear_down = TransactionTestCase.__dict__["_fixture_setup"], TransactionTestCase._fixture_teardown

    @classmethod
    def remembering(cls: Any) -> None:
        if not before:
            before.update(contents())
        set_up.__get__(None, cls)()

    def restoring(self: Any) -> None:
        empty_the_tables()
        _fill(before)

    TransactionTestCase._fixture_setup = remembering
    TransactionTestCase._fixture_teardown = restoring
    yield
    TransactionTestCase._fixture_setup, TransactionTestCase._fixture_teardown = set_up, tear_down


def empty_the_tables() -> None:
    """Delete all rows; on PostgreSQL by DELETE, too, as TRUNCATE makes a new file for each table and index."""
    if connection.vendor == "sqlite":
        with _no_triggers():
            call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
        return
    tables = [connection.ops.quote_name(table) for table in contents()]
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (
            *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables),
            *(f"DELETE FROM {table}" for table in tables),
            "SET CONSTRAINTS ALL IMMEDIATE",
            *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables),
        ):
            cursor.execute(statement)


def contents() -> dict[str, tuple[list[str], list[Any]]]:
    """Return the columns and rows of every table that has any."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [column[0] for column in cursor.description]
            if rows := cursor.fetchall():
                found[table] = (columns, rows)
    return found


def _fill(contents: dict[str, tuple[list[str], list[Any]]]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        insert(cursor, contents)
        resets = connection.ops.sequence_reset_sql(no_style(), apps.get_models(include_auto_created=True))
        if resets:
            cursor.execute("".join(resets))  # the next row comes after those with their old ids


def insert(cursor: Any, contents: dict[str, tuple[list[str], list[Any]]]) -> None:
    quote = connection.ops.quote_name
    for table, (columns, rows) in contents.items():
        names, places = ", ".join(map(quote, columns)), ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {quote(table)} ({names}) VALUES ({places})", rows)


@contextmanager
def _no_triggers() -> Iterator[None]:
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    raw = connection.connection
    raw.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, False)
    try:
        yield
    finally:
        raw.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, True)


def wait_until_somebody_waits() -> None:
    """Until another session of PostgreSQL waits for what is locked here."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _try in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.02)")
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("Nobody waits.")

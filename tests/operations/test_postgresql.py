"""The health check of a request: a connection that is over is seen, though the server is seldom asked."""

import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.signals import request_started
from django.db import OperationalError, connection
from django.db.backends.postgresql import base

from operations import sessions
from operations.postgresql.base import ASKED_AGAIN, PREPARED_AFTER
from tests.databases import on_postgresql, really_committed

pytestmark = [really_committed, on_postgresql]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Return how often Django's own check asked the server."""
    count: list[str] = []
    ask: Any = base.DatabaseWrapper.is_usable

    def counted(self: Any) -> Any:
        count.append("SELECT 1")
        return ask(self)

    monkeypatch.setattr(base.DatabaseWrapper, "is_usable", counted)
    monkeypatch.setitem(connection.settings_dict, "CONN_HEALTH_CHECKS", True)
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", None)
    connection.close()
    yield count
    connection.close()


def served_by() -> int:
    """A request: the process of the server that answers it."""
    request_started.send(sender="test")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def end(pid: int) -> None:
    """As a restart of the server ends it, seen from here."""
    settings = connection.get_connection_params()
    with psycopg.connect(
        host=settings["host"], port=settings.get("port"), user=settings["user"], dbname="postgres",
        password=settings.get("password"), autocommit=True,
    ) as other:  # fmt: skip
        other.execute("SELECT pg_terminate_backend(%s)", [pid])
        while other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone():
            time.sleep(0.01)


def test_server_is_not_asked_at_each_request(asked: list[str]):
    assert len({served_by() for _ in range(5)}) == 1
    assert asked == []


def test_request_after_the_server_ended_the_connection_is_served(asked: list[str]):
    before = served_by()
    end(before)
    assert served_by() != before


def test_request_in_which_it_ends_fails_and_the_next_is_served(asked: list[str]):
    before = served_by()
    end(before)
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert served_by() != before


def test_server_is_asked_after_a_while_and_after_an_error(asked: list[str], monkeypatch: pytest.MonkeyPatch):
    served_by()
    monkeypatch.setattr(connection, "asked_at", time.monotonic() - ASKED_AGAIN)
    for _ in range(3):
        served_by()
    assert len(asked) == 1
    connection.errors_occurred = True
    served_by()
    assert len(asked) == 2


def test_statement_of_each_request_is_planned_once(asked: list[str]):
    """Planning costs the server more than answering."""
    for _ in range(PREPARED_AFTER + 3):
        served_by()
        sessions.SessionStore("nobody's").load()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), sum(generic_plans + custom_plans) FROM pg_prepared_statements")
        assert cursor.fetchone() == (1, 3)

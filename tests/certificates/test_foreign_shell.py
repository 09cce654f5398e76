"""A shell of SQLite that knows nothing of the product's settings: its REPLACE deletes without asking a guard."""

import sqlite3
from collections.abc import Iterator

import pytest
from django.db import connection

from certificates.models import (
    Award,
    Certificate,
    CertificateBearer,
    CertificateDocument,
    CertificateEvent,
    Reservation,
)
from operations.models import AuditEntry, Proposal
from people.models import User
from tests.databases import on_sqlite, really_committed
from tests.factories import confirmed

from .issuing import Kind, happen, make_certificate

pytestmark = [really_committed, on_sqlite, pytest.mark.usefixtures("keys")]
GUARDED = (
    Award,
    Reservation,
    Certificate,
    CertificateBearer,
    CertificateDocument,
    CertificateEvent,
    Proposal,
    AuditEntry,
)


@pytest.fixture
def shell(officer: User) -> Iterator[sqlite3.Connection]:
    certificate = make_certificate(officer)
    happen(certificate, Kind.REVOKED)
    confirmed("certificates.reinstate", certificate.public_id)
    opened = sqlite3.connect(connection.settings_dict["NAME"], timeout=30)
    assert opened.execute("PRAGMA recursive_triggers").fetchone() == (0,)
    yield opened
    opened.close()


@pytest.mark.parametrize("moved", [0, 1000], ids=["same id", "another id"])
def test_guarded_rows_are_not_replaced(shell: sqlite3.Connection, moved: int) -> None:
    """Neither by their own key nor by one of their other unique values."""
    for model in GUARDED:
        table = model._meta.db_table
        columns = [field.column for field in model._meta.local_concrete_fields]
        before = shell.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()
        assert before, table
        values = ", ".join(f"id + {moved}" if column == "id" else column for column in columns)
        replacing = f"REPLACE INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table}"
        with pytest.raises(sqlite3.IntegrityError, match="_append_only"):
            shell.execute(replacing)
        shell.rollback()
        assert shell.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() == before

"""A database that is locked, read-only, away or without room: for real, in processes and mounts of their own.

A certificate is called valid only where it could be checked; monitoring is told why, in time; /livez answers.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import Client

from operations import health, installation, worker
from people.models import User
from tests.databases import on_postgresql, on_sqlite, really_committed
from tests.elearning.pages import tree, with_class, words
from tests.running import ROOT

from .issuing import make_certificate

# Asks each path with Django's own client, in a process that starts on the spot; a line of JSON for each.
ASK = """
import json, sys, time
import django
from elearning.settings import base
base.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
django.setup()
from django.test import Client
client = Client(headers={"host": "localhost"}, raise_request_exception=False)
for path in sys.argv[1:]:
    if path.startswith("fill "):
        try:
            with open(path.removeprefix("fill "), "wb", buffering=0) as file:
                while True:
                    file.write(b"0" * 4096)
        except OSError:
            continue
    began = time.monotonic()
    answer = client.get(path)
    print(json.dumps([answer.status_code, time.monotonic() - began, answer.text]), flush=True)
"""
CANNOT = {
    "az": "Yoxlamaq mümkün olmadı",
    "en": "It could not be checked",
    "ru": "Проверить не удалось",
}
Answer = tuple[int, float, str]


class Place:
    """An installation with one valid certificate, in a folder of its own."""

    def __init__(self, var: Path, public_id: str) -> None:
        self.var, self.public_id = var, public_id
        self.file = var / "db.sqlite3"
        self.page = f"/c/{public_id}"

    def ask(self, *paths: str, before: str = "") -> list[Answer]:
        """Answers of a new process. `before`: shell commands in mounts of its own; "" for as it is."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("NISANE_", "DATABASE", "REDIS"))
        }
        environment = kept | {
            "DJANGO_SETTINGS_MODULE": "elearning.settings.base", "NISANE_VAR": str(self.var),
            "NISANE_KEYS_DIR": str(settings.KEYS_DIR), "NISANE_BASE_URL": settings.BASE_URL,
            "NISANE_SECRET_KEY": "for-a-test", "NISANE_LOG_LEVEL": "CRITICAL", "VAR": str(self.var),
        }  # fmt: skip
        python = [sys.executable, "-c", ASK, *paths]
        inside = ["unshare", "--mount", "sh", "-ec", f'{before}\nexec "$@"', "sh", *python]
        done = subprocess.run(
            inside if before else python,
            cwd=ROOT,
            env=environment,
            text=True,
            capture_output=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return [tuple(json.loads(line)) for line in done.stdout.splitlines()]

    @contextmanager
    def locked(self, how: str) -> Iterator[None]:
        with closing(sqlite3.connect(self.file, isolation_level=None)) as other:
            if how == "exclusive":
                other.execute("PRAGMA locking_mode = EXCLUSIVE")
            other.execute("BEGIN IMMEDIATE")
            if how == "exclusive":
                other.execute("INSERT INTO django_session VALUES ('a', 'b', '2026-01-01')")
            yield
            other.execute("ROLLBACK")


@pytest.fixture
def place(keys: None, officer: User, tmp_path: Path) -> Place:
    certificate = make_certificate(officer)
    installation.claim_base_url()
    worker.beat()
    var = tmp_path / "var"
    var.mkdir()
    connection.ensure_connection()
    with closing(sqlite3.connect(var / "db.sqlite3")) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode = WAL")
    return Place(var, certificate.public_id)


def needs_mounts() -> None:
    if (
        shutil.which("unshare") is None
        or subprocess.run(["unshare", "--mount", "true"], check=False).returncode
    ):
        pytest.skip("no mounts of one's own here")


def verdict(html: str) -> str:
    return words(with_class(tree(html.encode()), "verdict")[0])


def checks(answer: Answer) -> dict[str, str]:
    found: dict[str, str] = json.loads(answer[2])["checks"]
    return {name: said for name, said in found.items() if said != "ok"}


def assert_cannot_be_checked(place: Place, answers: list[Answer]) -> None:
    """Page, statement and number, in three languages; soon, and never "valid"."""
    for language, (status, seconds, html) in zip(CANNOT, answers[:3], strict=True):
        assert (status, tree(html.encode()).get("lang")) == (503, language)
        assert verdict(html).startswith(CANNOT[language])
        assert with_class(tree(html.encode()), "v-valid") == [] and seconds < 10
    for status, _seconds, text in answers[3:5]:
        assert status == 503 and "not be checked" in text
    assert (answers[5][0], json.loads(answers[5][2])) == (200, {"alive": True})


def paths(place: Place) -> list[str]:
    pages = [f"{place.page}?lang={language}" for language in CANNOT]
    return [*pages, f"{place.page}.json", "/verify/?lang=en&q=B3Z1-A92H-D01C", "/livez", "/readyz"]


@really_committed
@on_sqlite
def test_all_is_well_where_nothing_is_wrong(place: Place):
    page, readyz = place.ask(f"{place.page}?lang=en", "/readyz")
    assert page[0] == 200 and "This certificate is valid" in verdict(page[2])
    assert checks(readyz) == {}


@really_committed
@on_sqlite
def test_read_only_disk(place: Place):
    needs_mounts()
    answers = place.ask(*paths(place), before='mount --bind "$VAR" "$VAR"; mount -o remount,ro,bind "$VAR"')
    assert_cannot_be_checked(place, answers)
    assert answers[6][0] == 503 and answers[6][1] < 10
    assert {"database", "files"} <= checks(answers[6]).keys()
    assert "Read-only file system" in checks(answers[6])["files"]


@really_committed
@on_sqlite
def test_database_that_is_gone(place: Place):
    place.file.rename(place.file.with_suffix(".away"))
    place.file.mkdir()
    answers = place.ask(*paths(place))
    assert_cannot_be_checked(place, answers)
    assert checks(answers[6])["database"] == "could not be checked (OperationalError)"
    assert checks(answers[6])["migrations"] == "not asked: the database does not answer"


@really_committed
@on_sqlite
def test_full_disk_is_named_and_reading_goes_on(place: Place):
    needs_mounts()
    small = 'cp -a "$VAR" "$VAR.copy"; mount -t tmpfs -o size=64m none "$VAR"; cp -a "$VAR.copy/." "$VAR"'
    pages = f"{place.page}?lang=en", "/livez", "/readyz"
    before, page, livez, readyz = place.ask(pages[0], f"fill {place.var}/filling", *pages, before=small)
    assert before[0] == 200
    assert page[0] == 200 and "This certificate is valid" in verdict(page[2])
    assert (livez[0], readyz[0]) == (200, 503)
    assert checks(readyz) == {"files": "the disk is full"}


@really_committed
@on_sqlite
def test_write_lock_of_another_process_is_named_in_time_and_readers_read(place: Place):
    with place.locked("writing"):
        page, livez, readyz = place.ask(f"{place.page}?lang=en", "/livez", "/readyz")
    assert page[0] == 200 and "This certificate is valid" in verdict(page[2])
    assert livez[0] == 200 and livez[1] < 1
    assert readyz[0] == 503 and readyz[1] < 5
    assert checks(readyz) == {"database": "locked: another process has been writing for two seconds"}


@really_committed
@on_sqlite
def test_list_that_is_due_is_shown_as_long_as_it_holds_while_nobody_can_sign(place: Place):
    with closing(sqlite3.connect(place.file)) as other, other:
        other.setconfig(sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, False)
        other.execute("UPDATE certificates_statuslist SET due_at = datetime(signed_at, '+1 second')")
    with place.locked("writing"):
        page, status = place.ask(f"{place.page}?lang=en", "/status/1")
    assert page[0] == 200 and "This certificate is valid" in verdict(page[2])
    assert status[0] == 200 and page[1] < 5


@really_committed
@on_sqlite
def test_database_that_another_process_has_for_itself(place: Place):
    with place.locked("exclusive"):
        answers = place.ask(*paths(place))
    assert_cannot_be_checked(place, answers)
    assert answers[6][0] == 503 and answers[6][1] < 10
    assert checks(answers[6])["database"] == "could not be checked (OperationalError)"


@really_committed
@on_postgresql
def test_monitoring_is_answered_in_time_where_a_table_is_locked(keys: None):
    installation.claim_base_url()
    worker.beat()
    parameters = connection.get_connection_params()
    with psycopg.connect(
        **{name: parameters[name] for name in ("dbname", "user", "host", "port") if name in parameters}
    ) as other:
        other.execute("LOCK TABLE operations_errand IN ACCESS EXCLUSIVE MODE")
        health.forget()
        began = time.monotonic()
        answer = Client().get("/readyz")
        assert time.monotonic() - began < 5
        other.rollback()
    assert answer.status_code == 503
    assert answer.json()["checks"]["errands"] == "could not be checked (OperationalError)"
    health.forget()
    assert (
        Client().get("/readyz").json()["checks"]["errands"] == "ok"
    )  # and questions may take their time again


@pytest.mark.django_db
def test_who_is_signed_in_reads_the_same(keys: None, officer: User, client_of: Any):
    """Neither the session nor the menu is asked on that page."""
    certificate = make_certificate(officer)
    client: Client = client_of(officer, headers={"accept-language": "en"})

    def away(*args: Any) -> None:
        raise OperationalError("the server closed the connection")

    with connection.execute_wrapper(away):
        answer = client.get(f"/c/{certificate.public_id}")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert verdict(answer.text).startswith(CANNOT["en"])
    assert settings.SESSION_COOKIE_NAME not in answer.cookies

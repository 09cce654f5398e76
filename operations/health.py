"""Health of the installation: alive, and ready. Apps to the right add checks of their own.

/livez is for load balancers and asks nothing. /readyz is for monitoring: a dead worker must not take
every web node away.
"""

import errno
import logging
import os
import secrets
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from . import clock, clock_guard, installation, waiting
from .limits import counted_together
from .models import Beat, Errand

log = logging.getLogger(__name__)
STALE_ERRAND = timedelta(minutes=10)
SILENT_WORKER = timedelta(minutes=1)
FRESH = 3.0  # seconds
PATIENCE = 2.0  # seconds in which a check's question must be answered
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
PROBE, LEAST_FREE = 65_536, 50_000_000  # bytes
LOCKED = "locked: another process has been writing for two seconds"
READ_ONLY = "can only be read"

type Ask = Callable[[], str | None]


@dataclass(frozen=True)
class HealthCheck:
    ask: Ask
    asks_database: bool


checks: dict[str, HealthCheck] = {}


def health_check(name: str, *, asks_database: bool = True) -> Callable[[Ask], Ask]:
    """Register a check, `@health_check("keys")`, over a function that returns what is wrong in words, or
    None.

    The words are public: no secret, no name, no path.
    """

    def decorate(ask: Ask) -> Ask:
        if name in checks:
            raise ValueError(f"{name} is checked twice.")
        checks[name] = HealthCheck(ask, asks_database)
        return ask

    return decorate


def problems() -> dict[str, str | None]:
    """Return each check with what is wrong, or None. A check that fails itself is a problem.

    Where the database does not answer in PATIENCE, the checks after that do not ask it: the answer comes in time.
    """
    answers: dict[str, str | None] = {}
    database_away = False
    for name, check in checks.items():
        if check.asks_database and database_away:
            answers[name] = "not asked: the database does not answer"
            continue
        answers[name], failed = _ask(name, check)
        database_away = database_away or failed
    return answers


_last: tuple[float, dict[str, str | None]] = (0.0, {})


def forget() -> None:
    """Ask anew at the next request."""
    global _last
    _last = (0.0, {})


def recent_problems() -> dict[str, str | None]:
    """Return the problems, asked at most once in FRESH seconds by each process: anybody may call the page."""
    global _last
    asked_at, answers = _last
    if not answers or not 0 <= time.monotonic() - asked_at < FRESH:
        answers = problems()
        _last = (time.monotonic(), answers)
    return answers


def _ask(name: str, check: HealthCheck) -> tuple[str | None, bool]:
    """Return what is wrong, and whether the database did not answer."""
    try:
        if not check.asks_database:
            return check.ask(), False
        with waiting.at_most(PATIENCE, statements=True):
            return check.ask(), False
    except Exception as error:
        log.exception("health check failed", extra={"check": name})
        away = isinstance(error, OperationalError | InterfaceError)
        return f"could not be checked ({type(error).__name__})", away


@health_check("database")
def _database() -> str | None:
    """Return what is wrong with reading from and writing to the database, or None."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            return READ_ONLY if cursor.fetchone() == ("on",) else None
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        if connection.in_atomic_block:
            return None
        try:
            cursor.execute("BEGIN IMMEDIATE")
        except OperationalError as error:
            return (
                LOCKED
                if "locked" in str(error)
                else READ_ONLY
                if "readonly" in str(error)
                else "cannot be written to"
            )
        cursor.execute("ROLLBACK")
    return None


@health_check("files", asks_database=False)
def _files() -> str | None:
    """Return what is wrong with writing under NISANE_VAR and with its free space, or None."""
    try:
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.VAR_DIR) as file:
            file.write(b"0" * PROBE)
            file.flush()
            free = shutil.disk_usage(settings.VAR_DIR).free
    except OSError as error:
        return (
            "the disk is full"
            if error.errno in FULL
            else f"cannot be written ({os.strerror(error.errno or 0)})"
        )
    return f"less than {LEAST_FREE // 1_000_000} MB free on the disk" if free < LEAST_FREE else None


@health_check("migrations")
def _migrations() -> str | None:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} not applied" if waiting else None


@health_check("base URL")
def _base_url() -> str | None:
    installation.check_base_url()
    return None


@health_check("clock")
def _clock() -> str | None:
    return clock_guard.problem()


@health_check("cache", asks_database=False)
def _cache() -> str | None:
    if not counted_together():
        return (
            "Redis does not answer: each process counts for itself, and codes of the second step are refused"
        )
    key = f"operations.health:{secrets.token_hex(8)}"
    cache.set(key, "kept", timeout=10)
    return None if cache.get(key) == "kept" else "does not keep what it is given"


@health_check("worker")
def _worker() -> str | None:
    newest = Beat.objects.order_by("-at").values_list("at", flat=True).first()
    if newest is None:
        return "none has been seen"
    silent = clock.real_now() - newest
    return f"none seen for {int(silent.total_seconds())} s" if silent > SILENT_WORKER else None


@health_check("errands")
def _errands() -> str | None:
    stale = Errand.objects.filter(state=Errand.State.OPEN, due_at__lt=clock.real_now() - STALE_ERRAND)
    return _counted(stale.values_list("kind", flat=True), "overdue")


@health_check("given-up errands")
def _given_up() -> str | None:
    given_up = Errand.objects.filter(state=Errand.State.GIVEN_UP)
    return _counted(given_up.values_list("kind", flat=True), "given up")


def _counted(kinds: Iterable[str], word: str) -> str | None:
    counts = Counter(kinds)
    return f"{word}: " + ", ".join(f"{kind} × {n}" for kind, n in sorted(counts.items())) if counts else None

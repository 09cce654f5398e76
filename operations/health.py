"""Is the installation alive, is it ready? Apps to the right add checks of their own.

/livez is for load balancers and asks nothing. /readyz is for monitoring: a dead worker must not take
every web node away.
"""

import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from . import clock, installation
from .limits import counted_together
from .models import Beat, Errand

log = logging.getLogger(__name__)
STALE_ERRAND = timedelta(minutes=10)
SILENT_WORKER = timedelta(minutes=1)
FRESH = 3.0  # seconds

type Check = Callable[[], str | None]

checks: dict[str, Check] = {}


def health_check(name: str) -> Callable[[Check], Check]:
    """`@health_check("keys")` over a function that returns what is wrong in words, or None.

    The words are public: no secret, no name, no path.
    """

    def decorate(check: Check) -> Check:
        if name in checks:
            raise ValueError(f"{name} is checked twice.")
        checks[name] = check
        return check

    return decorate


def problems() -> dict[str, str | None]:
    """Each check with what is wrong, or None. A check that fails itself is a problem."""
    return {name: _ask(name, check) for name, check in checks.items()}


_last: tuple[float, dict[str, str | None]] = (0.0, {})


def forget() -> None:
    """Ask anew at the next request."""
    global _last
    _last = (0.0, {})


def recent_problems() -> dict[str, str | None]:
    """The same, asked at most once in FRESH seconds by each process: anybody may call the page."""
    global _last
    asked_at, found = _last
    if not found or not 0 <= time.monotonic() - asked_at < FRESH:
        found = problems()
        _last = (time.monotonic(), found)
    return found


def _ask(name: str, check: Check) -> str | None:
    try:
        return check()
    except Exception as error:
        log.exception("health check failed", extra={"check": name})
        return f"could not be checked ({type(error).__name__})"


@health_check("database")
def _database() -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return None


@health_check("migrations")
def _migrations() -> str | None:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} not applied" if waiting else None


@health_check("base URL")
def _base_url() -> str | None:
    installation.claim_base_url()
    return None


@health_check("cache")
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

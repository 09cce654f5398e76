"""Places of measurement: the embedded default, and what production runs, PostgreSQL with Redis."""

import os
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

POSTGRESQL = "postgres://postgres@127.0.0.1:5432/postgres"
REDIS = "redis://127.0.0.1:6379/15"


@dataclass(frozen=True)
class Place:
    """`database`: a new one is made beside it; SQLite where it is empty."""

    name: str
    database: str = ""
    redis: str = ""


EMBEDDED = Place("embedded")


def production() -> Place | None:
    """Return what DATABASE_URL (or NISANE_TEST_POSTGRESQL) and REDIS_URL name, else what answers on this machine."""
    database = os.environ.get("DATABASE_URL") or os.environ.get("NISANE_TEST_POSTGRESQL") or POSTGRESQL
    redis = os.environ.get("REDIS_URL") or REDIS
    if database.startswith("postgres") and _answers(database, 5432) and _answers(redis, 6379):
        return Place("production", database, redis)
    return None


def missing() -> str:
    return "PostgreSQL with Redis was not tried: set DATABASE_URL and REDIS_URL to those that answer."


def _answers(url: str, port: int) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or port), timeout=2):
            return True
    except OSError:
        return False

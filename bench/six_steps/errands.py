"""Six steps as an issue has them: rows, a signature that takes a while, a file, a notice with its mail."""

import secrets
import time
from typing import Any

from operations import files, notices
from operations.models import Errand
from operations.outbox import ErrandStep, register_errand
from people.models import User

from . import chunks  # noqa: F401 - its job is registered
from .models import Effect

NAMES = ("reservation", "credential", "certificate", "document", "status", "notice")
KIND = "bench.six_steps"
SLOW = 0.25  # seconds a step: most blows fall into one


def _prepare(errand: Errand) -> str:
    time.sleep(SLOW)
    return ""


def _write_file(errand: Errand) -> str:
    """Not the same bytes each time, as a signature is not: the name is the hash, the row decides."""
    time.sleep(SLOW)
    return files.store(f"{errand.key} {secrets.token_hex(8)}\n".encode() * 2000, ".txt")


def _commit(name: str) -> Any:
    def commit(errand: Errand, sha256: str) -> None:
        Effect.objects.create(key=errand.key, step=name, sha256=sha256)
        if name == "notice":
            person = User.objects.get(email="kill@bench.example")
            notices.notify(person=person, kind="bench.made", subject_id=errand.key)

    return commit


register_errand(
    KIND,
    *(
        ErrandStep(name, prepare=_write_file if name == "document" else _prepare, commit=_commit(name))
        for name in NAMES
    ),
)
notices.register_notice("bench.made", subject="It is made", template="six_steps/made.html")

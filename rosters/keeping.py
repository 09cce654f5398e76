"""The file of an import while it is at work: as it was sent, then as plain lines. Neither outlives it."""

from typing import IO, BinaryIO, cast

from django.core.files.base import File
from django.core.files.storage import Storage, storages

from .models import RosterImport

SENT, LINES = "sent", "lines"


def _storage() -> Storage:
    return storages["documents"]


def _name(roster: RosterImport, what: str) -> str:
    return f"rosters/{roster.public_id}.{what}"


def keep(roster: RosterImport, what: str, file: IO[bytes]) -> None:
    """Twice is once: what was there before is replaced."""
    storage, name = _storage(), _name(roster, what)
    storage.delete(name)
    file.seek(0)
    storage.save(name, File(file))


def opened(roster: RosterImport, what: str) -> BinaryIO:
    return cast(BinaryIO, _storage().open(_name(roster, what), "rb"))


def forget(roster: RosterImport, *parts: str) -> None:
    for what in parts or (SENT, LINES):
        _storage().delete(_name(roster, what))

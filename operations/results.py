"""Files that jobs leave for their owners, in the storage "results", until they expire."""

import os
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages


def scratch(suffix: str) -> Path:
    """Return an empty file that only this user can read."""
    folder = Path(settings.VAR_DIR, "results")
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(suffix=suffix, prefix="scratch-", dir=folder)
    os.close(descriptor)
    return Path(name)


def store(content: bytes | Path) -> str:
    """Keep a file under a name that nobody can guess. The row that points at it is written after it.

    A scratch file is gone afterwards, any other path stays.
    """
    name, storage = secrets.token_urlsafe(24), _storage()
    if isinstance(storage, FileSystemStorage):
        _write(Path(storage.path(name)), content)
    elif isinstance(content, Path):
        with content.open("rb") as file:
            storage.save(name, File(file))
    else:
        storage.save(name, ContentFile(content))
    if isinstance(content, Path) and content.name.startswith("scratch-"):
        content.unlink(missing_ok=True)
    return name


def opened(name: str) -> IO[Any] | None:
    """Return the file to read; None where it is gone."""
    try:
        return _storage().open(name)
    except FileNotFoundError:
        return None


def delete(name: str) -> None:
    _storage().delete(name)


def _storage() -> Storage:
    return storages["results"]


def _write(path: Path, content: bytes | Path) -> None:
    """Write beside, fsync, rename: a crash leaves no torn file under a name that a row has."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.tmp")
    with os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        if isinstance(content, Path):
            with content.open("rb") as source:
                shutil.copyfileobj(source, file)
        else:
            file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)

"""Files named by the hash of their content, in the storage "documents".

On a disk: write beside, fsync, rename. Whoever dies in between leaves a stray temporary file, never a
torn one under a right name. The row that points at a file is written after it.
"""

import hashlib
import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages

from . import clock

FRESH = timedelta(hours=1)  # younger files are not taken for stray ones (`stray_files`)


class Damaged(Exception):
    """The file is gone, or is not what its name says."""


def store(content: bytes, suffix: str) -> str:
    """Keep the content; returns its SHA-256, 64 hexadecimal digits. Twice is once, and the file is young again."""
    sha256 = hashlib.sha256(content).hexdigest()
    storage: Any = _storage()
    name = name_of(sha256, suffix)
    if isinstance(storage, FileSystemStorage):
        _write(Path(storage.path(name)), content)
        return sha256
    if not storage.exists(name) or storage.get_modified_time(name) < clock.real_now() - FRESH:
        # In its place, under its name: deleted before, a file that a row names would be gone where this process dies.
        storage._save(name, ContentFile(content))
    return sha256


def read(sha256: str, suffix: str) -> bytes:
    """Return exactly the bytes that were stored; raise Damaged otherwise."""
    try:
        with _storage().open(name_of(sha256, suffix)) as file:
            content: bytes = file.read()
    except FileNotFoundError as error:
        raise Damaged(f"{sha256}{suffix} is missing.") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Damaged(f"{sha256}{suffix} is not what was stored.")
    return content


def exists(sha256: str, suffix: str) -> bool:
    """Return whether there is a file of this name; `read` tells whether it is whole."""
    return _storage().exists(name_of(sha256, suffix))


def delete(sha256: str, suffix: str) -> None:
    """Delete the file, whether or not it is still there: for erasure."""
    _storage().delete(name_of(sha256, suffix))


def _storage() -> Storage:
    return storages["documents"]


def name_of(sha256: str, suffix: str) -> str:
    """Return where the file lies in the storage."""
    return f"{sha256[:2]}/{sha256}{suffix}"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Sync the folder: the rename itself must outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Files that hold keys: written once, read only when nobody else can read them."""

import os
import secrets
import stat
from pathlib import Path


class KeysRefused(Exception):
    """The keys are not in order; the message names the file or purpose and is meant for the operator."""


class KeysMissing(KeysRefused):
    pass


class KeysUnsafe(KeysRefused):
    pass


class KeysUnreadable(KeysRefused):
    pass


def write_once(path: Path, data: bytes, *, mode: int) -> bool:
    """Creates `path` whole or not at all; False when it was already there, which is left untouched."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
    finally:
        temporary.unlink()
    _sync_directory(path.parent)
    return True


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_private(path: Path) -> bytes:
    """The bytes of a private file; KeysMissing, or KeysUnsafe when group or others may touch it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError as error:
        raise KeysMissing(f"{path} is missing") from error
    except OSError as error:
        raise KeysUnreadable(f"{path} cannot be read: {error.strerror}") from error
    with os.fdopen(descriptor, "rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        if mode & 0o077:
            raise KeysUnsafe(f"{path} has mode {mode:04o}; nobody but its owner may touch it (chmod 600)")
        return file.read()

"""A national id is kept as a keyed hash alone: enough to recognise the same person, not to be read back. So is the
person in what is signed.
"""

import base64
import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings

KEY_FILE = "national-id-key"  # in NISANE_KEYS_DIR, never in the database


def national_id_hash(national_id: str) -> str:
    """Return 64 hexadecimal digits; the same for the same id, however it is typed."""
    plain = "".join(national_id.split()).casefold()
    return hmac.new(_key(Path(settings.KEYS_DIR)), plain.encode(), hashlib.sha256).hexdigest()


def derived_key(purpose: str) -> bytes:
    """Return 32 bytes for another purpose, from the same key: they tell nothing of it."""
    return hmac.new(_key(Path(settings.KEYS_DIR)), f"for {purpose}".encode(), hashlib.sha256).digest()


def pseudonym(public_id: str) -> str:
    """Return 22 characters that stand for a record of a person in what is signed: the same for the same record, and
    telling whose it is only to whoever has the key.
    """
    digest = hmac.new(derived_key("pseudonyms"), public_id.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode("ascii")


@lru_cache(maxsize=2)
def _key(directory: Path) -> bytes:
    """Return the key, made at first need; where another process was quicker, the key it made."""
    path = directory / KEY_FILE
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{secrets.token_hex(8)}.tmp")
    if not path.exists():
        try:
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
                file.flush()
                os.fsync(file.fileno())
            os.link(beside, path)  # refuses where it exists: never two keys
        except FileExistsError:
            pass
        finally:
            beside.unlink(missing_ok=True)
    return bytes.fromhex(path.read_text().strip())

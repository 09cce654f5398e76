"""One byte sequence for one JSON value (RFC 8785), so that a hash means the same everywhere."""

import hashlib
from datetime import UTC, date, datetime
from typing import Any

import rfc8785
from django.utils.functional import Promise


def dumps(value: Any) -> bytes:
    """Return the RFC 8785 bytes of a value: keys sorted, no spaces, UTF-8. Raise ValueError for what JSON
    cannot say exactly.
    """
    return rfc8785.dumps(value)


def sha256(value: Any) -> str:
    """Return the SHA-256 of the canonical bytes, 64 hexadecimal digits."""
    return hashlib.sha256(dumps(value)).hexdigest()


def plain(value: Any) -> Any:
    """Return the value as JSON types: instants in UTC, days in ISO 8601, lazy text as text."""
    match value:
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case set() | frozenset():
            return sorted(plain(item) for item in value)
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Promise():
            return str(value)
        case _:
            return value

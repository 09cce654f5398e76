"""The JSON-LD contexts we sign under, pinned by digest. Nothing is fetched; see ORIGIN.md."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from pyld import jsonld

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"

_HERE = Path(__file__).parent
_PINNED = {
    CREDENTIALS: (
        "credentials-v2.jsonld",
        "8a9f494a89ecc51db093e90e84713e07e84d6d9204364a9b3c7868b21751236f",
    ),
    OPEN_BADGES: (
        "open-badges-3.0.3.jsonld",
        "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761",
    ),
}


class ContextChanged(Exception):
    """A context file is not the one we pinned: nothing may be signed or verified under it."""


@cache
def _pinned(address: str) -> dict[str, Any]:
    name, digest = _PINNED[address]
    data = (_HERE / name).read_bytes()
    if hashlib.sha256(data).hexdigest() != digest:
        raise ContextChanged(name)
    found: dict[str, Any] = json.loads(data)
    return found


def load_context(address: str, options: object = None) -> dict[str, Any]:
    """The document loader for PyLD: a pinned context, or a refusal."""
    if address not in _PINNED:
        raise jsonld.JsonLdError(
            f"context refused: {address}", "jsonld.LoadDocumentError", code="loading document failed"
        )
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": address,
        "document": _pinned(address),
    }

"""The issuer as others resolve it: did:web and its document at `/.well-known/did.json`."""

from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from .jsontext import Json
from .keys import PublicKey, Purpose
from .multikey import multikey

_CONTEXT = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
# Only these may vouch for a credential; a stolen QR or receipt key cannot issue one to anybody who
# resolves this document.
_ASSERTING = (Purpose.CREDENTIAL, Purpose.STATUS)


def did_of(base_url: str) -> str:
    """`did:web:localhost%3A8000` for `http://localhost:8000`; ValueError when there is more than a host."""
    parts = urlsplit(base_url)
    if not parts.netloc or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("did:web needs scheme and host only")
    return f"did:web:{quote(parts.netloc, safe='.-')}"


def did_document(base_url: str, public_keys: Iterable[PublicKey]) -> Json:
    """Every key ever used, retired ones too: one that is left out takes its certificates with it.

    `assertionMethod` lists names, not objects: some verifiers accept nothing else.
    """
    did = did_of(base_url)
    keys = list(public_keys)
    return {
        "@context": list(_CONTEXT),
        "id": did,
        "verificationMethod": [
            {
                "id": f"{did}#{key.kid}",
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": multikey(key.raw),
            }
            for key in keys
        ],
        "assertionMethod": [f"{did}#{key.kid}" for key in keys if key.purpose in _ASSERTING],
    }

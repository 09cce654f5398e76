"""The signed forms, byte for byte, under keys that everybody knows: a form that changes gets a number of its own.

Written anew, after a look at what changed, by `python -m tests.certificates.credentials.golden`.
"""

import json
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from certificates.credentials.event import make_event
from certificates.credentials.jsontext import Json
from certificates.credentials.keys import FileSigner, Keyring, PublicKey, Purpose
from certificates.credentials.statement import make_statement

from ...proof_values import COMMITMENTS, CREATED, EVENT, FACTS

FOLDER = Path(__file__).parent


def _signer(purpose: Purpose) -> FileSigner:
    seed = sha256(f"golden {purpose}".encode()).digest()
    return FileSigner(f"{purpose}-2026-1", Ed25519PrivateKey.from_private_bytes(seed))


SIGNERS = {purpose: _signer(purpose) for purpose in (Purpose.CREDENTIAL, Purpose.STATUS)}
KEYRING = Keyring(
    [
        PublicKey(signer.kid, purpose, signer._key.public_key().public_bytes_raw())
        for purpose, signer in SIGNERS.items()
    ],
    SIGNERS,
)


def made() -> dict[str, Json]:
    """Each signed form by its name and number."""
    return {
        "statement-3": make_statement(
            FACTS, COMMITMENTS, signer=SIGNERS[Purpose.CREDENTIAL], created=CREATED
        ),
        "event-1": make_event(EVENT, signer=SIGNERS[Purpose.STATUS]),
    }


def kept(name: str) -> Json:
    found: Json = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found

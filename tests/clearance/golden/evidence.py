"""A frozen file of evidence, byte for byte, under a key that everybody knows."""

import base64
import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from certificates.credentials.evidence import TYPE, make_evidence
from certificates.credentials.keys import FileSigner, Keyring, PublicKey, Purpose
from clearance.evidence_file import FORMAT, NOT_INCLUDED, decision_1
from clearance.models import DutyFunction
from operations import canonical
from people.models import Agency, User

from .frozen import FOLDER, decision, override

KEY = Ed25519PrivateKey.from_private_bytes(sha256(b"golden receipt").digest())
SIGNER = FileSigner("receipt-2026-1", KEY)
KEYRING = Keyring([PublicKey("receipt-2026-1", Purpose.RECEIPT, KEY.public_key().public_bytes_raw())])


def made() -> dict[str, Any]:
    """Return the file as it would be made today of the frozen decision, and of the same as a refusal that was overruled."""
    asked, overruled = decision(), override()
    refused = overruled.decision
    agency = Agency(code="labour-inspection")
    for each in (asked, refused):
        each.agency, each.asking_agency = agency, agency
        each.person, each.asked_by = User(public_id="p" * 22), User(public_id="d" * 22)
        each.receipt = b"receipt"
    overruled.by, overruled.receipt = User(public_id="s" * 22), b"second receipt"
    assert isinstance(asked.function, DutyFunction)
    contents = canonical.plain({
        "type": TYPE, "format": FORMAT, "made_at": datetime(2026, 12, 1, tzinfo=UTC), "not_included": list(NOT_INCLUDED),
        "decisions": [decision_1(asked), decision_1(refused)],
    })  # fmt: skip
    return make_evidence(contents, signer=SIGNER)


def kept() -> dict[str, Any]:
    return dict(json.loads((FOLDER / f"evidence-{FORMAT}.json").read_text(encoding="utf-8")))


def signature_of(document: dict[str, Any]) -> bytes:
    return base64.urlsafe_b64decode(document["proof"]["signature"])

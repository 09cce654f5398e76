"""Evidence files: contents and one signature over all of them, by the key that signs receipts.

What is signed begins with words that no receipt begins with: neither can be taken for the other.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from .errors import ProofError, Reason
from .jsontext import Json, canonical
from .keys import Keyring, Purpose, Signer

TYPE = "NisaneEvidence"
MOST_BYTES = 50_000_000
MOST_VALUES = 3_000_000
_PROOF = {"kid", "algorithm", "signature"}
_ALGORITHM = "Ed25519"


def make_evidence(contents: Mapping[str, Any], *, signer: Signer) -> Json:
    """Return {contents, proof}; `signer` has the purpose receipt. The same for the same contents and key."""
    said = dict(contents)
    signature = base64.urlsafe_b64encode(signer.sign(_to_be_signed(said))).decode("ascii")
    return {"contents": said, "proof": {"kid": signer.kid, "algorithm": _ALGORITHM, "signature": signature}}


def verify_evidence(document: Json, *, keyring: Keyring) -> Json:
    """Return the contents of a genuine file of ours; `ProofError` for anything else."""
    contents, proof = document.get("contents"), document.get("proof")
    if (
        set(document) != {"contents", "proof"}
        or not isinstance(contents, dict)
        or not isinstance(proof, dict)
    ):
        raise ProofError(Reason.FORM, "not an evidence file")
    if set(proof) != _PROOF or proof["algorithm"] != _ALGORITHM or contents.get("type") != TYPE:
        raise ProofError(Reason.FORM, "not an evidence file of ours")
    try:
        signature = base64.urlsafe_b64decode(str(proof["signature"]))
    except (ValueError, binascii.Error) as error:
        raise ProofError(Reason.FORM, "no signature in base64url") from error
    keyring.verify(str(proof["kid"]), Purpose.RECEIPT, signature, _to_be_signed(contents))
    return contents


def _to_be_signed(contents: Json) -> bytes:
    return f"{TYPE} {contents.get('format')}\n".encode() + canonical(contents)

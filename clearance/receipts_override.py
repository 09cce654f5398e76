"""Receipts of overrides: a second signed receipt, which names the decision's and says *overridden*; no person."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings

from certificates.credentials.errors import ProofError
from certificates.credentials.keyfiles import KeysRefused
from certificates.credentials.receipt import ReceiptValue, sign_receipt, verify_receipt
from certificates.signing import keyring
from operations import canonical, clock_guard

from .models import DecisionOverride
from .receipts import url_of

FORMAT = 1
KIND = "override"


def _claims_1(override: DecisionOverride) -> dict[str, ReceiptValue]:
    """The answer stays; a hash ties this receipt to the bytes of the decision's."""
    decision = override.decision
    return {
        "format": 1,
        "kind": KIND,
        "receipt": url_of(decision.public_id),
        "receipt_sha256": hashlib.sha256(bytes(decision.receipt)).hexdigest(),
        "issuer": settings.ISSUER_DID,
        "answer": str(decision.answer),
        "overridden": True,
        "reason": str(override.reason),
        "at": str(canonical.plain(override.at)),
        "review_until": str(canonical.plain(override.review_until)),
    }


# One builder for each format, kept for as long as receipts in it are kept.
BUILDERS: Mapping[int, Callable[[DecisionOverride], dict[str, ReceiptValue]]] = {1: _claims_1}


def claims_of(override: DecisionOverride) -> dict[str, ReceiptValue]:
    return BUILDERS[FORMAT](override)


def sign(override: DecisionOverride) -> tuple[bytes, str]:
    """The receipt's bytes and the name of the key that signed them. ClockBehind: then nothing is signed."""
    clock_guard.refuse_if_behind()
    signer = keyring().signer("receipt")
    return sign_receipt(claims_of(override), signer=signer), signer.kid


def read(override: DecisionOverride) -> dict[str, Any] | None:
    """Return what the genuine receipt says; None where it could not be checked, or the row says something else."""
    try:
        receipt = verify_receipt(bytes(override.receipt), keyring=keyring())
        now = BUILDERS[receipt.claims["format"]](override)
    except (ProofError, KeysRefused, LookupError, TypeError, AttributeError):
        return None
    return receipt.claims if receipt.claims == now and receipt.kid == override.key else None

"""Receipts of clearance decisions: COSE_Sign1 under a key that signs nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .cose import MOST_BYTES, sign1, verify1
from .errors import ProofError, Reason
from .keys import Keyring, Purpose, Signer

MEDIA_TYPE = "application/nisane-receipt+cbor"

type ReceiptValue = str | int | bool | None | list[ReceiptValue] | dict[str, ReceiptValue]


@dataclass(frozen=True)
class Receipt:
    """Contents of a genuine receipt, and the name of the key that signed it."""

    claims: dict[str, Any]
    kid: str


def sign_receipt(claims: Mapping[str, ReceiptValue], *, signer: Signer) -> bytes:
    """The receipt's bytes, the same for the same claims and key (at most 8 KiB).

    ValueError when a claim is of a kind that does not come back as it was (floats, dates, bytes).
    """
    _check(dict(claims))
    data = sign1(dict(claims), signer=signer, kind=MEDIA_TYPE)
    if len(data) > MOST_BYTES:
        raise ValueError(f"a receipt of {len(data)} bytes; at most {MOST_BYTES}")
    return data


def verify_receipt(data: bytes, *, keyring: Keyring) -> Receipt:
    """`ProofError` unless it is a receipt of ours, byte for byte."""
    kid, payload = verify1(data, keyring=keyring, purpose=Purpose.RECEIPT, kind=MEDIA_TYPE)
    if not all(isinstance(name, str) for name in payload):
        raise ProofError(Reason.FORM, "signed, but not a receipt of ours")
    return Receipt(payload, kid)


def _check(value: object) -> None:
    if isinstance(value, dict):
        if not all(isinstance(name, str) for name in value):
            raise ValueError("names of claims are texts")
        for item in value.values():
            _check(item)
    elif isinstance(value, list):
        for item in value:
            _check(item)
    elif not (value is None or isinstance(value, str | int)):
        raise ValueError(f"a receipt cannot hold a {type(value).__name__}")

"""COSE_Sign1 (RFC 9052 §4.2) with Ed25519: the one form of it that we write, and nothing else read.

A foreign byte is never decoded as CBOR before its signature has been verified.
"""

from typing import Any

import cbor2

from .errors import ProofError, Reason
from .keys import Keyring, Signer

_TAG_AND_ARRAY = b"\xd2\x84"  # tag 18, array of four
_NO_UNPROTECTED = b"\xa0"
_SIGNATURE = b"\x58\x40"  # a byte string of 64
_ALGORITHM, _KEY_ID, _TYPE = 1, 4, 16
_EDDSA = -8
MOST_BYTES = 8 * 1024


def sign1(payload: dict[Any, Any], *, signer: Signer, external: bytes = b"", kind: str = "") -> bytes:
    """The tagged message. `external` is signed but not carried; `kind` is its media type, if it has one."""
    protected = _protected(signer.kid, kind)
    content = cbor2.dumps(payload, canonical=True)
    signature = signer.sign(_to_be_signed(protected, external, content))
    parts = (cbor2.dumps(protected), _NO_UNPROTECTED, cbor2.dumps(content), _SIGNATURE + signature)
    return _TAG_AND_ARRAY + b"".join(parts)


def verify1(
    data: bytes, *, keyring: Keyring, purpose: str, external: bytes = b"", kind: str = ""
) -> tuple[str, dict[Any, Any]]:
    """Name of the key and payload of a genuine message; `ProofError` otherwise."""
    if len(data) > MOST_BYTES:
        raise ProofError(Reason.TOO_LARGE, f"more than {MOST_BYTES} bytes")
    protected, content, signature = _split(data)
    for kid in keyring.kids(purpose):
        if protected == _protected(kid, kind):
            keyring.verify(kid, purpose, signature, _to_be_signed(protected, external, content))
            payload = cbor2.loads(content)
            if not isinstance(payload, dict):
                raise ProofError(Reason.FORM, "the payload is not a map")
            return kid, payload
    raise ProofError(Reason.KEY, f"by no key of ours for {purpose!s}")


def _protected(kid: str, kind: str) -> bytes:
    header: dict[int, Any] = {_ALGORITHM: _EDDSA, _KEY_ID: kid.encode("ascii")}
    if kind:
        header[_TYPE] = kind
    return cbor2.dumps(header, canonical=True)


def _to_be_signed(protected: bytes, external: bytes, content: bytes) -> bytes:
    return cbor2.dumps(["Signature1", protected, external, content])


def _split(data: bytes) -> tuple[bytes, bytes, bytes]:
    if data[:2] != _TAG_AND_ARRAY:
        raise ProofError(Reason.FORM, "not a tagged COSE_Sign1")
    protected, position = _byte_string(data, 2)
    if data[position : position + 1] != _NO_UNPROTECTED:
        raise ProofError(Reason.FORM, "an unprotected header")
    content, position = _byte_string(data, position + 1)
    if data[position : position + 2] != _SIGNATURE or len(data) != position + 2 + 64:
        raise ProofError(Reason.FORM, "no signature of 64 bytes at the end")
    return protected, content, data[position + 2 :]


def _byte_string(data: bytes, position: int) -> tuple[bytes, int]:
    """A CBOR byte string in its shortest form, and where the next item begins."""
    head = data[position] if position < len(data) else 0
    extra = {0x58: 1, 0x59: 2}.get(head, 0)
    if not (0x40 <= head <= 0x57 or extra):
        raise ProofError(Reason.FORM, "not a byte string")
    start = position + 1 + extra
    length = int.from_bytes(data[position + 1 : start], "big") if extra else head - 0x40
    found = data[start : start + length]
    if cbor2.dumps(found) != data[position : start + length] or len(found) != length:
        raise ProofError(Reason.FORM, "a byte string cut short, or not in its shortest form")
    return found, start + length

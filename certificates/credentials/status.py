"""Status lists: one bit for each certificate, signed, published, re-signed before they grow stale.

W3C Bitstring Status List 1.0. A list has 131,072 places, so that asking for it does not tell whose
certificate is being checked.
"""

import base64
import binascii
import gzip
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from . import dataintegrity
from .contexts import CREDENTIALS
from .did import did_of
from .errors import ProofError, Reason
from .facts import ENTRIES, read_utc, utc_text
from .jsontext import Json
from .keys import Keyring, Purpose, Signer

CONTEXT = [CREDENTIALS]
PURPOSES = ("revocation", "suspension")
_BYTES = ENTRIES // 8
_LONGEST_ENCODED = 32 * 1024  # an incompressible list is about 22,000 characters


@dataclass(frozen=True, kw_only=True)
class StatusList:
    """A genuine, current list."""

    number: int
    purpose: str
    valid_from: datetime
    valid_until: datetime
    bits: bytes = field(repr=False)

    def is_marked(self, index: int) -> bool:
        """IndexError outside 0 … 131,071."""
        if not 0 <= index < ENTRIES:
            raise IndexError(index)
        return bool(self.bits[index >> 3] & (0x80 >> (index & 7)))

    def marked(self) -> Iterator[int]:
        for place, byte in enumerate(self.bits):
            if byte:
                yield from (8 * place + bit for bit in range(8) if byte & (0x80 >> bit))


def encode_list(marked: Iterable[int]) -> str:
    """Multibase base64url of the gzipped bits; the same text for the same indexes."""
    bits = bytearray(_BYTES)
    for index in marked:
        if not 0 <= index < ENTRIES:
            raise IndexError(index)
        bits[index >> 3] |= 0x80 >> (index & 7)
    packed = gzip.compress(bytes(bits), 9, mtime=0)
    return "u" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")


def decode_list(encoded: object) -> bytes:
    """Exactly 16,384 bytes; `ProofError` for anything that unpacks to less or, however small, to more."""
    if not isinstance(encoded, str) or not encoded.startswith("u"):
        raise ProofError(Reason.FORM, "not a multibase list")
    if len(encoded) > _LONGEST_ENCODED:
        raise ProofError(Reason.TOO_LARGE, "encoded list")
    text = encoded[1:]
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        unpacker = zlib.decompressobj(wbits=31)
        bits = unpacker.decompress(packed, _BYTES + 1)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise ProofError(Reason.FORM, "not a packed list") from error
    if len(bits) != _BYTES or not unpacker.eof or unpacker.unused_data:
        raise ProofError(Reason.FORM, "not a list of 131,072 places")
    return bits


def sign_status_list(
    *,
    base_url: str,
    number: int,
    purpose: str,
    marked: Iterable[int],
    valid_from: datetime,
    valid_until: datetime,
    signer: Signer,
    ttl: timedelta,
) -> Json:
    """The signed list credential, by `signer` (purpose status).

    `valid_from` is also when it was signed; `ttl` is how long others may keep a copy.
    """
    if purpose not in PURPOSES:
        raise ValueError(f"no list for {purpose}")
    address = f"{base_url}/status/{number}"
    did = did_of(base_url)
    document = {
        "@context": list(CONTEXT),
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did,
        "validFrom": utc_text(valid_from),
        "validUntil": utc_text(valid_until),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "ttl": int(ttl.total_seconds() * 1000),
            "encodedList": encode_list(marked),
        },
    }
    return dataintegrity.sign(document, signer=signer, did=did, created=valid_from)


def verify_status_list(
    document: Json,
    *,
    keyring: Keyring,
    base_url: str,
    number: int,
    purpose: str,
    at: datetime,
    fast: bool = False,
) -> StatusList:
    """The list, when it is ours, that number, for that purpose and current at `at`; else `ProofError`.

    Reason `expired` stands for a genuine list that is not current: what depends on it could not be checked.
    """
    did = did_of(base_url)
    dataintegrity.verify(
        document, keyring=keyring, purpose=Purpose.STATUS, did=did, context=CONTEXT, fast=fast
    )
    try:
        found = _read(document, number, purpose, f"{base_url}/status/{number}", did)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ProofError(Reason.FORM, "signed, but not a status list of ours") from error
    if not found.valid_from <= at < found.valid_until:
        raise ProofError(Reason.EXPIRED, f"list {number} is not current")
    return found


def _read(document: Json, number: int, purpose: str, address: str, did: str) -> StatusList:
    subject: dict[str, Any] = document["credentialSubject"]
    expected = {
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did,
    }
    expected_subject = {"id": f"{address}#list", "type": "BitstringStatusList", "statusPurpose": purpose}
    same = all(document[name] == value for name, value in expected.items())
    if not same or any(subject[name] != value for name, value in expected_subject.items()):
        raise ProofError(Reason.DIFFERS, "another list than the one asked for")
    return StatusList(
        number=number,
        purpose=purpose,
        valid_from=read_utc(document["validFrom"]),
        valid_until=read_utc(document["validUntil"]),
        bits=decode_list(subject["encodedList"]),
    )

"""The QR token: what the paper says, signed, in the part of the address that browsers do not send.

`https://…/c/<id>#<token>`: a CBOR Web Token (RFC 8392) in COSE_Sign1, base32 without padding, so that the
QR code keeps to its alphanumeric mode. The id is signed along as external data: a token moved to another
certificate's address does not verify.
"""

import base64
import binascii
import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import segno
from segno import consts

from .cose import sign1, verify1
from .errors import ProofError, Reason
from .facts import Bearer, CertificateFacts, StatusEntry
from .keys import Keyring, Purpose, Signer

_EXPIRES, _NOT_BEFORE = 4, 5  # claims of RFC 8392
_OURS = -65537  # private use
_BASE32 = re.compile(r"[A-Z2-7]+")
_LONGEST_FRAGMENT = 1600


@dataclass(frozen=True, kw_only=True)
class QrContents:
    """Contents of a genuine token. Personal: name and agency as printed."""

    name: str
    agency: str
    qualification_code: str
    valid_from: datetime
    valid_until: datetime
    revocation: StatusEntry
    suspension: StatusEntry
    kid: str


def make_token(facts: CertificateFacts, bearer: Bearer, *, signer: Signer) -> bytes:
    """The token's bytes, by `signer` (purpose qr)."""
    ours = [
        bearer.name,
        bearer.agency["az"],
        facts.qualification_code,
        [facts.revocation.list_number, facts.revocation.index],
        [facts.suspension.list_number, facts.suspension.index],
    ]
    claims = {
        _EXPIRES: int(facts.valid_until.timestamp()),
        _NOT_BEFORE: int(facts.valid_from.timestamp()),
        _OURS: ours,
    }
    return sign1(claims, signer=signer, external=facts.public_id.encode("ascii"))


def verify_token(token: bytes, *, public_id: str, keyring: Keyring) -> QrContents:
    """Return what the token says, when it is ours and belongs to this id; `ProofError` otherwise.

    Says nothing about revocation or the period of validity.
    """
    external = public_id.encode("ascii", "replace")
    kid, claims = verify1(token, keyring=keyring, purpose=Purpose.QR, external=external)
    try:
        name, agency, code, revocation, suspension = claims[_OURS]
        return QrContents(
            name=str(name),
            agency=str(agency),
            qualification_code=str(code),
            valid_from=datetime.fromtimestamp(claims[_NOT_BEFORE], UTC),
            valid_until=datetime.fromtimestamp(claims[_EXPIRES], UTC),
            revocation=_entry(revocation),
            suspension=_entry(suspension),
            kid=kid,
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ProofError(Reason.FORM, "signed, but not a token of ours") from error


def _entry(pair: Any) -> StatusEntry:
    list_number, index = pair
    return StatusEntry(list_number=list_number, index=index)


def fragment(token: bytes) -> str:
    return base64.b32encode(token).rstrip(b"=").decode("ascii")


def read_fragment(text: str) -> bytes:
    """The bytes of what stands after `#`; one text for each. `ProofError` for anything else."""
    if len(text) > _LONGEST_FRAGMENT:
        raise ProofError(Reason.TOO_LARGE, "fragment")
    if not _BASE32.fullmatch(text):
        raise ProofError(Reason.FORM, "not base32")
    try:
        token = base64.b32decode(text + "=" * (-len(text) % 8))
    except binascii.Error as error:
        raise ProofError(Reason.FORM, "not base32") from error
    if fragment(token) != text:
        raise ProofError(Reason.FORM, "not the one base32 text of these bytes")
    return token


def qr_text(url: str, token: bytes) -> str:
    """Return the text of the QR code: the certificate's address, `#`, the token."""
    return f"{url}#{fragment(token)}"


def qr_png(
    text: str, *, dark: str = "#07343d", light: str = "#ffffff", border: int = 4, scale: int = 8
) -> bytes:
    """The picture of a `qr_text`: address in bytes, token alphanumeric, error correction M or better."""
    address, sign, token = text.partition("#")
    segments = [(address + sign, consts.MODE_BYTE), (token, consts.MODE_ALPHANUMERIC)]
    code = segno.make(segments, error="m", micro=False)  # type: ignore[arg-type]  # its stub lacks segments
    picture = io.BytesIO()
    code.save(picture, kind="png", border=border, scale=scale, dark=dark, light=light)
    return picture.getvalue()

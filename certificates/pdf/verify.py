"""Verify that a file is one of ours, whole and unchanged.

A signature that is merely valid is not enough: content can be added after it, and anybody can sign. The file
must carry exactly one signature, over all of it, by a signer under our root, that allows no change.
"""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import pikepdf
from asn1crypto import cms
from cryptography import x509

from .keys import as_asn1
from .loop import without_a_loop
from .metadata import CREDENTIAL_NAME

MOST_BYTES = 2 * 1024 * 1024
_MOST_CREDENTIAL = 64 * 1024


class PdfVerdict(StrEnum):
    GENUINE = "genuine"
    CHANGED = "changed"  # signed by us, but not as it is now
    STRANGER = "stranger"  # signed by somebody else
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"  # not a PDF, or too large


@dataclass(frozen=True, kw_only=True)
class PdfResult:
    """`signed_at`, as the signer states it, and `credential` stand only in a genuine file."""

    verdict: PdfVerdict
    signed_at: datetime | None = None
    credential: bytes | None = field(default=None, repr=False)


def verify_pdf(data: bytes, *, roots: Sequence[x509.Certificate], at: datetime | None = None) -> PdfResult:
    """Judges a file from outside; never raises for what is in it.

    `at` is the instant at which the signer's certificate must be valid, by default now. About 8 ms.
    """
    if len(data) > MOST_BYTES:
        return PdfResult(verdict=PdfVerdict.UNREADABLE)
    try:
        return without_a_loop(lambda: _judge(data, roots, at))
    except Exception:
        # A hostile file may fail in any way, and none of them is genuine.
        return PdfResult(verdict=PdfVerdict.UNREADABLE)


def _judge(data: bytes, roots: Sequence[x509.Certificate], at: datetime | None) -> PdfResult:
    # Loaded when the first file is judged: pyHanko takes half a second of every start.
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.fields import MDPPerm
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    signatures = PdfFileReader(io.BytesIO(data)).embedded_signatures
    if not signatures:
        return PdfResult(verdict=PdfVerdict.UNSIGNED)
    context = ValidationContext(
        trust_roots=[as_asn1(root) for root in roots],
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=at,
    )
    status = validate_pdf_signature(signatures[0], context)
    if not status.trusted:
        intact = status.intact and status.valid
        ours = any(root.subject.public_bytes() == _issuer(status) for root in roots)
        return PdfResult(verdict=PdfVerdict.CHANGED if ours and not intact else PdfVerdict.STRANGER)
    whole = (
        len(signatures) == 1
        and status.bottom_line
        and status.intact
        and status.valid
        and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        and status.docmdp_ok
        and signatures[0].docmdp_level == MDPPerm.NO_CHANGES
        and _as_written(data, signatures[0])
    )
    if not whole:
        return PdfResult(verdict=PdfVerdict.CHANGED)
    return PdfResult(
        verdict=PdfVerdict.GENUINE, signed_at=status.signer_reported_dt, credential=_credential(data)
    )


def _as_written(data: bytes, signature: Any) -> bool:
    """Return whether the one part that no signature covers, the signature itself, is as we write it."""
    _, before, after, _ = (int(number) for number in signature.byte_range)
    held: bytes = signature.pkcs7_content
    packed = cms.ContentInfo.load(held).dump()
    written = b"<%s>" % base64.b16encode(packed.ljust(len(held), b"\0"))
    return written == data[before:after]


def _issuer(status: Any) -> bytes:
    return bytes(status.signing_cert.issuer.dump())


def _credential(data: bytes) -> bytes | None:
    """The attached credential, or None when there is none of a bearable size."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        names = pdf.Root.get("/Names")
        if names is None or CREDENTIAL_NAME not in pdf.attachments:
            return None
        content = pdf.attachments[CREDENTIAL_NAME].get_file().read_bytes()
    return content if len(content) <= _MOST_CREDENTIAL else None

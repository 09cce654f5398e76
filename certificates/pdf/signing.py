"""The certification signature over the whole file: PAdES (ETSI EN 319 142), DocMDP 1, no change allowed."""

import io
from datetime import datetime
from typing import Any

from cryptography import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from .finish import FIELD
from .keys import DocumentSigner, as_asn1

_RESERVED = 12_288  # hex digits kept free for the signature; without it everything is signed twice
_REASON = "Sertifikatın verilməsi"
_LOCATION = "Bakı"


def sign_pdf(data: bytes, *, signer: DocumentSigner, signed_at: datetime) -> bytes:
    """The file with its one signature, dated `signed_at`. Nothing may be saved over it afterwards."""
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        name=_common_name(signer.certificate),
        reason=_REASON,
        location=_LOCATION,
    )
    made = io.BytesIO()
    _PdfSigner(metadata, signer=_RawSigner(signer), signed_at=signed_at).sign_pdf(
        _Writer(io.BytesIO(data)), existing_fields_only=True, bytes_reserved=_RESERVED, output=made
    )
    return made.getvalue()


def _common_name(certificate: x509.Certificate) -> str:
    (attribute,) = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    return str(attribute.value)


class _RawSigner(signers.Signer):
    """Hands what is to be signed to a DocumentSigner; a PKCS#11 token would be handed it the same way."""

    def __init__(self, signer: DocumentSigner) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko's constructor
        store.register_multiple(as_asn1(certificate) for certificate in signer.chain)
        # The root stays out of the file: nothing would bind it there, and verifiers bring their own.
        super().__init__(cert_registry=store, signing_cert=as_asn1(signer.certificate), embed_roots=False)
        self._document_signer = signer

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if digest_algorithm != "sha256":
            raise ValueError(digest_algorithm)
        return self._document_signer.sign(data)


class _PdfSigner(signers.PdfSigner):
    """Dates the signature with the instant of the business, not of the machine."""

    def __init__(self, metadata: Any, *, signer: Any, signed_at: datetime) -> None:
        super().__init__(metadata, signer=signer)
        self._signed_at = signed_at

    def init_signing_session(self, *args: Any, **options: Any) -> Any:
        session = super().init_signing_session(*args, **options)
        session.system_time = self._signed_at
        return session


class _Writer(IncrementalPdfFileWriter):
    """Leaves the metadata as we wrote them."""

    def _update_meta(self) -> None:
        pass

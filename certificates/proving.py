"""The slow proofs: both suites of the credential, the QR token, the signature of the document.

Verified at issue, where a failure stops the errand, and every night, where it is kept and shown.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched

from operations import clock, files
from operations.models import Errand
from operations.outbox import Step, enqueue, keep, register

from . import making, signing
from .credentials.errors import ProofError
from .credentials.jsontext import canonical
from .models import Certificate, CertificateCheck
from .pdf.verify import Verdict, verify_pdf

log = logging.getLogger(__name__)
Outcome = CertificateCheck.Outcome
NIGHTLY = "certificates.prove"
CHUNK = 200  # certificates of one errand: some ten seconds
FRESH = timedelta(hours=20)
SUFFIX = ".pdf"


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    credential: CertificateCheck.Outcome
    document: CertificateCheck.Outcome


class ProofsFailed(Exception):
    """A certificate just made does not verify: it is not given out."""


def prove(certificate: Certificate) -> Outcomes:
    """Verify everything that the holder has in hand. About 50 ms; changes nothing."""
    return Outcomes(credential=_credential(certificate), document=_documents(certificate))


def prove_new(certificate: Certificate) -> Outcomes:
    """ProofsFailed unless everything is genuine."""
    found = prove(certificate)
    if found != Outcomes(credential=Outcome.GENUINE, document=Outcome.GENUINE):
        raise ProofsFailed(
            f"{certificate.public_id}: credential {found.credential}, document {found.document}"
        )
    return found


def keep_outcomes(certificate: Certificate, found: Outcomes) -> CertificateCheck:
    record, _created = CertificateCheck.objects.update_or_create(
        certificate=certificate,
        defaults={"checked_at": clock.now(), "credential": found.credential, "document": found.document},
    )
    return record


def _credential(certificate: Certificate) -> CertificateCheck.Outcome:
    if certificate.bearer.credential is None:
        return Outcome.ERASED
    try:
        making.of_certificate(certificate, thorough=True)
    except ProofError as error:
        _log(certificate, error)
        return Outcome.FAILED
    return Outcome.GENUINE


def _documents(certificate: Certificate) -> CertificateCheck.Outcome:
    """Each file is as it was stored, signed by us as a whole, and carries the bearer's credential."""
    outcome = Outcome.FAILED
    for document in certificate.documents.all():
        if document.sha256 is None:
            return Outcome.ERASED
        try:
            content = files.read(document.sha256, SUFFIX)
        except files.Damaged as error:
            _log(certificate, error)
            return Outcome.FAILED
        # Our hash fixed the file when it was made: the signer's own certificate may have ended since.
        result = verify_pdf(content, roots=signing.trust_roots(), at=document.made_at)
        credential = certificate.bearer.credential
        carried = credential is not None and result.credential == canonical(credential)
        if result.verdict is not Verdict.GENUINE or not carried:
            return Outcome.FAILED
        outcome = Outcome.GENUINE
    return outcome


def _log(certificate: Certificate, error: Exception) -> None:
    log.error("proof failed", extra={"certificate": certificate.public_id, "why": str(error)})


def enqueue_nightly(now: datetime) -> int:
    """One errand for each chunk of certificates that were not proved lately; says how many."""
    waiting = Certificate.objects.exclude(check_record__checked_at__gt=now - FRESH)
    chunks = list(batched(waiting.finished().order_by("pk").values_list("pk", flat=True), CHUNK))
    for chunk in chunks:
        enqueue(NIGHTLY, f"{now.isoformat()}:{chunk[0]}", certificates=chunk)
    return len(chunks)


def _prove_chunk(errand: Errand) -> None:
    certificates = Certificate.objects.to_examine().prefetch_related("documents")
    for pk in errand.payload["certificates"]:
        certificate = certificates.get(pk=pk)
        keep_outcomes(certificate, prove(certificate))
        keep(errand)


register(NIGHTLY, Step("proved", prepare=_prove_chunk), lane="long")

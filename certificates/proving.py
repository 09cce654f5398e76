"""The slow proofs: both suites of the credential, the QR token, the signature of the document.

Verified at issue, where a failure stops the errand, and every night, where it is kept and shown.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched

from django.db import DatabaseError, transaction

from operations import clock, files
from operations.models import Errand
from operations.outbox import ErrandStep, enqueue, keep, register_errand

from . import making, signing
from .credentials.errors import ProofError
from .credentials.jsontext import canonical
from .credentials.keyfiles import KeysRefused
from .models import Certificate, CertificateBearer, CertificateCheck, newest_documents
from .pdf.verify import PdfVerdict, verify_pdf

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
    return Outcomes(credential=_tried(_credential, certificate), document=_tried(_documents, certificate))


def prove_new(certificate: Certificate) -> Outcomes:
    """ProofsFailed unless everything is genuine."""
    found = prove(certificate)
    if found != Outcomes(credential=Outcome.GENUINE, document=Outcome.GENUINE):
        raise ProofsFailed(
            f"{certificate.public_id}: credential {found.credential}, document {found.document}"
        )
    return found


@transaction.atomic
def keep_outcomes(certificate: Certificate, found: Outcomes) -> CertificateCheck:
    """Return whether the certificate was erased while it was proved: then it has not failed."""
    bearer = CertificateBearer.objects.select_for_update().filter(certificate=certificate).first()
    if bearer is not None and bearer.erased:
        found = Outcomes(credential=Outcome.ERASED, document=Outcome.ERASED)
    record, _created = CertificateCheck.objects.update_or_create(
        certificate=certificate,
        defaults={"checked_at": clock.now(), "credential": found.credential, "document": found.document},
    )
    return record


def _tried(
    proof: Callable[[Certificate], CertificateCheck.Outcome], certificate: Certificate
) -> CertificateCheck.Outcome:
    """Prove one certificate: what is out of shape has failed, and keeps no other from being proved."""
    try:
        return proof(certificate)
    except (KeysRefused, DatabaseError, OSError):
        raise  # not the certificate's fault: tried again
    except Exception as error:
        # Words of a library may repeat what they are about.
        why = str(error) if isinstance(error, ProofError | files.Damaged) else type(error).__name__
        log.error("proof failed", extra={"certificate": certificate.public_id, "why": why})
        return Outcome.FAILED


def _credential(certificate: Certificate) -> CertificateCheck.Outcome:
    if certificate.bearer.erased:
        return Outcome.ERASED
    making.of_certificate(certificate, thorough=True)
    return Outcome.GENUINE


def _documents(certificate: Certificate) -> CertificateCheck.Outcome:
    """Each file, of the newest generation, is as it was stored, signed by us as a whole, and carries the bearer's
    credential.
    """
    outcome = Outcome.FAILED
    for document in certificate.documents.all():
        if document.sha256 is None:
            return Outcome.ERASED if certificate.bearer.erased else Outcome.FAILED
        content = files.read(document.sha256, SUFFIX)
        # Our hash fixed the file when it was made: the signer's own certificate may have ended since.
        result = verify_pdf(content, roots=signing.trust_roots(), at=document.made_at)
        credential = certificate.bearer.credential
        carried = credential is not None and result.credential == canonical(credential)
        if result.verdict is not PdfVerdict.GENUINE or not carried:
            return Outcome.FAILED
        outcome = Outcome.GENUINE
    return outcome


def enqueue_nightly(now: datetime) -> int:
    """One errand for each chunk of certificates that were not proved lately; says how many."""
    waiting = Certificate.objects.exclude(check_record__checked_at__gt=now - FRESH)
    chunks = list(batched(waiting.finished().order_by("pk").values_list("pk", flat=True), CHUNK))
    for chunk in chunks:
        enqueue(NIGHTLY, f"{now.isoformat()}:{chunk[0]}", certificates=chunk)
    return len(chunks)


def _prove_chunk(errand: Errand) -> None:
    certificates = Certificate.objects.to_examine().prefetch_related(newest_documents())
    for pk in errand.payload["certificates"]:
        certificate = certificates.get(pk=pk)
        keep_outcomes(certificate, prove(certificate))
        keep(errand)


register_errand(NIGHTLY, ErrandStep("proved", prepare=_prove_chunk), lane="long")

"""Parts of making a certificate: in steps of an errand, or one after the other where it takes another's place at once.

Each writes in the caller's transaction; what only reads, signs or stores a file is slow and may be done before it.
"""

from dataclasses import dataclass
from datetime import datetime

from operations import clock_guard, files
from operations.codes import new_code
from operations.identity import pseudonym

from . import lists, making, proving, signing
from .credentials.facts import Bearer
from .criteria import printed
from .models import (
    Award,
    Certificate,
    CertificateBearer,
    CertificateDocument,
    Reservation,
    newest_documents,
)
from .pdf.document import make_pdf


@dataclass(frozen=True)
class Signed:
    """Everything signed for one certificate, and the one that it says it renews."""

    made: making.Made
    renews: Certificate | None


@dataclass(frozen=True)
class Printed:
    sha256: str
    size: int
    layout: str
    signed_at: datetime


def reserve(award: Award) -> Reservation:
    """Ids and places, before anything is signed."""
    revocation, suspension = lists.lists_with_room()
    return Reservation.objects.create(
        award=award,
        short_code=new_code(),
        revocation_list=revocation,
        revocation_index=lists.free_place(revocation),
        suspension_list=suspension,
        suspension_index=lists.free_place(suspension),
        reserved_at=award.awarded_at,
    )


def insert(reservation: Reservation, signed: Signed) -> Certificate:
    """The certificate and its bearer's data."""
    award, made, facts = reservation.award, signed.made, signed.made.facts
    certificate = Certificate.objects.create(
        public_id=reservation.public_id,
        short_code=reservation.short_code,
        award=award,
        reservation=reservation,
        qualification_version=award.qualification_version,
        bearer_key=pseudonym(award.person.public_id),
        valid_from=facts.valid_from,
        valid_to=facts.valid_until,
        edition=facts.edition,
        legal_baseline=facts.legal_baseline,
        law_confirmed_on=facts.law_confirmed_on,
        renews=signed.renews,
        statement=made.statement,
        issued_at=award.awarded_at,
    )
    CertificateBearer.objects.create(
        certificate=certificate,
        names=dict(made.bearer.names),
        agency=dict(made.bearer.agency),
        salt=made.bearer.salt_text,
        credential=made.badge,
        credential_sha256=made.commitments.credential,
        qr_text=made.qr_text,
    )
    return certificate


def of_award(award: str) -> Certificate:
    """Return the certificate with all that is printed and proved of it; `award`: public id."""
    certificates = Certificate.objects.to_examine().prefetch_related(newest_documents())
    return certificates.get(award__public_id=award)


def print_document(
    certificate: Certificate, *, layout: str = CertificateDocument.AT_ISSUE, signed_at: datetime | None = None
) -> Printed:
    """The signed PDF, from the certificate as it stands in the database; the file before the row. `signed_at`: at issue,
    unless told.

    ProofError where statement, credential and QR token do not say the same.
    """
    signed_at = signed_at or certificate.issued_at
    clock_guard.refuse_if_behind(certificate.issued_at, signed_at)
    made = making.of_certificate(certificate)
    content = make_pdf(
        made.facts,
        made.bearer,
        shown=printed(certificate.award.evidence),
        badge=made.badge,
        token=made.token,
        signer=signing.document_signer(),
        roots=signing.trust_roots(),
        signed_at=signed_at,
        layout=layout,
    )
    return Printed(files.store(content, proving.SUFFIX), len(content), layout, signed_at)


def keep_document(certificate: Certificate, printed: Printed) -> None:
    CertificateDocument.objects.create(
        certificate=certificate,
        layout=printed.layout,
        sha256=printed.sha256,
        size=printed.size,
        made_at=printed.signed_at,
    )


def issue_at_once(award: Award, *, bearer: Bearer, renews: Certificate | None) -> Certificate:
    """Make the whole certificate in the caller's transaction, proofs and all: some 150 ms. The caller sends
    `certificate_issued`, once it has the life of the one whose place it takes. ProofsFailed, ProofError, KeysRefused,
    ClockBehind: then there is none.
    """
    reservation = reserve(award)
    insert(reservation, Signed(making.make(reservation, renews=renews, bearer=bearer), renews))
    made = of_award(award.public_id)
    keep_document(made, print_document(made))
    made = of_award(award.public_id)
    proving.keep_outcomes(made, proving.prove_new(made))
    return of_award(award.public_id)

"""Making a certificate, in six steps; each can be repeated, and a crash between any two loses nothing."""

from dataclasses import dataclass
from typing import Any

from operations import files, notices
from operations.ids import public_id
from operations.models import Errand
from operations.outbox import Step, enqueue, register

from . import lists, making, signing
from .checking import check_slow_proofs
from .credentials.codes import new_code
from .credentials.jsontext import canonical
from .models import Award, Certificate, CertificateBearer, CertificateDocument, Reservation, StatusList
from .pdf.document import make_pdf
from .signals import certificate_issued

KIND = "certificates.issue"
LAYOUT = CertificateDocument.Layout.AZ_EN
SUFFIX = ".pdf"


def issue(award: Award) -> None:
    """Promise the certificate of an award, in the award's own transaction."""
    enqueue(KIND, award.public_id)


def _award(errand: Errand) -> Award:
    return Award.objects.select_related("person", "qualification_version__qualification").get(
        public_id=errand.key
    )


def _reservation(errand: Errand) -> Reservation:
    return Reservation.objects.select_related(
        "award__person", "award__qualification_version__qualification", "revocation_list", "suspension_list"
    ).get(award__public_id=errand.key)


def _certificate(errand: Errand) -> Certificate:
    return Certificate.objects.with_all().get(award__public_id=errand.key)


def _reserve(errand: Errand, prepared: None) -> None:
    """Ids and places, before anything is signed."""
    award = _award(errand)
    revocation = lists.list_with_room(StatusList.Purpose.REVOCATION)
    suspension = lists.list_with_room(StatusList.Purpose.SUSPENSION)
    Reservation.objects.create(
        award=award,
        short_code=new_code(),
        revocation_list=revocation,
        revocation_index=lists.free_place(revocation),
        suspension_list=suspension,
        suspension_index=lists.free_place(suspension),
        reserved_at=award.awarded_at,
    )


def _sign(errand: Errand) -> making.Made:
    return making.make(_reservation(errand))


def _insert(errand: Errand, made: making.Made) -> None:
    """The certificate and its bearer's data, in one transaction."""
    reservation = _reservation(errand)
    award, facts = reservation.award, made.facts
    earlier = Certificate.objects.held_by(award.person).order_by("-valid_from")
    same = earlier.of_qualification(facts.qualification_code).first()
    first = earlier.first()
    certificate = Certificate.objects.create(
        public_id=reservation.public_id,
        short_code=reservation.short_code,
        award=award,
        reservation=reservation,
        qualification_version=award.qualification_version,
        bearer_key=first.bearer_key if first else public_id(),
        valid_from=facts.valid_from,
        valid_to=facts.valid_until,
        edition=facts.edition,
        legal_baseline=facts.legal_baseline,
        renews=same,
        statement=made.statement,
        issued_at=award.awarded_at,
    )
    CertificateBearer.objects.create(
        certificate=certificate,
        names=dict(made.bearer.names),
        agency=dict(made.bearer.agency),
        salt=made.bearer.salt_text,
        credential=made.badge,
        credential_sha256=making.sha256(canonical(made.badge)),
        qr_text=made.qr_text,
    )


@dataclass(frozen=True)
class Printed:
    sha256: str
    size: int


def _print(errand: Errand) -> Printed:
    """The signed PDF, from the certificate as it stands in the database; the file before the row."""
    certificate = _certificate(errand)
    facts, bearer, badge, token = making.of_certificate(certificate)
    content = make_pdf(
        facts,
        bearer,
        badge=badge,
        token=token,
        signer=signing.document_signer(),
        roots=signing.trust_roots(),
        signed_at=certificate.issued_at,
        layout=LAYOUT,
    )
    return Printed(files.store(content, SUFFIX), len(content))


def _keep_document(errand: Errand, printed: Printed) -> None:
    certificate = _certificate(errand)
    CertificateDocument.objects.create(
        certificate=certificate,
        layout=LAYOUT,
        sha256=printed.sha256,
        size=printed.size,
        made_at=certificate.issued_at,
    )


def _check(errand: Errand, prepared: Any) -> None:
    check_slow_proofs(_certificate(errand), must_hold=True)


def _tell_apps(errand: Errand, prepared: None) -> None:
    certificate_issued.send(Certificate, certificate=_certificate(errand))


def _notify(errand: Errand, prepared: None) -> None:
    certificate = _certificate(errand)
    notices.notify(
        person=certificate.award.person,
        kind="certificates.issued",
        subject_id=certificate.public_id,
    )


register(
    KIND,
    Step("reservation", commit=_reserve),
    Step("certificate", prepare=_sign, commit=_insert),
    Step("document", prepare=_print, commit=_keep_document),
    Step("proofs checked", commit=_check),
    Step("others told", commit=_tell_apps),
    Step("notice", commit=_notify),
)

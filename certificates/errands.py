"""Making a certificate, in six steps; each can be repeated, and a crash between any two loses nothing."""

from dataclasses import dataclass

from operations import canonical, files, notices
from operations.codes import new_code
from operations.ids import public_id
from operations.models import Errand
from operations.outbox import ErrandStep, register_errand
from people.models import User

from . import lists, making, proving, signing
from .actions import ISSUE
from .models import Award, Certificate, CertificateBearer, CertificateDocument, Reservation
from .pdf.document import make_pdf
from .signals import certificate_issued
from .state import State, state_at

LAYOUT = CertificateDocument.Layout.AZ_EN


def _reserve(errand: Errand, prepared: None) -> None:
    """Ids and places, before anything is signed."""
    award = Award.objects.get(public_id=errand.key)
    revocation, suspension = lists.lists_with_room()
    Reservation.objects.create(
        award=award,
        short_code=new_code(),
        revocation_list=revocation,
        revocation_index=lists.free_place(revocation),
        suspension_list=suspension,
        suspension_index=lists.free_place(suspension),
        reserved_at=award.awarded_at,
    )


def _reservation(errand: Errand) -> Reservation:
    return Reservation.objects.select_related(
        "award__person", "award__qualification_version__qualification", "revocation_list", "suspension_list"
    ).get(award__public_id=errand.key)


def _sign(errand: Errand) -> making.Made:
    return making.make(_reservation(errand))


def _insert(errand: Errand, made: making.Made) -> None:
    """The certificate and its bearer's data. Two of one person wait for each other: one bearer key."""
    reservation = _reservation(errand)
    award, facts = reservation.award, made.facts
    holder = award.person.surviving
    User.objects.select_for_update().get(pk=holder.pk)
    earlier = list(Certificate.objects.held_by(holder).with_all().order_by("-valid_from", "-pk"))
    certificate = Certificate.objects.create(
        public_id=reservation.public_id,
        short_code=reservation.short_code,
        award=award,
        reservation=reservation,
        qualification_version=award.qualification_version,
        bearer_key=earlier[0].bearer_key if earlier else public_id(),
        valid_from=facts.valid_from,
        valid_to=facts.valid_until,
        edition=facts.edition,
        legal_baseline=facts.legal_baseline,
        renews=_renewed_by(award, earlier),
        statement=made.statement,
        issued_at=award.awarded_at,
    )
    CertificateBearer.objects.create(
        certificate=certificate,
        names=dict(made.bearer.names),
        agency=dict(made.bearer.agency),
        salt=made.bearer.salt_text,
        credential=made.badge,
        credential_sha256=canonical.sha256(made.badge),
        qr_text=made.qr_text,
    )


def _renewed_by(award: Award, earlier: list[Certificate]) -> Certificate | None:
    """The person's newest of the same qualification, unless it had been taken away."""
    taken_away = {State.VOID, State.REVOKED, State.SUPERSEDED}
    for certificate in earlier:
        same = (
            certificate.qualification_version.qualification_id == award.qualification_version.qualification_id
        )
        if same and state_at(certificate, award.awarded_at).state not in taken_away:
            return certificate
    return None


def _certificate(errand: Errand) -> Certificate:
    return Certificate.objects.to_examine().prefetch_related("documents").get(award__public_id=errand.key)


@dataclass(frozen=True)
class Printed:
    sha256: str
    size: int


def _print(errand: Errand) -> Printed:
    """The signed PDF, from the certificate as it stands in the database; the file before the row."""
    certificate = _certificate(errand)
    made = making.of_certificate(certificate)
    content = make_pdf(
        made.facts,
        made.bearer,
        badge=made.badge,
        token=made.token,
        signer=signing.document_signer(),
        roots=signing.trust_roots(),
        signed_at=certificate.issued_at,
        layout=LAYOUT,
    )
    return Printed(files.store(content, proving.SUFFIX), len(content))


def _keep_document(errand: Errand, printed: Printed) -> None:
    certificate = _certificate(errand)
    CertificateDocument.objects.create(
        certificate=certificate,
        layout=LAYOUT,
        sha256=printed.sha256,
        size=printed.size,
        made_at=certificate.issued_at,
    )


def _prove(errand: Errand) -> proving.Outcomes:
    return proving.prove_new(_certificate(errand))


def _keep_outcomes(errand: Errand, found: proving.Outcomes) -> None:
    proving.keep_outcomes(_certificate(errand), found)


def _tell_apps(errand: Errand, prepared: None) -> None:
    certificate_issued.send(Certificate, certificate=_certificate(errand))


def _notify(errand: Errand, prepared: None) -> None:
    certificate = _certificate(errand)
    notices.notify(
        person=certificate.award.person.surviving,
        kind="certificates.issued",
        subject_id=certificate.public_id,
    )


register_errand(
    ISSUE,
    ErrandStep("reservation", commit=_reserve),
    ErrandStep("certificate", prepare=_sign, commit=_insert),
    ErrandStep("document", prepare=_print, commit=_keep_document),
    ErrandStep("proofs checked", prepare=_prove, commit=_keep_outcomes),
    ErrandStep("others told", commit=_tell_apps),
    ErrandStep("notice", commit=_notify),
)

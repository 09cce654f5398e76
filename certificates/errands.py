"""Making a certificate, in six steps, and later a file of it in another language; letters about many that end. Each step can
be repeated, and a crash between any two loses nothing.
"""

from datetime import datetime

from operations import files, notices
from operations.models import Errand
from operations.outbox import ErrandStep, checkpoint, register_errand

from . import documents, issuing, law_telling, making, proving
from .actions import ISSUE
from .holding import GONE
from .issuing import Printed, Signed
from .law_changes import TELL
from .models import Award, Certificate, CertificateBearer, LawChange, Reservation
from .rules import EarningWay
from .signals import certificate_issued
from .state import state_at


def _reserve(errand: Errand, prepared: None) -> None:
    issuing.reserve(Award.objects.get(public_id=errand.key))


def _reservation(errand: Errand) -> Reservation:
    return Reservation.objects.select_related(
        "award__person", "award__qualification_version__qualification", "revocation_list", "suspension_list"
    ).get(award__public_id=errand.key)


def _sign(errand: Errand) -> Signed:
    reservation = _reservation(errand)
    renews = _renewed_by(reservation.award)
    return Signed(making.make(reservation, renews=renews), renews)


def _insert(errand: Errand, signed: Signed) -> None:
    issuing.insert(_reservation(errand), signed)


def _renewed_by(award: Award) -> Certificate | None:
    """The person's newest of the same qualification, where this one renews it."""
    if award.evidence["way"] != EarningWay.RENEWAL:
        return None
    held = Certificate.objects.held_by(award.person.surviving).exclude(award=award)
    for certificate in held.with_all().order_by("-valid_from", "-pk"):
        same = (
            certificate.qualification_version.qualification_id == award.qualification_version.qualification_id
        )
        if same and state_at(certificate, award.awarded_at).state not in GONE:
            return certificate
    return None


def _certificate(errand: Errand) -> Certificate:
    return issuing.of_award(errand.key)


def _row(errand: Errand) -> Certificate:
    """Return the certificate alone: nothing of it is read."""
    return Certificate.objects.select_related("award__person").get(award__public_id=errand.key)


def _print(errand: Errand) -> Printed:
    return issuing.print_document(_certificate(errand))


def _keep_document(errand: Errand, printed: Printed) -> None:
    issuing.keep_document(_row(errand), printed)


def _prove(errand: Errand) -> proving.Outcomes:
    return proving.prove_new(_certificate(errand))


def _keep_outcomes(errand: Errand, found: proving.Outcomes) -> None:
    proving.keep_outcomes(_row(errand), found)


def _tell_apps(errand: Errand, prepared: None) -> None:
    certificate_issued.send(Certificate, certificate=_certificate(errand))


def _notify(errand: Errand, prepared: None) -> None:
    certificate = _row(errand)
    notices.notify(
        person=certificate.award.person.surviving,
        kind="certificates.issued",
        subject_id=certificate.public_id,
    )


def _tell_of_end(errand: Errand) -> None:
    """The letters in parts: each with the fence, and those of before are not sent again."""
    public_id, _space, what = errand.key.partition(" ")
    change = LawChange.objects.select_related("qualification", "version", "proposal").get(public_id=public_id)
    for letters in law_telling.letters_of(change, what):
        with checkpoint(errand):
            law_telling.send(change, letters)


register_errand(TELL, ErrandStep("told", prepare=_tell_of_end), lane="long")
register_errand(
    ISSUE,
    ErrandStep("reservation", commit=_reserve),
    ErrandStep("certificate", prepare=_sign, commit=_insert),
    ErrandStep("document", prepare=_print, commit=_keep_document),
    ErrandStep("proofs checked", prepare=_prove, commit=_keep_outcomes),
    ErrandStep("others told", commit=_tell_apps),
    ErrandStep("notice", commit=_notify),
)


# --- a file in another language, later ---------------------------------------------------------------


def _print_other(errand: Errand) -> Printed | None:
    """The signed PDF, dated when it was asked for; None where there is a reason by now not to make it."""
    certificate = Certificate.objects.to_examine().get(public_id=errand.payload["certificate"])
    if documents.why_no_other(certificate):
        return None
    asked_at = datetime.fromisoformat(errand.payload["asked_at"])
    return issuing.print_document(certificate, layout=errand.payload["layout"], signed_at=asked_at)


def _keep_other(errand: Errand, printed: Printed | None) -> None:
    """The row, unless the bearer was erased meanwhile: then the file goes, whose name nothing else knows."""
    if printed is None:
        return
    certificate = Certificate.objects.get(public_id=errand.payload["certificate"])
    if CertificateBearer.objects.select_for_update().get(certificate=certificate).erased:
        files.delete(printed.sha256, proving.SUFFIX)
    else:
        issuing.keep_document(certificate, printed)


register_errand(documents.MAKE, ErrandStep("document", prepare=_print_other, commit=_keep_other))

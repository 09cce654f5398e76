"""Reasons for what registrars decide about a certificate, by act."""

from collections.abc import Iterable, Mapping, Sequence

from django_stubs_ext import StrOrPromise

from .models import CertificateEvent

Reason, Reach = CertificateEvent.Reason, CertificateEvent.Reach
type Choices = Sequence[tuple[str, StrOrPromise]]

# Whoever lost one for these reasons has lost the qualification, whichever certificate says it.
REACH_OF: Mapping[str, CertificateEvent.Reach] = {
    Reason.CRITICAL_ERROR: Reach.QUALIFICATION,
    Reason.COMPLAINT: Reach.QUALIFICATION,
    Reason.LEFT_SERVICE: Reach.QUALIFICATION,
    Reason.EXAM_IRREGULARITY: Reach.CERTIFICATE,
    Reason.ISSUED_IN_ERROR: Reach.CERTIFICATE,
}


def _choices(reasons: Iterable[CertificateEvent.Reason]) -> Choices:
    return [(reason.value, reason.label) for reason in reasons]


FOR_REVOCATION = _choices(Reason(value) for value in REACH_OF)
FOR_SUSPENSION = _choices((Reason.INQUIRY, Reason.COMPLAINT_OPEN, Reason.NAME_CHECK))
FOR_REINSTATEMENT = _choices((Reason.NOT_BORNE_OUT, Reason.DECIDED_IN_ERROR, Reason.APPEAL_UPHELD))
FOR_VOIDING = _choices((Reason.ISSUED_IN_ERROR, Reason.EXAM_IRREGULARITY))

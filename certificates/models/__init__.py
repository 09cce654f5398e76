"""Qualifications, awards, certificates and their proofs."""

from .certificates import (
    FULL_AT,
    Certificate,
    CertificateBearer,
    CertificateCheck,
    CertificateDocument,
    CertificateEvent,
    Reservation,
    StatusList,
    newest_documents,
)
from .law_changes import LawChange, LawChangeWithdrawal, WhyKept
from .life import Complaint, EventAppeal, NameCorrection, Readmission
from .qualifications import (
    Award,
    AwardInDoubt,
    Qualification,
    QualificationBasis,
    QualificationInForce,
    QualificationVersion,
    WhyRulesChange,
)
from .recognition import RECOGNISED, TrainingGiver, TrainingKind, WhyRecognised

__all__ = [
    "FULL_AT",
    "RECOGNISED",
    "Award",
    "AwardInDoubt",
    "Certificate",
    "CertificateBearer",
    "CertificateCheck",
    "CertificateDocument",
    "CertificateEvent",
    "Complaint",
    "EventAppeal",
    "LawChange",
    "LawChangeWithdrawal",
    "NameCorrection",
    "Qualification",
    "QualificationBasis",
    "QualificationInForce",
    "QualificationVersion",
    "Readmission",
    "Reservation",
    "StatusList",
    "TrainingGiver",
    "TrainingKind",
    "WhyKept",
    "WhyRecognised",
    "WhyRulesChange",
    "newest_documents",
]

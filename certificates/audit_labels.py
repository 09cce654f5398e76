"""Names, in the audit trail, of what certificates does."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.values import name_values
from operations.codes import grouped
from operations.trail import Subject, name_acts, name_reasons, name_subject

from .models import (
    AwardInDoubt,
    Certificate,
    CertificateDocument,
    CertificateEvent,
    Complaint,
    EventAppeal,
    Qualification,
    Readmission,
    TrainingGiver,
    TrainingKind,
    WhyKept,
    WhyRecognised,
    WhyRulesChange,
)

name_acts(
    {
        "certificates.change_rules": gettext_lazy("Rules of a qualification changed"),
        "certificates.propose_rules": gettext_lazy("Rules of a qualification proposed"),
        "certificates.decline_rules": gettext_lazy("Proposed rules declined"),
        "certificates.withdraw_rules": gettext_lazy("Proposed rules withdrawn"),
        "certificates.propose_revocation": gettext_lazy("Revocation proposed"),
        "certificates.revoke": gettext_lazy("Certificate revoked"),
        "certificates.decline_revocation": gettext_lazy("Revocation declined"),
        "certificates.withdraw_revocation": gettext_lazy("Proposed revocation withdrawn"),
        "certificates.propose_suspension": gettext_lazy("Suspension proposed"),
        "certificates.suspend": gettext_lazy("Certificate suspended"),
        "certificates.suspend_longer": gettext_lazy("Certificate suspended"),
        "certificates.decline_suspension": gettext_lazy("Suspension declined"),
        "certificates.withdraw_suspension": gettext_lazy("Proposed suspension withdrawn"),
        "certificates.propose_reinstatement": gettext_lazy("Reinstatement proposed"),
        "certificates.reinstate": gettext_lazy("Certificate reinstated"),
        "certificates.decline_reinstatement": gettext_lazy("Reinstatement declined"),
        "certificates.withdraw_reinstatement": gettext_lazy("Proposed reinstatement withdrawn"),
        "certificates.propose_voiding": gettext_lazy("Proposed that a certificate is void"),
        "certificates.void": gettext_lazy("Certificate declared void"),
        "certificates.decline_voiding": gettext_lazy("Declined that a certificate is void"),
        "certificates.withdraw_voiding": gettext_lazy("Withdrawn that a certificate is void"),
        "certificates.propose_readmission": gettext_lazy("Readmission proposed"),
        "certificates.readmit": gettext_lazy("Readmitted to earn a qualification"),
        "certificates.decline_readmission": gettext_lazy("Readmission declined"),
        "certificates.withdraw_readmission": gettext_lazy("Proposed readmission withdrawn"),
        "certificates.propose_correction": gettext_lazy("Correction of certificates proposed"),
        "certificates.correct": gettext_lazy("Certificate replaced by a corrected one"),
        "certificates.decline_correction": gettext_lazy("Correction of certificates declined"),
        "certificates.withdraw_correction": gettext_lazy("Proposed correction of certificates withdrawn"),
        "certificates.propose_recognition": gettext_lazy("Recognition of other training proposed"),
        "certificates.confirm_recognition": gettext_lazy("Recognition of a list confirmed"),
        "certificates.recognise": gettext_lazy("Other training recognised"),
        "certificates.decline_recognition": gettext_lazy("Recognition of other training declined"),
        "certificates.withdraw_recognition": gettext_lazy("Proposed recognition withdrawn"),
        "certificates.propose_end": gettext_lazy("End of certificates under older rules proposed"),
        "certificates.announce_end": gettext_lazy("End of certificates under older rules decided"),
        "certificates.end_older": gettext_lazy("Certificate ended because its rules have changed"),
        "certificates.apply_end": gettext_lazy("All certificates under older rules have ended"),
        "certificates.propose_keeping": gettext_lazy("Proposed that certificates under older rules stay"),
        "certificates.keep_older": gettext_lazy("End of certificates under older rules withdrawn"),
        "certificates.withdraw_announced_end": gettext_lazy(
            "End of certificates under older rules withdrawn"
        ),
        "certificates.decline_end": gettext_lazy("Proposal about certificates under older rules declined"),
        "certificates.withdraw_end": gettext_lazy("Proposal about certificates under older rules withdrawn"),
        "certificates.record_complaint": gettext_lazy("Complaint recorded"),
        "certificates.decide_complaint": gettext_lazy("Complaint decided"),
        "certificates.appeal": gettext_lazy("Appeal of the holder"),
        "certificates.decide_appeal": gettext_lazy("Appeal of the holder decided"),
        "certificates.export_register": gettext_lazy("Register of certificates exported"),
        "certificates.make_document": gettext_lazy("File of a certificate made in another language"),
        "certificates.take_document": gettext_lazy("File of a certificate taken from the register"),
        "certificates.doubt_award": gettext_lazy("Certificate put before the registrars"),
        "certificates.leave_in_force": gettext_lazy("Certificate left in force"),
    }
)
name_reasons(("certificates.suspend_longer",), dict(CertificateEvent.Reason.choices))
_NOUNS = {
    "revoke": "revocation", "suspend": "suspension", "reinstate": "reinstatement", "void": "voiding",
    "correct": "correction",
}  # fmt: skip
for _verb, _noun in _NOUNS.items():
    name_reasons(
        (
            f"certificates.propose_{_noun}",
            f"certificates.{_verb}",
            f"certificates.decline_{_noun}",
            f"certificates.withdraw_{_noun}",
        ),
        dict(CertificateEvent.Reason.choices),
    )
name_reasons(("people.rename_person",), dict(CertificateEvent.Reason.choices))
name_reasons(
    tuple(f"certificates.{_act}" for _act in (
        "propose_readmission", "readmit", "decline_readmission", "withdraw_readmission"
    )),
    dict(Readmission.Reason.choices),
)  # fmt: skip
name_reasons(
    [
        *(f"certificates.{_act}_recognition" for _act in ("propose", "confirm", "decline", "withdraw")),
        "certificates.recognise",
    ],
    dict(WhyRecognised.choices),
)
name_reasons(
    [
        *(f"certificates.{_act}" for _act in ("propose_end", "announce_end", "decline_end", "withdraw_end")),
        *(f"certificates.{_act}" for _act in ("propose_keeping", "withdraw_announced_end")),
    ],
    {**dict(WhyRulesChange.choices), **dict(WhyKept.choices)},
)
name_reasons(["certificates.end_older"], dict(CertificateEvent.Reason.choices))
name_values("kind", dict(TrainingKind.choices))
name_values("giver", dict(TrainingGiver.choices))
name_reasons(
    ("certificates.record_complaint", "certificates.decide_complaint"), dict(Complaint.Category.choices)
)
name_reasons(("certificates.appeal", "certificates.decide_appeal"), dict(EventAppeal.Category.choices))
name_reasons(("certificates.doubt_award",), dict(AwardInDoubt.Why.choices))
name_reasons(("certificates.leave_in_force",), dict(AwardInDoubt.WhyStays.choices))
name_reasons(
    [f"certificates.{_act}_rules" for _act in ("propose", "decline", "withdraw")],
    dict(WhyRulesChange.choices),
)
name_values("layout", dict(CertificateDocument.Layout.choices))
name_subject("award", gettext_lazy("what was earned"))
name_subject(
    "certificate",
    gettext_lazy("certificate"),
    lambda ids: {
        found.public_id: Subject(
            grouped(found.short_code), reverse("certificates:one", args=[found.public_id])
        )
        for found in Certificate.objects.filter(public_id__in=ids)
    },
)
name_subject(
    "qualification",
    gettext_lazy("qualification"),
    lambda ids: {
        found.public_id: Subject(
            f"{found.code}: {found.name}", reverse("certificates:qualification", args=[found.public_id])
        )
        for found in Qualification.objects.filter(public_id__in=ids)
    },
)
name_subject(
    "register", gettext_lazy("register"), lambda ids: {"certificates": Subject(_("Register of certificates"))}
)

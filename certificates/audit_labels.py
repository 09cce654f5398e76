"""Names, in the audit trail, of what certificates does."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from operations.codes import grouped
from operations.trail import Subject, name_acts, name_reasons, name_subject

from .models import AwardInDoubt, Certificate, CertificateEvent, Qualification

name_acts(
    {
        "certificates.save_qualification": gettext_lazy("Qualification saved"),
        "certificates.propose_revocation": gettext_lazy("Revocation proposed"),
        "certificates.revoke": gettext_lazy("Certificate revoked"),
        "certificates.decline_revocation": gettext_lazy("Revocation declined"),
        "certificates.withdraw_revocation": gettext_lazy("Proposed revocation withdrawn"),
        "certificates.export_register": gettext_lazy("Register of certificates exported"),
        "certificates.doubt_award": gettext_lazy("Certificate put before the registrars"),
        "certificates.leave_in_force": gettext_lazy("Certificate left in force"),
    }
)
name_reasons(
    (
        "certificates.propose_revocation",
        "certificates.revoke",
        "certificates.decline_revocation",
        "certificates.withdraw_revocation",
    ),
    dict(CertificateEvent.Reason.choices),
)
name_reasons(("certificates.doubt_award",), dict(AwardInDoubt.Why.choices))
name_reasons(("certificates.leave_in_force",), dict(AwardInDoubt.WhyStays.choices))
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
        found.public_id: Subject(f"{found.code}: {found.name}")
        for found in Qualification.objects.filter(public_id__in=ids)
    },
)
name_subject(
    "register", gettext_lazy("register"), lambda ids: {"certificates": Subject(_("Register of certificates"))}
)

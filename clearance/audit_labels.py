"""Names, in the audit trail, of what clearance does."""

from django.utils.translation import gettext_lazy as _

from operations.trail import Subject, name_acts, name_reasons, name_subject

from .models import DutyFunction, WhyRule

name_acts(
    {
        "clearance.save_function": _("Function saved"),
        "clearance.require": _("Requirement of a function changed"),
        "clearance.propose_requirement": _("Requirement of a function proposed"),
        "clearance.decline_requirement": _("Proposed requirement declined"),
        "clearance.withdraw_requirement": _("Proposed requirement withdrawn"),
        "clearance.export_decisions": _("Own questions exported"),
    }
)
name_reasons(
    [f"clearance.{act}_requirement" for act in ("propose", "decline", "withdraw")], dict(WhyRule.choices)
)
name_subject(
    "dutyfunction",
    _("function"),
    lambda ids: {
        function.public_id: Subject(f"{function.code}: {function.name}")
        for function in DutyFunction.objects.filter(public_id__in=ids)
    },
)

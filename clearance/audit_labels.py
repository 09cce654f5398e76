"""Names, in the audit trail, of what clearance does."""

from django.utils.translation import gettext_lazy as _

from audit.values import name_values
from operations.trail import Subject, name_acts, name_reasons, name_subject

from .evidence_file import WhyEvidence
from .models import (
    Basis,
    Condition,
    Decision,
    DutyFunction,
    KnownWhen,
    Mode,
    OverrideFinding,
    WhyOverride,
    WhyRule,
)

name_acts(
    {
        "clearance.save_function": _("Function saved"),
        "clearance.require": _("Requirement of a function changed"),
        "clearance.add_function": _("Function added"),
        "clearance.propose_function": _("New function proposed"),
        "clearance.decline_function": _("New function declined"),
        "clearance.withdraw_function": _("Proposal of a new function withdrawn"),
        "clearance.propose_requirement": _("Requirement of a function proposed"),
        "clearance.decline_requirement": _("Proposed requirement declined"),
        "clearance.withdraw_requirement": _("Proposed requirement withdrawn"),
        "clearance.export_decisions": _("Register of decisions exported"),
        "clearance.make_evidence": _("File of evidence made"),
        "clearance.search_decisions": _("Decisions about a person searched for"),
        "clearance.search_case": _("Decisions of a case searched for"),
        "clearance.enter_duty": _("Duty entered"),
        "clearance.override": _("Refusal overruled"),
        "clearance.review_override": _("Overruled refusal reviewed"),
        "clearance.export_table": _("Table of clearances exported"),
        "clearance.set_staffing": _("Needed numbers of a unit entered"),
        "clearance.look_back": _("Looked back at what would have been answered"),
    }
)
for _field, _words in (
    ("mode", Mode),
    ("conditions", Condition),
    ("basis", Basis),
    ("finding", OverrideFinding),
    ("known", KnownWhen),
):
    name_values(_field, dict(_words.choices))
name_reasons(
    [
        *(f"clearance.{act}_requirement" for act in ("propose", "decline", "withdraw")),
        *(f"clearance.{act}_function" for act in ("propose", "add", "decline", "withdraw")),
    ],
    dict(WhyRule.choices),
)
name_reasons(["clearance.make_evidence"], dict(WhyEvidence.choices))
name_reasons(["clearance.override"], dict(WhyOverride.choices))
name_subject(
    "decision",
    _("decision"),
    lambda ids: {
        decision.public_id: Subject(decision.function.name)
        for decision in Decision.objects.filter(public_id__in=ids).select_related("function")
    },
)
name_subject(
    "dutyfunction",
    _("function"),
    lambda ids: {
        function.public_id: Subject(f"{function.code}: {function.name}")
        for function in DutyFunction.objects.filter(public_id__in=ids)
    },
)

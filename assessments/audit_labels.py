"""Names, in the audit trail, of what assessments does."""

from django.utils.translation import gettext_lazy as _

from operations.trail import name_acts, name_reasons, name_subject

from .models import Appeal, ExamRelease, WhyOtherwise

name_acts(
    {
        "assessments.save_family": _("Family of cases saved"),
        "assessments.save_scenario": _("Case saved"),
        "assessments.publish_version": _("Version of a case published"),
        "assessments.save_blueprint": _("Blueprint of an examination saved"),
        "assessments.change_rules": _("Rules of an examination changed"),
        "assessments.release": _("Next attempt of an examination released"),
        "assessments.withdraw_release": _("Release of an attempt withdrawn"),
        "assessments.give_extra_time": _("Extra time in examinations given"),
        "assessments.end_extra_time": _("Extra time in examinations ended"),
        "assessments.appeal": _("Appeal against the result of an examination"),
        "assessments.see_answers": _("Answers of an examination opened for an appeal"),
        "assessments.uphold_result": _("Appeal decided: the result stands"),
        "assessments.propose_decision": _("Decision of an appeal proposed"),
        "assessments.decide_appeal": _("Appeal decided by two"),
        "assessments.decline_decision": _("Proposed decision of an appeal declined"),
        "assessments.withdraw_decision": _("Proposed decision of an appeal withdrawn"),
        "assessments.mark_again": _("Examination or practice marked again"),
    }
)
name_reasons(["assessments.release", "assessments.withdraw_release"], dict(ExamRelease.Reason.choices))
name_reasons(("assessments.appeal",), dict(Appeal.Category.choices))
name_reasons(
    (
        "assessments.propose_decision",
        "assessments.decide_appeal",
        "assessments.decline_decision",
        "assessments.withdraw_decision",
    ),
    dict(WhyOtherwise.choices),
)
name_subject("appeal", _("appeal"))
name_subject("attempt", _("examination or practice"))
name_subject("scenario", _("case"))
name_subject("scenariofamily", _("family of cases"))
name_subject("blueprint", _("blueprint of an examination"))

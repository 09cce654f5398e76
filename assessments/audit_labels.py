"""Names, in the audit trail, of what assessments does."""

from django.utils.translation import gettext_lazy as _

from operations.trail import name_acts, name_reasons, name_subject

from .models import ExamRelease

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
    }
)
name_reasons(["assessments.release", "assessments.withdraw_release"], dict(ExamRelease.Reason.choices))
name_subject("scenario", _("case"))
name_subject("scenariofamily", _("family of cases"))
name_subject("blueprint", _("blueprint of an examination"))

"""Names, in the audit trail, of what assessments does."""

from django.utils.translation import gettext_lazy as _

from operations.trail import name_acts, name_subject

name_acts(
    {
        "assessments.save_family": _("Family of cases saved"),
        "assessments.save_scenario": _("Case saved"),
        "assessments.publish_version": _("Version of a case published"),
        "assessments.save_blueprint": _("Blueprint of an examination saved"),
        "assessments.change_rules": _("Rules of an examination changed"),
    }
)
name_subject("scenario", _("case"))
name_subject("scenariofamily", _("family of cases"))
name_subject("blueprint", _("blueprint of an examination"))

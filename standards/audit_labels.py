"""Names, in the audit trail, of what standards does."""

from django.utils.translation import gettext_lazy as _

from operations.trail import name_acts, name_subject

name_acts(
    {
        "standards.save_legalsource": _("Legal source saved"),
        "standards.save_indicatorset": _("Set of indicators saved"),
        "standards.save_indicator": _("Indicator saved"),
        "standards.save_competence": _("Competence saved"),
        "standards.save_criticalerror": _("Critical error saved"),
        "standards.save_term": _("Term saved"),
        "standards.save_figure": _("Amount or telephone number saved"),
    }
)
for kind, text in {
    "legalsource": _("legal source"),
    "indicatorset": _("set of indicators"),
    "indicator": _("indicator"),
    "competence": _("competence"),
    "criticalerror": _("critical error"),
    "term": _("term"),
    "figure": _("amount or telephone number"),
}.items():
    name_subject(kind, text)

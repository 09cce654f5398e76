"""Names, in the audit trail, of what audit does."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from operations.trail import Subject, name_acts, name_subject

name_acts(
    {
        "audit.export_audit": gettext_lazy("Audit trail exported"),
        "operations.confirm_clock": gettext_lazy("Clock of the server confirmed"),
    }
)
name_subject("clock", gettext_lazy("clock of the server"))
name_subject("trail", gettext_lazy("audit trail"), lambda ids: {"audit": Subject(_("Audit trail"))})

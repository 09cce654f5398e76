"""Names, in the audit trail, of what rosters does."""

from collections.abc import Collection

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from operations.trail import Subject, name_acts, name_subject

from .models import RosterImport

name_acts(
    {
        "rosters.receive_roster": gettext_lazy("Roster handed in"),
        "rosters.name_roster_columns": gettext_lazy("Columns of a roster named"),
        "rosters.apply_roster": gettext_lazy("Roster to be applied"),
        "rosters.carry_out_roster": gettext_lazy("Roster applied"),
        "rosters.cancel_roster": gettext_lazy("Roster cancelled"),
        "rosters.cancel_roster_of_erased": gettext_lazy(
            "Roster cancelled: data of somebody in it were erased"
        ),
        "rosters.note_roster_download": gettext_lazy("Result of a roster downloaded"),
        "rosters.forget_old_rosters": gettext_lazy("Old roster forgotten"),
    }
)


# Auditors read the trail, and open neither rosters nor requests: these have no link.
def _rosters(ids: Collection[str]) -> dict[str, Subject]:
    queryset = RosterImport.objects.select_related("agency").filter(public_id__in=ids)
    return {
        roster.public_id: Subject(_("roster of %(agency)s") % {"agency": roster.agency.name})
        for roster in queryset
    }


name_subject("roster", gettext_lazy("roster"), _rosters)

"""The retention period of the lines of rosters; files that belong to no import."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from operations.retention import Period, register_period
from operations.stray_files import StoredKind, register_stored

from .models import RosterImport, RosterLine
from .staging import FOLDER, LINES, SENT

register_period(
    Period(
        name="rosters",
        text=_("Lines of rosters that your agency handed in"),
        rows=lambda before: RosterLine.objects.filter(roster__uploaded_at__lt=before),
    )
)


def _named(public_ids: Collection[str]) -> set[str]:
    """Return those of them that are imports of which something is still kept."""
    rows = RosterImport.objects.filter(public_id__in=public_ids).exclude(stored="")
    return set(rows.values_list("public_id", flat=True))


for _what in (SENT, LINES):
    register_stored(StoredKind(suffix=f".{_what}", named=_named, folder=FOLDER))

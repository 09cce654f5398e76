"""The retention period of the lines of rosters."""

from django.utils.translation import gettext_lazy as _

from operations.retention import Period, register_period

from .models import RosterLine

register_period(
    Period(
        name="rosters",
        text=_("Lines of rosters that your agency handed in"),
        rows=lambda before: RosterLine.objects.filter(roster__uploaded_at__lt=before),
    )
)

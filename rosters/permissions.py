"""Acts of rosters: a file changes the people of one agency."""

from django.utils.translation import gettext_lazy as _

from people.permissions.holding import Position
from people.permissions.table import Reach, register_permission

IMPORT = "rosters.import_roster"

register_permission(
    IMPORT,
    _("Send an agency's roster as a file, check and apply it"),
    {Position.COORDINATOR: Reach.AGENCY, Position.ADMINISTRATOR: Reach.EVERYWHERE},
)

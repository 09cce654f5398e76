"""Acts of rosters: a file changes the people of one agency."""

from django.utils.translation import gettext_lazy as _

from .holding import Position
from .table import Reach, register_act

IMPORT = "people.import_roster"

register_act(
    IMPORT,
    _("Send an agency's roster as a file, check and apply it"),
    {Position.COORDINATOR: Reach.AGENCY, Position.ADMINISTRATOR: Reach.EVERYWHERE},
)

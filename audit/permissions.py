"""The permission to read the audit trail."""

from django.utils.translation import gettext_lazy as _

from people.permissions.holding import Position
from people.permissions.table import Reach, register_permission

READ_AUDIT = "audit.read_audit"
register_permission(
    READ_AUDIT, _("Read, search and export the audit trail"), {Position.AUDITOR: Reach.EVERYWHERE}
)

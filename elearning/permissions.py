"""Permissions of the demo alone."""

from django.utils.translation import gettext_lazy as _

from people.permissions import Position, Reach, register_permission

READ_MAIL = "elearning.read_mail"
register_permission(
    READ_MAIL,
    _("Read the mail that the demo keeps instead of sending it"),
    {Position.ADMINISTRATOR: Reach.EVERYWHERE},
    note=_("In the demo alone."),
)

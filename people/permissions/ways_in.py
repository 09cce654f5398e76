"""Ways in: who invites, who lets somebody set up the second factor anew."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from people.models import Agency, User

from .holding import Position
from .table import Reach, register_act, where_may

register_act(
    "people.reset_second_factor",
    _("Remove somebody's second step after a lost device"),
    {Position.ADMINISTRATOR: Reach.EVERYWHERE},
)
register_act("people.invite", _("Invite people, send again, withdraw"), {
    Position.COORDINATOR: Reach.AGENCY,
    Position.ADMINISTRATOR: Reach.EVERYWHERE,
})  # fmt: skip
register_act("people.decide_sign_up", _("Let in who asked by an address of the agency"), {
    Position.COORDINATOR: Reach.AGENCY,
    Position.ADMINISTRATOR: Reach.EVERYWHERE,
})  # fmt: skip


def agencies_to_invite_for(by: User | None) -> Any:  # QuerySet[Agency]
    """Agencies whose people this person may invite."""
    where = where_may(by, "people.invite")
    return Agency.objects.all() if where.everywhere else Agency.objects.filter(pk__in=where.agencies)

"""Ways in: who invites, who lets somebody set up the second step anew."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from operations.models import Proposal
from operations.proposals import register_act
from people.models import Agency, User
from people.permissions.administration import ADMINISTRATOR, READERS, guarded
from people.permissions.confirming import confirmable_with_a_registrar
from people.permissions.holding import Anyone, Position
from people.permissions.table import Reach, may, register_permission, where_may

ENTER_CMS = "accounts.enter_cms"
RESET, CONFIRM_RESET = "accounts.reset_second_factor", "accounts.confirm_reset"
INVITE = "accounts.invite"
register_act(RESET)

register_permission(
    RESET,
    _("Remove somebody's second step after a lost device"),
    {Position.ADMINISTRATOR: Reach.EVERYWHERE},
    note=_(
        "Not one's own. If the person's position, now or in the past, needs a second step, one "
        "person proposes it and another confirms it."
    ),
)
register_permission(
    CONFIRM_RESET,
    _("Confirm or decline that somebody's second step is removed"),
    {Position.ADMINISTRATOR: Reach.EVERYWHERE, Position.REGISTRAR: Reach.EVERYWHERE},
    note=_(
        "Not the person who proposed it, and not about oneself. As long as there is a registrar, a "
        "registrar confirms. A proposal about oneself may be declined."
    ),
)
register_permission(
    INVITE,
    _("Invite people, send again, withdraw"),
    {Position.COORDINATOR: Reach.AGENCY, Position.ADMINISTRATOR: Reach.EVERYWHERE},
    note=_(
        "A sheet for a forgotten password of somebody who holds a certificate: one person prepares it and another "
        "prints it."
    ),
)
register_permission("accounts.see_accounts", _("See all accounts"), READERS)
register_permission(
    "accounts.deactivate",
    _("Close an account and open it again"),
    ADMINISTRATOR,
    note=_("Not one's own account."),
)
register_permission("accounts.sign_out", _("Sign somebody out everywhere"), ADMINISTRATOR)

register_permission(
    ENTER_CMS,
    _("Enter the authoring pages"),
    {Position.TRAINER: Reach.EVERYWHERE, Position.REVIEWER: Reach.EVERYWHERE},
)


def may_enter_cms(user: Anyone) -> bool:
    """Return whether the user may enter: trainers and reviewers whose grant holds everywhere. Courses belong
    to no agency.
    """
    return user is not None and may(user, ENTER_CMS)


def can_deactivate(by: User | None, person: User) -> bool:
    """Return whether `by` may close the account: never the own one, so one administrator always remains."""
    return by != person and may(by, "accounts.deactivate")


def can_reset_second_factor(by: User | None, person: User) -> bool:
    """Return whether `by` may remove the second step alone."""
    return by is None or (by != person and may(by, RESET) and not guarded(person))


def can_propose_reset(by: User, person: User) -> bool:
    return by != person and may(by, RESET) and guarded(person)


def can_confirm_reset(by: User, proposal: Proposal) -> bool:
    return bool(resets_to_confirm(by, [proposal]))


def resets_to_confirm(by: User, waiting: Iterable[Proposal]) -> list[Proposal]:
    return confirmable_with_a_registrar(by, waiting, propose=RESET, confirm=CONFIRM_RESET)


def can_decline_reset(by: User, proposal: Proposal) -> bool:
    """Return whether `by` may decline, which needs no pair: also the person, who knows best that no device
    was lost.
    """
    return not proposal.is_from(by) and may(by, CONFIRM_RESET)


def agencies_to_invite_for(by: User | None) -> Any:  # QuerySet[Agency]
    """Return the agencies whose people this person may invite."""
    where = where_may(by, INVITE)
    return Agency.objects.all() if where.everywhere else Agency.objects.filter(pk__in=where.agencies)

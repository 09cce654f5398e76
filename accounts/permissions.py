"""Ways in: who invites, who lets somebody set up the second step anew."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from operations import clock
from operations.models import Proposal
from operations.proposals import register_act
from people.models import Agency, Grant, User
from people.permissions.administration import ADMINISTRATOR, READERS, guarded
from people.permissions.confirming import confirmable_with_a_registrar
from people.permissions.holding import Anyone, Position
from people.permissions.table import Reach, may, permissions, register_permission, where_may

ENTER_CMS = "accounts.enter_cms"
RESET, CONFIRM_RESET = "accounts.reset_second_factor", "accounts.confirm_reset"
INVITE = "accounts.invite"
LONG_STANDING = timedelta(days=30)
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
        "prints it. A position that one person alone gave counts for this only after 30 days."
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


def of_long_standing(people: Iterable[int | None]) -> set[int]:
    """Return those of the people (primary keys) to whom the installation or two people gave a position with which one
    invites, or one person 30 days ago: nobody makes a second person for the purpose. One query.
    """
    given = Grant.objects.filter(person__in=people, position__in=permissions[INVITE].allowed)
    long_ago = Q(recorded_at__lte=clock.now() - LONG_STANDING)
    held = given.filter(long_ago | Q(granted_by=None) | Q(confirmed_by__isnull=False))
    return set(held.values_list("person", flat=True))


def agencies_to_invite_for(by: User | None) -> Any:  # QuerySet[Agency]
    """Return the agencies whose people this person may invite."""
    where = where_may(by, INVITE)
    return Agency.objects.all() if where.everywhere else Agency.objects.filter(pk__in=where.agencies)

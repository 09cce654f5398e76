"""Checks that several actions share."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from operations.models import Proposal
from people.models import User


def refuse_unless(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied(_("You may not do this."))


def person_of(proposal: Proposal, *, act: str) -> User:
    """Return the person of a proposal, locked: decisions about one person wait for each other. Refuse a
    proposal of another act.
    """
    refuse_unless(proposal.act == act)
    return User.objects.select_for_update().get(public_id=proposal.subject_id)

"""The second step of who acts for others is removed by two people."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import WhyReset
from accounts.permissions import RESET, can_confirm_reset, can_decline_reset, can_propose_reset
from accounts.second_factor import has_second_factor
from operations import clock, notices, proposals
from operations.models import Proposal
from people.actions.grants import tell
from people.actions.guards import person_of, refuse_unless
from people.models import Grant, User

from .second_factor import remove_second_factor

TIME_TO_DECIDE = timedelta(days=3)


@transaction.atomic
def propose_reset(*, person: User, reason: str, by: User) -> Proposal:
    """Propose to remove a second step: nothing changes yet, and the person is told.

    Raise ValidationError: no reason chosen, proposed already, no second step there.
    """
    refuse_unless(can_propose_reset(by, person))
    if reason not in WhyReset.values:
        raise ValidationError(_("Choose a reason from the list."))
    person = User.objects.select_for_update().get(pk=person.pk)
    if proposals.waiting(act=RESET, subject_id=person.public_id).exists():
        raise ValidationError(_("This is already waiting for a second person."))
    if not has_second_factor(person):
        raise ValidationError(_("This person has set up no second step."))
    proposal = proposals.propose(
        act=RESET, subject_id=person.public_id, reason_category=reason, payload={}, by=by,
        expires_at=clock.now() + TIME_TO_DECIDE,
    )  # fmt: skip
    proposals.record("accounts.propose_reset", proposal, by=by)
    notices.notify(person=person, kind="accounts.own_reset_proposed", subject_id=proposal.public_id)
    tell(
        "accounts.reset_proposed", proposal.public_id, but={by.pk, person.pk},
        positions=[Grant.Position.REGISTRAR, Grant.Position.ADMINISTRATOR, Grant.Position.AUDITOR],
    )  # fmt: skip
    return proposal


@transaction.atomic
def confirm_reset(*, proposal: Proposal, by: User) -> None:
    """Remove all factors and end all sessions, as the second of two people; the person is told."""
    person = person_of(proposal, act=RESET)
    if not can_confirm_reset(by, proposal):
        raise PermissionDenied(
            _(
                "Three different people are needed: one proposes, one confirms, the third is the person "
                "concerned. One of the first two must be a registrar."
            )
        )
    proposals.confirm(proposal, by=by)
    proposals.record("accounts.confirm_reset", proposal, by=by)
    remove_second_factor(person=person, by=by, reason=proposal.reason_category)


@transaction.atomic
def decline_reset(*, proposal: Proposal, by: User) -> None:
    """Decline the proposal. Raise ProposalError: one's own, decided, expired."""
    person_of(proposal, act=RESET)
    refuse_unless(can_decline_reset(by, proposal))
    proposals.decline(proposal, by=by)
    proposals.record("accounts.decline_reset", proposal, by=by)


@transaction.atomic
def withdraw_reset(*, proposal: Proposal, by: User) -> None:
    """Withdraw the proposal. Raise ProposalError: somebody else's, decided, expired."""
    person_of(proposal, act=RESET)
    proposals.withdraw(proposal, by=by)
    proposals.record("accounts.withdraw_reset", proposal, by=by)

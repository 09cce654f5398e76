"""A registrar or a rule owner is made by two people."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from operations import clock, proposals
from operations.models import Proposal
from people.models import Grant, User, WhyRegistrar
from people.permissions import can_confirm_registrar, can_decline_registrar, can_propose_registrar
from people.permissions.grants import BY_TWO

from .grants import give, tell
from .guards import person_of, refuse_unless

REGISTRAR = proposals.register_act("people.grant_registrar")
TOLD = [Grant.Position.REGISTRAR, Grant.Position.ADMINISTRATOR, Grant.Position.AUDITOR]


@transaction.atomic
def propose_registrar(
    *,
    person: User,
    reason: str,
    by: User,
    position: str = Grant.Position.REGISTRAR,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> Proposal:
    """Propose a registrar or rule owner. Raise ValidationError: an excluding position, proposed already, no
    reason chosen.
    """
    refuse_unless(can_propose_registrar(by, person) and position in BY_TWO)
    if reason not in WhyRegistrar.values:
        raise ValidationError(_("Choose a reason from the list."))
    person = User.objects.select_for_update().get(pk=person.pk)
    if proposals.waiting(act=REGISTRAR, subject_id=person.public_id).exists():
        raise ValidationError(_("This is already waiting for a second person."))
    _try(_grant(person, position, starts_at, ends_at), by)
    proposal = proposals.propose(
        act=REGISTRAR,
        subject_id=person.public_id,
        reason_category=reason,
        payload={"position": position, "starts_at": starts_at, "ends_at": ends_at},
        by=by,
        expires_at=clock.now() + proposals.TIME_TO_DECIDE,
    )
    proposals.record("people.propose_registrar", proposal, by=by)
    tell("people.registrar_proposed", proposal.public_id, positions=TOLD, but={by.pk, person.pk})
    return proposal


def _try(grant: Grant, by: User) -> None:
    """Refuse now what could not be given later, as a trial that leaves nothing."""
    with transaction.atomic():
        give(grant, by=by)
        transaction.set_rollback(True)


@transaction.atomic
def confirm_registrar(*, proposal: Proposal, by: User) -> Grant:
    """Give the position, as the second of two people, not before the day that was proposed."""
    person = _confirmable(proposal, by)
    proposals.confirm(proposal, by=by)
    starts_at, ends_at = (_instant(proposal, name) for name in ("starts_at", "ends_at"))
    made = _grant(person, position_of(proposal), starts_at, ends_at)
    made.reason = proposal.reason_category
    made.granted_by_id, made.confirmed_by = proposal.proposed_by_id, by
    give(made, by=by)
    tell("people.registrar_made", made.public_id, positions=TOLD, but={by.pk, person.pk})
    return made


@transaction.atomic
def decline_registrar(*, proposal: Proposal, by: User) -> None:
    """Decline the proposal. Raise ProposalError: one's own, decided, expired."""
    person_of(proposal, act=REGISTRAR)
    refuse_unless(can_decline_registrar(by, proposal))
    proposals.decline(proposal, by=by)
    proposals.record("people.decline_registrar", proposal, by=by)


@transaction.atomic
def withdraw_registrar(*, proposal: Proposal, by: User) -> None:
    """Withdraw the proposal. Raise ProposalError: somebody else's, decided, expired."""
    person_of(proposal, act=REGISTRAR)
    proposals.withdraw(proposal, by=by)
    proposals.record("people.withdraw_registrar", proposal, by=by)


def position_of(proposal: Proposal) -> Grant.Position:
    """Return the position that was proposed."""
    return Grant.Position(proposal.payload.get("position", Grant.Position.REGISTRAR))


def _grant(person: User, position: str, starts_at: datetime | None, ends_at: datetime | None) -> Grant:
    starts_at = max(starts_at or clock.now(), clock.now())
    return Grant(person=person, position=position, starts_at=starts_at, ends_at=ends_at)


def _confirmable(proposal: Proposal, by: User) -> User:
    person = person_of(proposal, act=REGISTRAR)
    if not can_confirm_registrar(by, proposal):
        raise PermissionDenied(
            _(
                "Three different people are needed: one proposes, one confirms, the third is the person "
                "concerned. One of the first two must be a registrar."
            )
        )
    return person


def _instant(proposal: Proposal, name: str) -> datetime | None:
    text = proposal.payload.get(name)
    return datetime.fromisoformat(text) if text else None

"""Erasing a person: asked for by one, decided by another, done by an errand."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from operations import audit, clock, notices, outbox, proposals
from operations.models import Proposal
from people.actions.guards import person_of, refuse_unless
from people.actions.minimum_holders import check_enough_stay
from people.models import User
from privacy.erasure import Erasure, ErasureStage, run
from privacy.permissions import ERASE, can_decide_erasure, can_propose_erasure
from privacy.wording import DECLINED


class ErasureRefused(proposals.ProposalError):
    """Raised when an erasure cannot be asked for or confirmed."""


@transaction.atomic
def propose_erasure(*, person: User, by: User) -> Proposal:
    """Propose an erasure: the person, or an administrator for somebody who asked on paper. Nothing changes
    yet.
    """
    refuse_unless(can_propose_erasure(by, person))
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.erased_at is not None:
        raise ErasureRefused(_("This record is erased already."))
    _refuse_merged(person)
    if proposals.waiting(act=ERASE, subject_id=person.public_id).exists():
        raise ErasureRefused(_("This was asked for already and waits for a decision."))
    _check_enough_stay(person)
    proposal = proposals.propose(
        act=ERASE,
        subject_id=person.public_id,
        reason_category="own-wish" if by == person else "on-paper",
        payload={},
        by=by,
        expires_at=clock.now() + proposals.LONG_TIME_TO_DECIDE,
    )
    proposals.record("privacy.propose_erasure", proposal, by=by)
    return proposal


@transaction.atomic
def withdraw_erasure(*, proposal: Proposal, by: User) -> None:
    """Withdraw the proposal. Raise ProposalError: somebody else's, decided, expired."""
    refuse_unless(proposal.act == ERASE)
    proposals.withdraw(proposal, by=by)
    proposals.record("privacy.withdraw_erasure", proposal, by=by)


@transaction.atomic
def confirm_erasure(*, proposal: Proposal, by: User) -> None:
    """Confirm the erasure, as the second of two people. An errand does it, within a minute; nothing brings
    it back.

    Raise ErasureRefused where too few registrars or administrators would stay, or the record was merged
    since.
    """
    person = _decidable(proposal, by)
    _refuse_merged(person)
    _check_enough_stay(person)
    proposals.confirm(proposal, by=by)
    proposals.record("privacy.confirm_erasure", proposal, by=by)
    outbox.enqueue(ERASE, proposal.public_id)
    notices.notify(
        person=person, kind="privacy.erased", subject_id=proposal.public_id, urgency="bundle"
    )  # the errand itself sends it, before the address goes


@transaction.atomic
def decline_erasure(*, proposal: Proposal, reason: str, by: User) -> None:
    """Decline the erasure; `reason`: one of DECLINED. The person is told it in words."""
    person = _decidable(proposal, by)
    refuse_unless(reason in DECLINED)
    proposals.decline(proposal, by=by)
    proposals.record("privacy.decline_erasure", proposal, by=by, reason=reason)
    notices.notify(
        person=person, kind="privacy.erasure_declined", subject_id=proposal.public_id, threshold=reason
    )


def _refuse_merged(person: User) -> None:
    """Refuse to erase a merged record: what was the person's stands in the other one now, and would stay
    there.
    """
    if person.merged_into_id is not None:
        raise ErasureRefused(_("This record was merged into another one. Erase that one instead."))


def _check_enough_stay(person: User) -> None:
    try:
        check_enough_stay(without=person)
    except ValidationError as refusal:
        raise ErasureRefused(" ".join(refusal.messages)) from refusal


def _decidable(proposal: Proposal, by: User) -> User:
    person = person_of(proposal, act=ERASE)
    refuse_unless(can_decide_erasure(by, proposal))
    return person


@transaction.atomic
def erase_person(*, person: User, reason: str = "", by: User | None) -> Erasure:
    """Make the record a pseudonym and let every app erase its own rows; files went before.

    Facts of certificates and decisions stay provable. Twice is once. Raise NotYet while a certificate
    of the person is being made, ErasureRefused where the record was merged since.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    _refuse_merged(person)
    done = run(person, stage=ErasureStage.ROWS, by=by)
    after = {"records": len(done.people), "goes": sum(line.count for line in done.goes())}
    audit.record(
        by=by, act=ERASE, subject_kind="user", subject_id=person.public_id, reason=reason, after=after
    )
    return done

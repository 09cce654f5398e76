"""Acts of two registrars: proposed by one, confirmed, declined or taken back. What each act does: `actions_life`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from operations import clock, proposals
from operations.models import Proposal
from people.models import User

from . import happening, permissions, telling
from .acts import Act, ActRefused, acts
from .models import Certificate


@transaction.atomic
def propose(*, act: str, certificate: Certificate, reason: str, by: User, **asked: Any) -> Proposal:
    """The first pair of eyes; other registrars are told that it waits. ActRefused: not possible now, proposed already, or
    no reason from the list. `asked`: what the act needs besides.
    """
    chosen = acts[act]
    if not permissions.can_propose(by, chosen.propose_permission, certificate):
        raise PermissionDenied(str(permissions.NOT_ONES_OWN))
    if reason not in dict(chosen.reasons):
        raise ActRefused(_("Choose a reason from the list."))
    certificate = _locked(certificate)
    if why := chosen.shut(certificate):
        raise ActRefused(str(why))
    if proposals.waiting(act=act, subject_id=certificate.public_id).exists():
        raise ActRefused(_("The same is already waiting for a second registrar."))
    proposal = proposals.propose(
        act=act,
        subject_id=certificate.public_id,
        reason_category=reason,
        payload=chosen.payload(certificate, reason, asked),
        by=by,
        expires_at=clock.now() + proposals.TIME_TO_DECIDE,
    )
    proposals.record(f"certificates.propose_{chosen.noun}", proposal, by=by, subject_kind="certificate")
    telling.tell_registrars(proposal, certificate)
    return proposal


@transaction.atomic
def confirm(*, proposal: Proposal, by: User) -> object:
    """The second pair of eyes: the act is done now. ActRefused where it is not possible any more."""
    act, certificate = _decidable(proposal, by)
    if not permissions.proposer_stays(proposal, act.propose_permission, certificate.award.person):
        raise ActRefused(str(permissions.ONLY_DECLINED))
    happening.lock(certificate)
    proposals.confirm(proposal, by=by)
    if why := act.shut(certificate):
        raise ActRefused(str(why))
    return act.perform(certificate, proposal, by)


@transaction.atomic
def decline(*, proposal: Proposal, by: User) -> None:
    """The second pair of eyes sees it otherwise: the certificate stays as it was."""
    act, _certificate = _decidable(proposal, by)
    proposals.decline(proposal, by=by)
    proposals.record(f"certificates.decline_{act.noun}", proposal, by=by, subject_kind="certificate")


@transaction.atomic
def withdraw(*, proposal: Proposal, by: User) -> None:
    """The proposer takes it back. ProposalError: somebody else's, decided, expired."""
    act, _certificate = _of_proposal(proposal)
    proposals.withdraw(proposal, by=by)
    proposals.record(f"certificates.withdraw_{act.noun}", proposal, by=by, subject_kind="certificate")


def _decidable(proposal: Proposal, by: User) -> tuple[Act, Certificate]:
    act, certificate = _of_proposal(proposal)
    if not permissions.can_decide(by, act.decide_permission, certificate, proposal):
        raise PermissionDenied(str(permissions.THREE_PEOPLE))
    return act, certificate


def _of_proposal(proposal: Proposal) -> tuple[Act, Certificate]:
    """Its certificate, locked: decisions about one certificate wait for each other."""
    if proposal.act not in acts:
        raise PermissionDenied(_("You may not do this."))
    certificates = Certificate.objects.select_related("award__person__merged_into")
    return acts[proposal.act], _locked(certificates.get(public_id=proposal.subject_id))


def _locked(certificate: Certificate) -> Certificate:
    """Return it as it stands once its holder is locked, and it."""
    happening.lock_holder(certificate)
    queryset = Certificate.objects.select_for_update(of=("self",)).select_related(
        "award__person", "reservation", "qualification_version__qualification"
    )
    return queryset.get(pk=certificate.pk)

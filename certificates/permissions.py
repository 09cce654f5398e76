"""Who may see and change certificates."""

from typing import Any

from operations.models import Proposal
from people.models import Grant, User
from people.permissions import holds_everywhere

from .models import Certificate


def is_holder(user: Any, certificate: Certificate) -> bool:
    return isinstance(user, User) and certificate.award.person_id == user.pk


def can_see_register(user: Any) -> bool:
    """Registrars and auditors: the whole register, with names."""
    return any(
        holds_everywhere(user, position) for position in (Grant.Position.REGISTRAR, Grant.Position.AUDITOR)
    )


def can_propose_revocation(user: Any, certificate: Certificate) -> bool:
    """A registrar, not about an own certificate."""
    return holds_everywhere(user, Grant.Position.REGISTRAR) and not is_holder(user, certificate)


def can_decide_revocation(user: Any, certificate: Certificate, proposal: Proposal) -> bool:
    """Proposer, confirmer and holder are three persons."""
    return can_propose_revocation(user, certificate) and proposal.proposed_by_id != user.pk

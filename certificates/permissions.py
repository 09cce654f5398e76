"""Who may see and change certificates."""

from operations.models import Proposal
from people.models import Grant, User
from people.permissions import Anyone, holds_everywhere

from .models import Certificate

Position = Grant.Position


def is_holder(user: Anyone, certificate: Certificate) -> bool:
    return isinstance(user, User) and certificate.award.person_id == user.pk


def can_see_register(user: Anyone) -> bool:
    """Registrars and auditors: the whole register, with names."""
    return any(holds_everywhere(user, position) for position in (Position.REGISTRAR, Position.AUDITOR))


def can_propose_revocation(user: Anyone, certificate: Certificate) -> bool:
    """A registrar, not about an own certificate."""
    return holds_everywhere(user, Position.REGISTRAR) and not is_holder(user, certificate)


def can_decide_revocation(user: Anyone, certificate: Certificate, proposal: Proposal) -> bool:
    """Proposer, confirmer and holder are three persons."""
    return (
        isinstance(user, User)
        and user.pk != proposal.proposed_by_id
        and can_propose_revocation(user, certificate)
    )


def can_save_qualifications(user: User | None) -> bool:
    """Who owns the rules; None is the installation itself."""
    return user is None or holds_everywhere(user, Position.RULE_OWNER)

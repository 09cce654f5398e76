"""Corrections as a coordinator proposes and a registrar confirms them."""

from typing import Any

from certificates import actions_corrections, lists
from certificates.models import Certificate, StatusList
from certificates.state import CertificateState, state_at
from operations.models import Proposal
from people.models import User

NAMES = {"family_name": "Həsənova", "given_name": "Aytən"}


def propose(person: User, by: User, **names: str) -> Proposal:
    fresh = User.objects.get(pk=person.pk)
    return actions_corrections.propose_name(person=fresh, names=names or NAMES, by=by)


def corrected(person: User, first: User, second: User, **names: str) -> list[Certificate]:
    """Return the new certificates, once two have decided."""
    proposal = propose(person, first, **names)
    return actions_corrections.confirm_correction(proposal=Proposal.objects.get(pk=proposal.pk), by=second)


def state(certificate: Certificate, *args: Any, **more: Any) -> CertificateState:
    return state_at(Certificate.objects.get(pk=certificate.pk), *args, **more)


def name(person: User) -> str:
    return User.objects.get(pk=person.pk).get_full_name()


def is_reported(certificate: Certificate, purpose: str) -> bool:
    """Return whether the signed list of this purpose reports the certificate."""
    found = StatusList.objects.get(pk=getattr(certificate.reservation, f"{purpose}_list_id"))
    return getattr(certificate.reservation, f"{purpose}_index") in lists.verified(found).marked()

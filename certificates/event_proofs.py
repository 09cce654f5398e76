"""Proofs of a certificate's events: each row says what was signed, one follows the other, and nothing is in between."""

import logging
from collections.abc import Sequence

from django.conf import settings

from operations import canonical
from operations.identity import pseudonym
from operations.models import Proposal

from . import signing
from .credentials.errors import ProofError, Reason
from .credentials.event import EventFacts, verify_event
from .credentials.jsontext import read_json
from .credentials.keyfiles import KeysRefused
from .models import CertificateEvent
from .read_model import KeptEvent
from .state import UNDOABLE

log = logging.getLogger(__name__)


def hold(certificate: str, events: Sequence[KeptEvent]) -> bool:
    """Return whether all events of the certificate (its public id) are genuine, say what was signed, are numbered 1, 2, …
    without a gap, each carrying the hash of the one before, and each *reinstated* was confirmed and names one of them.
    """
    try:
        _verify(certificate, sorted(events, key=lambda event: event.number))
    except (ProofError, KeysRefused, OSError, ValueError) as error:
        log.warning("events not verified", extra={"certificate": certificate, "why": str(error)})
        return False
    return True


def _verify(certificate: str, events: Sequence[KeptEvent]) -> None:
    previous = ""
    before: dict[int, str] = {}
    for number, event in enumerate(events, 1):
        document = read_json(event.statement)
        signed = verify_event(document, keyring=signing.keyring(), base_url=settings.BASE_URL)
        if signed != facts_of(certificate, event):
            raise ProofError(Reason.DIFFERS, f"event {number} says something else than was signed")
        if (event.number, event.previous_sha256) != (number, previous):
            raise ProofError(Reason.DIFFERS, f"event {number} does not follow the one before")
        if event.kind == CertificateEvent.Kind.REINSTATED and not _is_confirmed(event, before):
            raise ProofError(Reason.DIFFERS, f"event {number} undoes what it may not, or nobody confirmed it")
        before[event.pk] = event.kind
        previous = canonical.sha256(document)


def _is_confirmed(event: KeptEvent, before: dict[int, str]) -> bool:
    undone = before.get(event.undoes_id or 0)
    return undone in UNDOABLE and event.proposal__outcome == Proposal.Outcome.CONFIRMED


def facts_of(certificate: str, event: KeptEvent) -> EventFacts:
    """Return what is signed of an event of this certificate (its public id)."""
    return EventFacts(
        base_url=settings.BASE_URL,
        certificate=certificate,
        public_id=event.public_id,
        number=event.number,
        kind=event.kind,
        reason=event.reason,
        effective_at=event.effective_at,
        recorded_at=event.recorded_at,
        until=event.until,
        reach=event.reach or "",
        undoes=event.undoes__public_id or "",
        successor=event.successor__public_id or "",
        by=pseudonym(event.by__public_id) if event.by__public_id else "",
        proposal=event.proposal__public_id or "",
        previous=event.previous_sha256,
    )

"""The one place that makes events of certificates: numbered, chained to the one before, signed."""

from datetime import datetime

from operations import canonical, clock, clock_guard
from operations.ids import public_id
from operations.models import Proposal
from people.models import User

from . import signing
from .credentials.event import make_event
from .credentials.keys import Purpose
from .event_proofs import facts_of
from .models import Certificate, CertificateEvent
from .read_model import KeptEvent
from .state import UNDOABLE

Kind = CertificateEvent.Kind


def record_event(
    certificate: Certificate,
    *,
    kind: CertificateEvent.Kind,
    reason: str,
    effective_at: datetime,
    by: User | None,
    proposal: Proposal | None = None,
    until: datetime | None = None,
    undoes: CertificateEvent | None = None,
    successor: Certificate | None = None,
    reach: str | None = None,
) -> CertificateEvent:
    """Record what happened to a certificate, in the caller's transaction; the certificate is locked for it.

    ValueError: a *revoked* without reach, a *suspended* without an end, a *superseded* without successor, a
    *reinstated* that names no event it may undo or whose proposal two people did not confirm. ClockBehind: nothing is
    signed by a clock that is. The caller asks for
    permission before, and afterwards signs the lists (`lists.sign_lists_of`), writes the audit entry and tells.
    """
    clock_guard.refuse_if_behind()
    _refuse_unfit(certificate, kind, effective_at, proposal, until, undoes, successor, reach)
    Certificate.objects.select_for_update().values_list("pk").get(pk=certificate.pk)
    own = CertificateEvent.objects.filter(certificate=certificate)
    before = own.order_by("-number").values_list("number", "statement").first()
    number, previous = (before[0] + 1, canonical.sha256(before[1])) if before else (1, "")
    event = CertificateEvent(
        public_id=public_id(), certificate=certificate, number=number, kind=kind, reason=reason, reach=reach,
        effective_at=effective_at, recorded_at=clock.now(), until=until, undoes=undoes, successor=successor,
        by=by, proposal=proposal, previous_sha256=previous,
    )  # fmt: skip
    facts = facts_of(certificate.public_id, KeptEvent.of(event))
    event.statement = make_event(facts, signer=signing.keyring().signer(Purpose.STATUS))
    event.save(force_insert=True)
    return event


def _refuse_unfit(
    certificate: Certificate,
    kind: CertificateEvent.Kind,
    effective_at: datetime,
    proposal: Proposal | None,
    until: datetime | None,
    undoes: CertificateEvent | None,
    successor: Certificate | None,
    reach: str | None,
) -> None:
    if (kind == Kind.REVOKED) != (reach is not None):
        raise ValueError("a revocation says its reach, and nothing else does")
    if (kind == Kind.SUSPENDED) != (until is not None) or (until is not None and until <= effective_at):
        raise ValueError("a suspension says its end, after its beginning, and nothing else does")
    if (kind == Kind.SUPERSEDED) != (successor is not None) or successor == certificate:
        raise ValueError("what is superseded names another certificate, and nothing else does")
    if (kind == Kind.REINSTATED) != (undoes is not None):
        raise ValueError("a reinstatement names what it undoes, and nothing else does")
    if undoes is not None and (undoes.certificate_id != certificate.pk or undoes.kind not in UNDOABLE):
        raise ValueError("an event of another certificate, or one that nothing undoes")
    if undoes is not None and (proposal is None or proposal.outcome != Proposal.Outcome.CONFIRMED):
        raise ValueError("a reinstatement is confirmed by a second person")

"""The signed form of one event of a certificate, numbered and chained: each carries the hash of the one before.

It names nobody: whoever recorded the event stands in it under a pseudonym (`operations.identity.pseudonym`).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from . import dataintegrity
from .did import did_of
from .errors import ProofError, Reason
from .jsontext import Json
from .keys import Keyring, Purpose, Signer

TYPE = "NisaneCertificateEvent"
FORMAT = 1
_INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"  # to the microsecond: what was known when is told apart within a second


@dataclass(frozen=True, kw_only=True)
class EventFacts:
    """Facts of one event. `certificate`, `undoes`, `successor`, `proposal` and `public_id` are public ids, `by` is a
    pseudonym; "" for what there is none of. `previous`: SHA-256 of the canonical signed event before, "" for the first.
    """

    base_url: str
    certificate: str
    public_id: str
    number: int
    kind: str
    reason: str
    effective_at: datetime
    recorded_at: datetime
    until: datetime | None
    reach: str
    undoes: str
    successor: str
    by: str
    proposal: str
    previous: str


def make_event(facts: EventFacts, *, signer: Signer) -> Json:
    """The signed event (eddsa-jcs-2022), by `signer` (purpose status: who signs the lists says what they follow)."""
    return dataintegrity.sign(
        unsigned_event(facts),
        signer=signer,
        did=did_of(facts.base_url),
        created=facts.recorded_at,
        suites=(dataintegrity.JCS,),
    )


def verify_event(document: Json, *, keyring: Keyring, base_url: str) -> EventFacts:
    """Return what a genuine event of ours says; `ProofError` for anything else. Says nothing about its place."""
    dataintegrity.verify(
        document,
        keyring=keyring,
        purpose=Purpose.STATUS,
        did=did_of(base_url),
        context=None,
        suites=(dataintegrity.JCS,),
    )
    try:
        facts = _read(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ProofError(Reason.FORM, "a signed document, but not an event of ours") from error
    said = {name: value for name, value in document.items() if name != "proof"}
    if said != unsigned_event(facts) or facts.base_url != base_url:
        raise ProofError(Reason.FORM, "an event with more or less than ours have")
    return facts


def unsigned_event(facts: EventFacts) -> Json:
    return {
        "type": TYPE,
        "format": FORMAT,
        "certificate": f"{facts.base_url}/c/{facts.certificate}",
        "id": facts.public_id,
        "number": facts.number,
        "kind": facts.kind,
        "reason": facts.reason,
        "effectiveAt": _text(facts.effective_at),
        "recordedAt": _text(facts.recorded_at),
        "until": _text(facts.until) if facts.until else None,
        "reach": facts.reach,
        "undoes": facts.undoes,
        "successor": facts.successor,
        "by": facts.by,
        "proposal": facts.proposal,
        "previousSha256": facts.previous,
    }


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime(_INSTANT)


def _instant(text: str) -> datetime:
    return datetime.strptime(text, _INSTANT).replace(tzinfo=UTC)


def _read(document: Json) -> EventFacts:
    base_url, certificate = document["certificate"].rsplit("/c/", 1)
    until: Any = document["until"]
    return EventFacts(
        base_url=base_url,
        certificate=certificate,
        public_id=document["id"],
        number=document["number"],
        kind=document["kind"],
        reason=document["reason"],
        effective_at=_instant(document["effectiveAt"]),
        recorded_at=_instant(document["recordedAt"]),
        until=_instant(until) if until is not None else None,
        reach=document["reach"],
        undoes=document["undoes"],
        successor=document["successor"],
        by=document["by"],
        proposal=document["proposal"],
        previous=document["previousSha256"],
    )

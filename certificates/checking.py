"""Verification of a certificate at each view of its public page.

A check that could not be completed says so; it never says *valid*. The slow proofs are in `proving`.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from django.conf import settings

from operations import canonical, clock, clock_guard
from operations.identity import pseudonym

from . import event_proofs, lists, making, signing
from .credentials import statement
from .credentials.errors import ProofError, Reason
from .credentials.facts import CertificateFacts
from .credentials.jsontext import read_json
from .credentials.keyfiles import KeysRefused
from .credentials.statement import Commitments, StatementFacts
from .models import Certificate, CertificateCheck, CertificateEvent, StatusList
from .read_model import Kept
from .state import CertificateState, state_from_events

log = logging.getLogger(__name__)


class ViewCheck(StrEnum):
    """Checks of a view, in this order."""

    STATEMENT = "statement"  # the signature of the certificate's own statement
    FACTS = "facts"  # what the register says equals what was signed
    EVENTS = "events"  # each event is signed, one after the other
    REVOCATION = "revocation"  # the signed list of revocations, and that it agrees with the register
    SUSPENSION = "suspension"


@dataclass(frozen=True, kw_only=True)
class ListSeen:
    """A signed status list that was verified; `reports`: it reports this certificate."""

    number: int
    reports: bool
    signed_at: datetime
    valid_until: datetime


@dataclass(frozen=True, kw_only=True)
class SlowProofs:
    """The newest verification of the slow proofs, with their outcomes (CertificateCheck.Outcome)."""

    checked_at: datetime
    credential: str
    document: str

    @property
    def failed(self) -> bool:
        return CertificateCheck.Outcome.FAILED in (self.credential, self.document)


@dataclass(frozen=True, kw_only=True)
class Examination:
    """Outcome of a verification: the checks that `held`. The state is None where one could not be completed;
    `facts` are the signed ones, None where the statement is not genuine or the register says otherwise.
    """

    at: datetime
    held: frozenset[ViewCheck]
    certificate_state: CertificateState | None
    facts: CertificateFacts | None
    revocation: ListSeen | None
    suspension: ListSeen | None
    slow: SlowProofs | None
    clock_behind: bool = False  # then nothing is certain


def examine(certificate: Certificate) -> Examination:
    """As `examine_kept`; expects `Certificate.objects.to_examine()`."""
    return examine_kept(Kept.of(certificate))


def examine_kept(kept: Kept) -> Examination:
    """Verify statement, facts, events and both lists now, by a clock that is not behind what is recorded."""
    now = clock.now()
    found = state_from_events(kept.valid_from, kept.valid_to, kept.events, now, now)
    signed = _signed(kept)
    facts = signed.facts if signed and _register_says(kept, signed) else None
    held = {ViewCheck.STATEMENT} if signed else set()
    if facts:
        held.add(ViewCheck.FACTS)
    if facts and event_proofs.hold(kept.public_id, kept.events):
        held.add(ViewCheck.EVENTS)
    # In the order of their numbers, in which all who sign lists lock them.
    in_order = sorted(
        (ViewCheck.REVOCATION, ViewCheck.SUSPENSION), key=lambda check: _current_number(kept, check)
    )
    seen = {check: _list_seen(kept, check) if facts else None for check in in_order}
    for check, listed in seen.items():
        reported = bool(lists.reported(kept.events, check.value, now, now))
        if listed and listed.reports == reported:
            held.add(check)
    slow = _slow_proofs(kept)
    certain = held == set(ViewCheck) and slow is not None and not slow.failed
    behind = clock_guard.is_behind(*_recorded(kept))
    return Examination(
        at=now,
        held=frozenset(held),
        certificate_state=found if certain and not behind else None,
        facts=facts,
        revocation=seen[ViewCheck.REVOCATION],
        suspension=seen[ViewCheck.SUSPENSION],
        slow=slow,
        clock_behind=behind,
    )


def _recorded(kept: Kept) -> Iterator[datetime | None]:
    """Yield when what was read was recorded: a clock that is behind it says nothing of today."""
    yield from (
        kept.issued_at, kept.reservation__revocation_list__signed_at,
        kept.reservation__suspension_list__signed_at, kept.check_record__checked_at,
    )  # fmt: skip
    for event in kept.events:
        yield event.recorded_at


def says_what_was_signed(kept: Kept) -> bool:
    """Return whether the statement is genuine and the register says what was signed, the credential too."""
    signed = _signed(kept)
    return signed is not None and _register_says(kept, signed)


def _slow_proofs(kept: Kept) -> SlowProofs | None:
    if kept.check_record__checked_at is None:
        return None
    return SlowProofs(
        checked_at=kept.check_record__checked_at,
        credential=kept.check_record__credential or "",
        document=kept.check_record__document or "",
    )


def _signed(kept: Kept) -> StatementFacts | None:
    try:
        document = read_json(kept.statement)
        return statement.verify_statement(document, keyring=signing.keyring(), base_url=settings.BASE_URL)
    except (ProofError, KeysRefused) as error:
        log.warning("statement not verified", extra={"certificate": kept.public_id, "why": str(error)})
        return None


def _register_says(kept: Kept, signed: StatementFacts) -> bool:
    """Every fact of the certificate, and of the rows it rests on, equals the signed one."""
    facts = signed.facts
    return (
        kept.public_id == kept.reservation__public_id == facts.public_id
        and kept.short_code == kept.reservation__short_code == facts.code
        and kept.qualification_version__qualification__code == facts.qualification_code
        and kept.qualification_version__number == facts.qualification_version
        and _named(kept) == facts.qualification_names
        and (kept.valid_from, kept.valid_to) == (facts.valid_from, facts.valid_until)
        and (kept.edition, kept.legal_baseline) == (facts.edition, facts.legal_baseline)
        and kept.law_confirmed_on == facts.law_confirmed_on
        and kept.issued_at == kept.award__awarded_at
        and kept.issued_at.replace(microsecond=0) == facts.awarded_at
        and kept.reservation__revocation_list__number == facts.revocation.list_number
        and kept.reservation__revocation_index == facts.revocation.index
        and kept.reservation__suspension_list__number == facts.suspension.list_number
        and kept.reservation__suspension_index == facts.suspension.index
        and kept.award_id == kept.reservation__award_id
        and kept.qualification_version_id == kept.award__qualification_version_id
        and _award_says(kept, signed.commitments)
        and _bearer_says(kept, signed.commitments)
    )


def _named(kept: Kept) -> object:
    """The names in a qualification's rules; None where they are out of shape, or other rules than were confirmed."""
    rules = kept.qualification_version__rules
    try:
        return (
            json.loads(rules)["name"]
            if _sha256_of_json(rules) == kept.qualification_version__sha256
            else None
        )
    except (ValueError, TypeError, LookupError):
        return None


def _award_says(kept: Kept, fixed: Commitments) -> bool:
    """The award is the one that was signed, of the person that was signed; so is the certificate it renews."""
    try:
        award = _sha256_of_award(kept.award__public_id, kept.award__cause, kept.award__evidence)
        person = pseudonym(kept.award__person__public_id)
    except (OSError, ValueError, RecursionError) as error:
        log.warning("award not verified", extra={"certificate": kept.public_id, "why": type(error).__name__})
        return False
    renews = making.text_sha256(kept.renews__public_id) if kept.renews__public_id else ""
    key = making.key_sha256(kept.public_id, kept.bearer_key)
    return person == kept.bearer_key and (key, award, renews) == (fixed.bearer_key, fixed.award, fixed.renews)


def _bearer_says(kept: Kept, fixed: Commitments) -> bool:
    """Names, agency, credential and QR code are those that were signed, or all were erased, and it is told when."""
    if kept.bearer__pk is None:
        return False
    if kept.erased:
        return any(event.kind == CertificateEvent.Kind.ERASED for event in kept.events)
    try:
        names, agency = (json.loads(text or "null") for text in (kept.bearer__names, kept.bearer__agency))
        bearer = making.read_bearer(names, agency, kept.bearer__salt)
        credential = _sha256_of_json(kept.bearer__credential or "")
    except (ValueError, TypeError, AttributeError, RecursionError):
        return False
    return (
        bearer.hash() == fixed.bearer_hash
        and credential == kept.bearer__credential_sha256 == fixed.credential
        and making.text_sha256(kept.bearer__qr_text or "") == fixed.qr
    )


@lru_cache(maxsize=200)
def _sha256_of_award(public_id: str, cause: str, evidence: str) -> str:
    return making.award_sha256(public_id, cause, json.loads(evidence))


@lru_cache(maxsize=200)
def _sha256_of_json(text: str) -> str:
    """The hash of what a JSON text says; the same text is not read twice. ValueError, which is not remembered."""
    return canonical.sha256(json.loads(text))


def _list_seen(kept: Kept, check: ViewCheck) -> ListSeen | None:
    """Return what the signed list says of the certificate; None where the list does not verify, is not current or has
    other dates beside it.
    """
    listed = _current_list(kept, check)
    try:
        found = lists.verified_text(
            listed.credential,
            listed.number,
            check.value,
            listed.signed_at,
            settings.BASE_URL,
            signing.keyring(),
        )
        beside = (listed.purpose, listed.signed_at, listed.valid_until)
        if beside != (found.purpose, found.valid_from, found.valid_until):
            raise ProofError(Reason.DIFFERS, "another purpose, or other dates, than were signed")
        if not found.valid_from <= clock.now() < found.valid_until:
            raise ProofError(Reason.EXPIRED, "not current")
    except (ProofError, KeysRefused) as error:
        log.warning("status list not verified", extra={"list": listed.number, "why": str(error)})
        return None
    return ListSeen(
        number=listed.number,
        reports=found.is_marked(listed.index),
        signed_at=found.valid_from,
        valid_until=found.valid_until,
    )


def _current_number(kept: Kept, check: ViewCheck) -> int:
    number: int = getattr(kept, f"reservation__{check.value}_list__number")
    return number


@dataclass(frozen=True, kw_only=True)
class KeptList:
    """A status list as it stands in the register, and the certificate's place on it."""

    number: int
    purpose: str
    index: int
    credential: str
    signed_at: datetime
    valid_until: datetime


def _current_list(kept: Kept, check: ViewCheck) -> KeptList:
    """The signed list as text; signed anew where it is due."""
    said = {
        name: getattr(kept, f"reservation__{check.value}_list__{name}")
        for name in ("number", "purpose", "credential", "signed_at", "valid_until", "due_at")
    }
    due_at = said.pop("due_at")
    if not said["signed_at"] <= clock.now() < due_at:
        shown = lists.current(StatusList.objects.get(number=said["number"]))
        said |= {
            "credential": json.dumps(shown.credential),
            "signed_at": shown.signed_at,
            "valid_until": shown.valid_until,
        }
    return KeptList(index=getattr(kept, f"reservation__{check.value}_index"), **said)

"""Verification of a certificate at each view of its public page.

A check that could not be completed says so; it never says *valid*. The slow proofs are in `proving`.
"""

import json
import logging
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from django.conf import settings

from operations import clock

from . import lists, making, signing
from .credentials import statement, status
from .credentials.errors import ProofError, Reason
from .credentials.facts import CertificateFacts
from .credentials.jsontext import read_json
from .credentials.keyfiles import KeysRefused
from .credentials.keys import Keyring
from .credentials.statement import StatementFacts
from .models import Certificate, CertificateCheck, CertificateEvent, StatusList
from .read_model import Kept
from .state import CertificateState, state_from_events

log = logging.getLogger(__name__)


class ViewCheck(StrEnum):
    """Checks of a view, in this order."""

    STATEMENT = "statement"  # the signature of the certificate's own statement
    FACTS = "facts"  # what the register says equals what was signed
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


def examine(certificate: Certificate) -> Examination:
    """As `examine_kept`; expects `Certificate.objects.to_examine()`."""
    return examine_kept(Kept.of(certificate))


def examine_kept(kept: Kept) -> Examination:
    """Verify statement, facts and both lists now."""
    now = clock.now()
    found = state_from_events(kept.valid_from, kept.valid_to, kept.events, now, now)
    signed = _signed(kept)
    facts = signed.facts if signed and _register_says(kept, signed) else None
    held = {ViewCheck.STATEMENT} if signed else set()
    if facts:
        held.add(ViewCheck.FACTS)
    # In the order of their numbers, in which all who sign lists lock them.
    in_order = sorted(
        (ViewCheck.REVOCATION, ViewCheck.SUSPENSION), key=lambda check: _current_number(kept, check)
    )
    seen = {check: _list_seen(kept, check) if facts else None for check in in_order}
    for check, listed in seen.items():
        reported = found.state in lists.REPORTED[StatusList.Purpose(check.value)]
        if listed and listed.reports == reported:
            held.add(check)
    slow = _slow_proofs(kept)
    return Examination(
        at=now,
        held=frozenset(held),
        certificate_state=found if held == set(ViewCheck) and not (slow and slow.failed) else None,
        facts=facts,
        revocation=seen[ViewCheck.REVOCATION],
        suspension=seen[ViewCheck.SUSPENSION],
        slow=slow,
    )


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
        and _named(kept.qualification_version__rules) == facts.qualification_names
        and (kept.valid_from, kept.valid_to) == (facts.valid_from, facts.valid_until)
        and (kept.edition, kept.legal_baseline) == (facts.edition, facts.legal_baseline)
        and kept.issued_at == kept.award__awarded_at
        and kept.issued_at.replace(microsecond=0) == facts.awarded_at
        and kept.reservation__revocation_list__number == facts.revocation.list_number
        and kept.reservation__revocation_index == facts.revocation.index
        and kept.reservation__suspension_list__number == facts.suspension.list_number
        and kept.reservation__suspension_index == facts.suspension.index
        and kept.award_id == kept.reservation__award_id
        and kept.qualification_version_id == kept.award__qualification_version_id
        and _bearer_says(kept, signed.bearer_hash)
    )


def _named(rules: str) -> object:
    """The names in a qualification's rules; None where they are out of shape."""
    try:
        return json.loads(rules)["name"]
    except (ValueError, TypeError, LookupError):
        return None


def _bearer_says(kept: Kept, signed_hash: str) -> bool:
    """Names and agency are those whose salted hash was signed, or all were erased, and it is told when."""
    if kept.bearer__pk is None:
        return False
    if kept.erased:
        return any(event.kind == CertificateEvent.Kind.ERASED for event in kept.events)
    try:
        names, agency = (json.loads(text or "null") for text in (kept.bearer__names, kept.bearer__agency))
        bearer = making.read_bearer(names, agency, kept.bearer__salt)
    except (ValueError, TypeError, AttributeError):
        return False
    return bearer.hash() == signed_hash


def _list_seen(kept: Kept, check: ViewCheck) -> ListSeen | None:
    """Return what the signed list says of the certificate; None where the list does not verify or is not current."""
    number, index, credential, signed_at = _current_list(kept, check)
    try:
        found = _verified_list(
            credential, number, check.value, signed_at, settings.BASE_URL, signing.keyring()
        )
        if not found.valid_from <= clock.now() < found.valid_until:
            raise ProofError(Reason.EXPIRED, "not current")
    except (ProofError, KeysRefused) as error:
        log.warning("status list not verified", extra={"list": number, "why": str(error)})
        return None
    return ListSeen(
        number=number,
        reports=found.is_marked(index),
        signed_at=found.valid_from,
        valid_until=found.valid_until,
    )


def _current_number(kept: Kept, check: ViewCheck) -> int:
    if check is ViewCheck.REVOCATION:
        return kept.reservation__revocation_list__number
    return kept.reservation__suspension_list__number


def _current_list(kept: Kept, check: ViewCheck) -> tuple[int, int, str, datetime]:
    """Number, index, signed list as text, when it was signed; signed anew where it is due."""
    revocation = check is ViewCheck.REVOCATION
    number, index, credential, signed_at, due_at = (
        (
            kept.reservation__revocation_list__number,
            kept.reservation__revocation_index,
            kept.reservation__revocation_list__credential,
            kept.reservation__revocation_list__signed_at,
            kept.reservation__revocation_list__due_at,
        )
        if revocation
        else (
            kept.reservation__suspension_list__number,
            kept.reservation__suspension_index,
            kept.reservation__suspension_list__credential,
            kept.reservation__suspension_list__signed_at,
            kept.reservation__suspension_list__due_at,
        )
    )
    if not signed_at <= clock.now() < due_at:
        shown = lists.current(StatusList.objects.get(number=number))
        credential, signed_at = json.dumps(shown.credential), shown.signed_at
    return number, index, credential, signed_at


@lru_cache(maxsize=16)
def _verified_list(
    credential: str, number: int, purpose: str, signed_at: datetime, base_url: str, keyring: Keyring
) -> status.StatusList:
    """The list that these bytes are under these keys: the same bytes are not verified twice, for
    thousands of certificates share them. ProofError, which is not remembered, for anything else.
    """
    return status.verify_status_list(
        read_json(credential),
        keyring=keyring,
        base_url=base_url,
        number=number,
        purpose=purpose,
        at=signed_at,
        fast=True,
    )

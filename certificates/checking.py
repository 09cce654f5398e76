"""What the public page verifies at each view.

A check that could not be completed says so; it never says *valid*. The slow proofs are in `proving`.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings

from operations import clock

from . import lists, making, signing
from .credentials import statement
from .credentials.errors import ProofError, Reason
from .credentials.facts import CertificateFacts
from .credentials.keyfiles import KeysRefused
from .credentials.statement import StatementFacts
from .credentials.status import verify_status_list
from .models import Certificate, CertificateBearer, CertificateCheck, StatusList
from .state import Standing, state_at

log = logging.getLogger(__name__)


class Check(StrEnum):
    """What is checked at a view, in this order."""

    STATEMENT = "statement"  # the signature of the certificate's own statement
    FACTS = "facts"  # what the register says equals what was signed
    REVOCATION = "revocation"  # the signed list of revocations, and that it agrees with the register
    SUSPENSION = "suspension"


@dataclass(frozen=True, kw_only=True)
class ListSeen:
    """A signed status list that was verified."""

    number: int
    signed_at: datetime
    valid_until: datetime


@dataclass(frozen=True, kw_only=True)
class Examination:
    """`standing` is None where a check could not be completed. `facts` are the signed ones, None where
    the statement is not genuine or the register says something else.
    """

    at: datetime
    checks: dict[Check, bool]
    standing: Standing | None
    facts: CertificateFacts | None
    lists: dict[Check, ListSeen]
    slow: CertificateCheck | None


def examine(certificate: Certificate) -> Examination:
    """Verify statement, facts and both lists now. Expects `Certificate.objects.to_examine()`."""
    now = clock.now()
    found = state_at(certificate, now)
    signed = _signed(certificate)
    same = signed is not None and _row_says(certificate, signed)
    seen: dict[Check, ListSeen] = {}
    checks = {Check.STATEMENT: signed is not None, Check.FACTS: same}
    for check in (Check.REVOCATION, Check.SUSPENSION):
        reported = found.state in lists.REPORTED[StatusList.Purpose(check.value)]
        checks[check] = same and _list_says(certificate, check, reported, seen)
    slow = getattr(certificate, "check_record", None)
    holds = all(checks.values()) and not (slow and slow.failed)
    return Examination(
        at=now,
        checks=checks,
        standing=found if holds else None,
        facts=signed.facts if signed and same else None,
        lists=seen,
        slow=slow,
    )


def _signed(certificate: Certificate) -> StatementFacts | None:
    try:
        if not isinstance(certificate.statement, dict):
            raise ProofError(Reason.FORM, "not a JSON object")
        return statement.verify_statement(
            certificate.statement, keyring=signing.keyring(), base_url=settings.BASE_URL
        )
    except (ProofError, KeysRefused) as error:
        log.warning("statement not verified", extra={"certificate": certificate.public_id, "why": str(error)})
        return None


def _row_says(certificate: Certificate, signed: StatementFacts) -> bool:
    """Every fact of the row, and of the rows it rests on, equals the signed one."""
    facts, reservation, version = signed.facts, certificate.reservation, certificate.qualification_version
    row = (
        certificate.public_id, reservation.public_id, certificate.short_code, reservation.short_code,
        version.qualification.code, version.number, version.rules.get("name"),
        certificate.valid_from, certificate.valid_to, certificate.edition, certificate.legal_baseline,
        certificate.issued_at.replace(microsecond=0), certificate.award.awarded_at.replace(microsecond=0),
        reservation.revocation_list.number, reservation.revocation_index,
        reservation.suspension_list.number, reservation.suspension_index,
        certificate.award_id, certificate.award.qualification_version_id,
    )  # fmt: skip
    said = (
        facts.public_id, facts.public_id, facts.code, facts.code,
        facts.qualification_code, facts.qualification_version, facts.qualification_names,
        facts.valid_from, facts.valid_until, facts.edition, facts.legal_baseline,
        facts.awarded_at, facts.awarded_at,
        facts.revocation.list_number, facts.revocation.index,
        facts.suspension.list_number, facts.suspension.index,
        reservation.award_id, version.pk,
    )  # fmt: skip
    return row == said and _bearer_says(getattr(certificate, "bearer", None), signed.bearer_hash)


def _bearer_says(bearer: CertificateBearer | None, signed_hash: str) -> bool:
    """Names and agency are those whose salted hash was signed, or all were erased."""
    if bearer is None:
        return False
    if (bearer.names, bearer.agency, bearer.salt) == (None, None, None):
        return True
    try:
        found = making.read_bearer(bearer)
    except (ValueError, TypeError, AttributeError):
        return False
    return found.hash() == signed_hash and found.salt_text == bearer.salt


def _list_says(certificate: Certificate, check: Check, reported: bool, seen: dict[Check, ListSeen]) -> bool:
    """Does the signed list say of the certificate what the register says? Notes the list in `seen`."""
    kept = certificate.reservation
    row, index = (
        (kept.revocation_list, kept.revocation_index)
        if check is Check.REVOCATION
        else (kept.suspension_list, kept.suspension_index)
    )
    try:
        shown = lists.current(row)
        if not isinstance(shown.credential, dict):
            raise ProofError(Reason.FORM, "not a JSON object")
        found = verify_status_list(
            shown.credential,
            keyring=signing.keyring(),
            base_url=settings.BASE_URL,
            number=row.number,
            purpose=check.value,
            at=clock.now(),
            fast=True,
        )
    except (ProofError, KeysRefused) as error:
        log.warning("status list not verified", extra={"list": row.number, "why": str(error)})
        return False
    seen[check] = ListSeen(number=found.number, signed_at=found.valid_from, valid_until=found.valid_until)
    return found.is_marked(index) == reported

"""What the public page re-verifies at each view, and the slow proofs that are verified at issue and nightly.

A check that could not be completed says so; it never says *valid*.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings

from operations import clock, files

from . import lists, making, signing
from .credentials import badge, statement
from .credentials.errors import ProofError
from .credentials.facts import CertificateFacts
from .credentials.status import verify_status_list
from .models import Certificate, CertificateCheck, StatusList
from .pdf.verify import Verdict, verify_pdf
from .state import Standing, State, state_at

log = logging.getLogger(__name__)
Outcome = CertificateCheck.Outcome


class Check(StrEnum):
    """What is checked at a view, in this order."""

    STATEMENT = "statement"  # the signature of the certificate's own statement
    FACTS = "facts"  # what the register says equals what was signed
    REVOCATION = "revocation"  # the signed list of revocations, and that it agrees with the register
    SUSPENSION = "suspension"
    DAYS = "days"  # first and last day


@dataclass(frozen=True, kw_only=True)
class Examination:
    """`standing` is None where a check could not be completed. `facts` are the signed ones, if genuine."""

    at: datetime
    checks: dict[Check, bool]
    standing: Standing | None
    facts: CertificateFacts | None
    slow: CertificateCheck | None


def examine(certificate: Certificate, instant: datetime | None = None) -> Examination:
    """Verify statement, facts and both lists now. Expects `Certificate.objects.with_all()`."""
    now = instant or clock.now()
    found = state_at(certificate, now)
    checks: dict[Check, bool] = {}
    facts = _signed_facts(certificate)
    checks[Check.STATEMENT] = facts is not None
    checks[Check.FACTS] = facts is not None and _row_says(certificate, facts)
    for check, reported in (
        (Check.REVOCATION, found.state in {State.REVOKED, State.VOID}),
        (Check.SUSPENSION, found.state is State.SUSPENDED),
    ):
        checks[check] = facts is not None and _list_says(certificate, facts, check.value, now) == reported
    checks[Check.DAYS] = facts is not None and facts.valid_from <= now < facts.valid_until
    slow = CertificateCheck.objects.filter(certificate=certificate).first()
    trusted = all(holds for check, holds in checks.items() if check is not Check.DAYS)
    trusted = trusted and (slow is None or Outcome.FAILED not in (slow.credential, slow.document))
    return Examination(
        at=now,
        checks=checks,
        standing=found if trusted else None,
        facts=facts if trusted else None,
        slow=slow,
    )


def _signed_facts(certificate: Certificate) -> CertificateFacts | None:
    try:
        return statement.verify_statement(
            certificate.statement, keyring=signing.keyring(), base_url=settings.BASE_URL
        ).facts
    except ProofError as error:
        log.warning("statement of %s: %s", certificate.public_id, error.reason)
        return None


def _row_says(certificate: Certificate, facts: CertificateFacts) -> bool:
    """Every fact of the row and of its reservation equals the signed one."""
    reservation, version = certificate.reservation, certificate.qualification_version
    row = (
        certificate.public_id, certificate.short_code, version.qualification.code, version.number,
        certificate.valid_from, certificate.valid_to, certificate.edition, certificate.legal_baseline,
        reservation.revocation_list.number, reservation.revocation_index,
        reservation.suspension_list.number, reservation.suspension_index,
    )  # fmt: skip
    signed = (
        facts.public_id, facts.code, facts.qualification_code, facts.qualification_version,
        facts.valid_from, facts.valid_until, facts.edition, facts.legal_baseline,
        facts.revocation.list_number, facts.revocation.index,
        facts.suspension.list_number, facts.suspension.index,
    )  # fmt: skip
    return row == signed


def _list_says(certificate: Certificate, facts: CertificateFacts, purpose: str, now: datetime) -> bool | None:
    """Does the signed list report the certificate? None where the list could not be checked."""
    entry = facts.revocation if purpose == StatusList.Purpose.REVOCATION else facts.suspension
    status_list = lists.current(entry.list_number)
    if status_list is None or status_list.credential is None:
        return None
    try:
        return verify_status_list(
            status_list.credential,
            keyring=signing.keyring(),
            base_url=settings.BASE_URL,
            number=entry.list_number,
            purpose=purpose,
            at=now,
            fast=True,
        ).is_marked(entry.index)
    except ProofError as error:
        log.warning("status list %s: %s", entry.list_number, error.reason)
        return None


class ProofsFailed(Exception):
    """A certificate just made does not verify: it is not given out."""


def check_slow_proofs(certificate: Certificate, *, must_hold: bool = False) -> CertificateCheck:
    """Verify both suites of the credential and the signature of the document, and keep when and what.

    `must_hold`: at issue; raises ProofsFailed instead of recording a failure.
    """
    credential, document = _credential_outcome(certificate), _document_outcome(certificate)
    if must_hold and {credential, document} != {Outcome.GENUINE}:
        raise ProofsFailed(f"{certificate.public_id}: credential {credential}, document {document}")
    record, _created = CertificateCheck.objects.update_or_create(
        certificate=certificate,
        defaults={"checked_at": clock.now(), "credential": credential, "document": document},
    )
    return record


def _credential_outcome(certificate: Certificate) -> Outcome:
    bearer = certificate.bearer
    if bearer.credential is None:
        return Outcome.ERASED
    try:
        badge.verify_badge(bearer.credential, keyring=signing.keyring(), base_url=settings.BASE_URL)
        facts, _bearer, _badge, _token = making.of_certificate(certificate)
    except ProofError as error:
        log.error("credential of %s: %s", certificate.public_id, error.reason)
        return Outcome.FAILED
    return Outcome.GENUINE if facts.public_id == certificate.public_id else Outcome.FAILED


def _document_outcome(certificate: Certificate) -> Outcome:
    outcome = Outcome.FAILED
    for document in certificate.documents.all():
        if document.sha256 is None:
            return Outcome.ERASED
        try:
            result = verify_pdf(files.read(document.sha256, ".pdf"), roots=signing.trust_roots())
        except files.Damaged as error:
            log.error("document of %s: %s", certificate.public_id, error)
            return Outcome.FAILED
        if result.verdict is not Verdict.GENUINE:
            return Outcome.FAILED
        outcome = Outcome.GENUINE
    return outcome

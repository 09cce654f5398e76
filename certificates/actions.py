"""Actions on qualifications, awards and certificates."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.models import Attempt
from courses.models import Edition
from operations import audit, canonical, clock, notices, proposals
from operations.history import revise
from operations.models import Proposal
from operations.outbox import enqueue
from people.models import User

from . import doubts, lists, permissions
from .models import (
    Award,
    AwardInDoubt,
    Certificate,
    CertificateEvent,
    Qualification,
    QualificationInForce,
    QualificationVersion,
)
from .signals import certificate_changed
from .state import State, state_at

ISSUE = "certificates.issue"  # the errand that makes a certificate
REVOKE = "certificates.revoke"
EXPORT_LIMIT = 50_000  # rows


class RevocationRefused(Exception):
    """Raised when a revocation cannot be proposed; the text is for the registrar."""


@transaction.atomic
def save_qualification(
    *, code: str, names: dict[str, str], descriptions: dict[str, str], rules: dict[str, Any], by: User | None
) -> Qualification:
    """Make a qualification or bring it up to date; changed rules are a new version, in force from now on.

    `rules`: course, blueprint (codes), valid_months, legal_baseline (ISO date), basis. Awards keep the
    version they were made under.
    """
    if not permissions.can_save_qualifications(by):
        raise PermissionDenied(_("You may not do this."))
    texts = {f"name_{language}": text for language, text in names.items()}
    texts |= {f"description_{language}": text for language, text in descriptions.items()}
    qualification, _created = Qualification.objects.update_or_create(code=code, defaults=texts)
    rules = {**rules, "name": names}
    newest = qualification.versions.order_by("-number").first()
    digest = canonical.sha256(rules)
    if newest is None or newest.sha256 != digest:
        version = QualificationVersion.objects.create(
            qualification=qualification,
            number=newest.number + 1 if newest else 1,
            sha256=digest,
            rules=rules,
            recorded_by=by,
        )
        _put_in_force(qualification, version, by)
        audit.record(
            by=by,
            act="certificates.save_qualification",
            subject_kind="qualification",
            subject_id=qualification.public_id,
            before={"version": newest.number if newest else None},
            after={"version": version.number, "sha256": digest},
        )
    return qualification


def _put_in_force(qualification: Qualification, version: QualificationVersion, by: User | None) -> None:
    now = clock.now()
    old = list(QualificationInForce.objects.filter(qualification=qualification).at(now))
    new = [row.revised(valid_to=now) for row in old if row.valid_from < now]
    new.append(QualificationInForce(qualification=qualification, version=version, valid_from=now))
    revise(withdraw=old, insert=new, by=by)


@transaction.atomic
def award(*, attempt: Attempt, by: None) -> Award | None:
    """A passed exam earns what the qualification in force at its closing says; None where it earns nothing.

    It earns a qualification only through the course that its rules name, in an edition in force when it began. Runs
    in the transaction of the marks, at closing or made again, and promises the certificate; a second call finds the
    award there is.
    """
    passed_at = attempt.passed_at
    if passed_at is None:
        return None
    in_force, edition = _earned_by(attempt), _edition_of(attempt)
    if in_force is None or edition is None:
        return None
    made, created = Award.objects.get_or_create(
        cause=f"attempt:{attempt.public_id}",
        defaults={
            "person": attempt.person.surviving,
            "qualification_version": in_force.version,
            "evidence": _evidence(attempt, edition),
            "awarded_at": passed_at,
        },
    )
    if created:
        enqueue(ISSUE, made.public_id)
    return made


def _earned_by(attempt: Attempt) -> QualificationInForce | None:
    assert attempt.closed_at is not None
    rows = QualificationInForce.objects.at(attempt.closed_at).select_related("version__qualification")
    wanted = (attempt.blueprint.code, attempt.course_code)
    found = ((row, (row.version.rules["blueprint"], row.version.rules["course"])) for row in rows)
    return next((row for row, named in found if named == wanted), None)


def _edition_of(attempt: Attempt) -> Edition | None:
    """The edition that the attempt kept when it began."""
    if attempt.edition_number is None:
        return None
    editions = Edition.objects.select_related("course").filter(published_at__lte=attempt.started_at)
    return editions.filter(course__code=attempt.course_code, number=attempt.edition_number).first()


def _evidence(attempt: Attempt, edition: Edition) -> dict[str, Any]:
    return {
        "attempt": attempt.public_id,
        "closed_at": attempt.closed_at.isoformat() if attempt.closed_at else None,
        "marking": attempt.marking.number if attempt.marking else None,
        "points": str(attempt.points),
        "points_max": str(attempt.points_max),
        "blueprint": {
            "code": attempt.blueprint.code,
            "version": attempt.blueprint_version.number,
            "sha256": attempt.blueprint_version.sha256,
            "critical_error_fails": attempt.blueprint_version.rules["critical_error_fails"],
        },
        "cases": [
            {
                "code": case.version.scenario.code,
                "version": case.version.number,
                "sha256": case.version.sha256,
            }
            for case in attempt.cases.select_related("version__scenario")
        ],
        "edition": {
            "course": edition.course.code,
            "number": edition.number,
            "public_id": edition.public_id,
            "legal_date": edition.legal_date.isoformat(),
        },
        "required": {part: len(done) for part, done in attempt.requirements.items()},
    }


@transaction.atomic
def propose_revocation(*, certificate: Certificate, reason: str, by: User) -> Proposal:
    """The first pair of eyes. RevocationRefused: already revoked or void, or proposed already."""
    if not permissions.can_propose_revocation(by, certificate):
        raise PermissionDenied(_("Only a registrar may propose this, and not about their own certificate."))
    if reason not in CertificateEvent.Reason.values:
        raise RevocationRefused(_("Choose a reason from the list."))
    certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if state_at(certificate).state in {State.REVOKED, State.VOID}:
        raise RevocationRefused(_("This certificate is already revoked."))
    if proposals.waiting(act=REVOKE, subject_id=certificate.public_id).exists():
        raise RevocationRefused(
            _("A revocation of this certificate is already waiting for a second registrar.")
        )
    proposal = proposals.propose(
        act=REVOKE,
        subject_id=certificate.public_id,
        reason_category=reason,
        payload={},
        by=by,
        expires_at=clock.now() + proposals.TIME_TO_DECIDE,
    )
    proposals.record("certificates.propose_revocation", proposal, by=by, subject_kind="certificate")
    return proposal


@transaction.atomic
def confirm_revocation(*, proposal: Proposal, by: User) -> CertificateEvent:
    """The second pair of eyes: the certificate is revoked now, and the signed list says so at once."""
    certificate = _decidable(proposal, by)
    proposals.confirm(proposal, by=by)
    now = clock.now()
    event = CertificateEvent.objects.create(
        certificate=certificate,
        kind=CertificateEvent.Kind.REVOKED,
        reason=proposal.reason_category,
        effective_at=now,
        recorded_at=now,
        by=by,
        proposal=proposal,
    )
    lists.sign_lists_of(certificate)
    doubts.settle(certificate.award, AwardInDoubt.Outcome.REVOKED, at=now, by=by)
    audit.record(
        by=by, act=REVOKE, subject_kind="certificate", subject_id=certificate.public_id,
        reason=proposal.reason_category, after={"event": event.public_id},
    )  # fmt: skip
    notices.notify(
        person=certificate.award.person.surviving, kind="certificates.revoked", subject_id=event.public_id
    )
    certificate_changed.send(Certificate, certificate=certificate, event=event)
    return event


@transaction.atomic
def decline_revocation(*, proposal: Proposal, by: User) -> None:
    """The second pair of eyes sees it otherwise: the certificate stays as it was."""
    _decidable(proposal, by)
    proposals.decline(proposal, by=by)
    proposals.record("certificates.decline_revocation", proposal, by=by, subject_kind="certificate")


@transaction.atomic
def withdraw_revocation(*, proposal: Proposal, by: User) -> None:
    """The proposer takes it back. ProposalError: somebody else's, decided, expired."""
    _of_proposal(proposal)
    proposals.withdraw(proposal, by=by)
    proposals.record("certificates.withdraw_revocation", proposal, by=by, subject_kind="certificate")


def _decidable(proposal: Proposal, by: User) -> Certificate:
    certificate = _of_proposal(proposal)
    if not permissions.can_decide_revocation(by, certificate, proposal):
        raise PermissionDenied(
            _("The proposer, the confirmer and the holder must be three different people.")
        )
    return certificate


def _of_proposal(proposal: Proposal) -> Certificate:
    """Its certificate, locked: decisions about one certificate wait for each other."""
    if proposal.act != REVOKE:
        raise PermissionDenied(_("You may not do this."))
    queryset = Certificate.objects.select_for_update(of=("self",)).select_related(
        "award__person", "reservation"
    )
    return queryset.get(public_id=proposal.subject_id)


@transaction.atomic
def export_register(
    *, queryset: QuerySet[Certificate], filters: dict[str, str], by: User
) -> list[Certificate]:
    """The certificates found, for a file with names that leaves the system; at most EXPORT_LIMIT.

    The audit trail keeps who took how many by which filters, but not what was searched for: it may be
    a name.
    """
    if not permissions.can_see_register(by):
        raise PermissionDenied(_("The register is for registrars and auditors."))
    rows = list(queryset[:EXPORT_LIMIT])
    audit.record(
        by=by,
        act="certificates.export_register",
        subject_kind="register",
        subject_id="certificates",
        after={"rows": len(rows), "searched": bool(filters.get("q")), "state": filters.get("state", ""),
               "qualification": filters.get("qualification", "")},
    )  # fmt: skip
    return rows

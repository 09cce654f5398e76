"""Certificates by the shortest true way: an award as an exam makes it, and the errand that follows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from certificates import actions, actions_rules, lists
from certificates.models import Award, Certificate, CertificateEvent, QualificationInForce, Reservation
from certificates.recording import record_event
from certificates.state import UNDOABLE
from operations import clock
from operations.codes import new_code
from operations.ids import public_id
from operations.outbox import enqueue, work_off
from people.models import User
from tests.databases import _no_triggers
from tests.factories import confirmed, names
from tests.qualification_rules import evidence_of, rules_of

Kind = CertificateEvent.Kind


def make_award(
    person: User,
    *,
    at: datetime | None = None,
    qualification: str = "C1-LAB",
    months: int = 24,
    first_day: date | None = None,
    way: str = "first",
    law_confirmed_on: str | None = None,
) -> Award:
    """Return what a pass earns, with its errand enqueued. `at`: the instant of the pass, now unless told; `first_day`:
    of the certificate, the day of the pass unless told.
    """
    at = at or clock.now()
    with clock.at(min(at, clock.now())):
        actions_rules.save_qualification(
            code=qualification,
            names=names(f"Inspector {qualification}"),
            descriptions=names("Recognises indicators"),
            rules=rules_of(qualification, months=months, renewal_opens_days=min(90, 27 * months)),
            by=None,
        )
    known = QualificationInForce.objects.known().filter(qualification__code=qualification)
    version = known.latest("valid_from").version
    first = first_day or clock.first_day(at)
    last = clock.add_months(first, months) - timedelta(days=1)
    award = Award.objects.create(
        person=person,
        qualification_version=version,
        cause=f"attempt:{public_id()}:{qualification}",
        evidence=evidence_of(
            first.isoformat(),
            last.isoformat(),
            way=way,
            course=qualification,
            law_confirmed_on=law_confirmed_on,
        ),
        awarded_at=at,
    )
    enqueue(actions.ISSUE, award.public_id)
    return award


def make_certificate(person: User, *, at: datetime | None = None, **more: Any) -> Certificate:
    with clock.at(at or clock.now()):
        award = make_award(person, at=at, **more)
        work_off(["certificates.issue"])
    return Certificate.objects.to_examine().get(award=award)


def happen(
    certificate: Certificate,
    kind: str,
    *,
    at: datetime | None = None,
    recorded_at: datetime | None = None,
    until: datetime | None = None,
    undoes: CertificateEvent | None = None,
    successor: Certificate | None = None,
    by: User | None = None,
) -> CertificateEvent:
    """An event, recorded without signing the lists: that is the business of actions.

    Unless told a suspension is for thirty days, a reinstatement undoes the newest event that can be undone, and what is
    superseded names another certificate that is not finished.
    """
    with clock.at(recorded_at or clock.now()), transaction.atomic():
        at = at or clock.now()
        if kind == Kind.REINSTATED and undoes is None:
            undoes = certificate.events.filter(kind__in=UNDOABLE).latest("number")
        return record_event(
            certificate,
            kind=Kind(kind),
            reason=CertificateEvent.Reason.COMPLAINT,
            effective_at=at,
            by=by,
            until=(until or at + timedelta(days=30)) if kind == Kind.SUSPENDED else None,
            undoes=undoes,
            successor=(successor or unfinished(certificate)) if kind == Kind.SUPERSEDED else None,
            reach="certificate" if kind == Kind.REVOKED else None,
            proposal=confirmed("certificates.reinstate", certificate.public_id)
            if kind == Kind.REINSTATED
            else None,
        )


def unfinished(certificate: Certificate) -> Certificate:
    """Another certificate of the same person that is still being made: no list of finished ones shows it."""
    earned = certificate.award
    award = Award.objects.create(
        person=earned.person, qualification_version=earned.qualification_version, evidence=earned.evidence,
        cause=f"attempt:{public_id()}", awarded_at=clock.now(),
    )  # fmt: skip
    kept = certificate.reservation
    reservation = Reservation.objects.create(
        award=award, short_code=new_code(), reserved_at=award.awarded_at,
        revocation_list=kept.revocation_list, revocation_index=lists.free_place(kept.revocation_list),
        suspension_list=kept.suspension_list, suspension_index=lists.free_place(kept.suspension_list),
    )  # fmt: skip
    same = ("qualification_version", "bearer_key", "valid_from", "valid_to", "edition", "legal_baseline")
    return Certificate.objects.create(
        public_id=reservation.public_id, short_code=reservation.short_code, award=award, reservation=reservation,
        statement={}, issued_at=award.awarded_at, **{name: getattr(certificate, name) for name in same},
    )  # fmt: skip


def ago(**parts: float) -> datetime:
    return clock.now() - timedelta(**parts)


def ahead(**parts: float) -> datetime:
    return clock.now() + timedelta(**parts)


@contextmanager
def without_guards() -> Iterator[None]:
    """As somebody with the database's own rights: no trigger refuses a change."""
    if connection.vendor == "sqlite":
        with _no_triggers():
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")

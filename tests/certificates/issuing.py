"""Certificates by the shortest true way: an award as an exam makes it, and the errand that follows."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from certificates import actions
from certificates.models import Award, Certificate, CertificateEvent, QualificationInForce
from operations import clock
from operations.ids import public_id
from operations.outbox import enqueue, work_off
from people.models import User
from tests.databases import _no_triggers
from tests.factories import names

Kind = CertificateEvent.Kind
LEGAL_DATE = "2026-11-24"


def make_award(
    person: User, *, at: datetime | None = None, qualification: str = "C1-LAB", months: int = 24
) -> Award:
    """Return what a pass earns, with its errand enqueued. `at`: the instant of the pass, now unless told."""
    at = at or clock.now()
    with clock.at(min(at, clock.now())):
        actions.save_qualification(
            code=qualification,
            names=names(f"Inspector {qualification}"),
            descriptions=names("Recognises indicators"),
            rules={
                "course": qualification, "blueprint": f"{qualification}-exam", "valid_months": months,
                "legal_baseline": LEGAL_DATE, "basis": "PD",
            },
            by=None,
        )  # fmt: skip
    version = QualificationInForce.objects.known().get(qualification__code=qualification).version
    award = Award.objects.create(
        person=person,
        qualification_version=version,
        cause=f"attempt:{public_id()}",
        evidence={
            "edition": {"number": 1, "legal_date": LEGAL_DATE}, "required": {},
            "blueprint": {"critical_error_fails": True},
        },
        awarded_at=at,
    )  # fmt: skip
    enqueue(actions.ISSUE, award.public_id)
    return award


def make_certificate(person: User, *, at: datetime | None = None, **more: Any) -> Certificate:
    with clock.at(at or clock.now()):
        award = make_award(person, at=at, **more)
        work_off(["certificates.issue"])
    return Certificate.objects.to_examine().get(award=award)


def happen(
    certificate: Certificate, kind: str, *, at: datetime | None = None, recorded_at: datetime | None = None
) -> CertificateEvent:
    """An event, written without signing the lists: that is the business of actions and of `lists`."""
    now = clock.now()
    return CertificateEvent.objects.create(
        certificate=certificate,
        kind=kind,
        reason=CertificateEvent.Reason.COMPLAINT,
        effective_at=at or now,
        recorded_at=recorded_at or now,
    )


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

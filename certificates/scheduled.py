"""Scheduled work of certificates, and what monitoring asks."""

from datetime import datetime, time, timedelta

from operations import clock, clock_guard, notices
from operations.clock_guard import register_fact
from operations.health import health_check
from operations.identity import pseudonym
from operations.outbox import enqueue
from operations.schedule import scheduled

from . import actions_law, expiry, law_changes, lists, proving, signing
from .credentials.keyfiles import KeysRefused
from .models import Certificate, CertificateCheck, CertificateEvent, LawChange, StatusList

for _model, _field in (
    (Certificate, "issued_at"), (CertificateEvent, "recorded_at"), (StatusList, "signed_at"),
    (CertificateCheck, "checked_at"),
):  # fmt: skip
    register_fact(_model, _field)


@scheduled("certificates.sign_lists", every=timedelta(hours=1))
def sign_lists(now: datetime) -> None:
    lists.sign_due(now)


@scheduled("certificates.check_proofs", every=timedelta(days=1), at=time(3))
def check_proofs(now: datetime) -> None:
    proving.enqueue_nightly(now)


@scheduled("certificates.remind", every=timedelta(days=1), at=time(7))
def remind(now: datetime) -> None:
    """Tell holders 90, 30 and 7 days before the end, and coordinators once a week, on Monday."""
    for certificate, threshold in expiry.holders_to_tell(now):
        notices.notify(
            person=certificate.award.person.surviving,
            kind=expiry.ENDS,
            subject_id=certificate.public_id,
            threshold=threshold,
        )
    for key in law_changes.reminders(now):
        enqueue(law_changes.TELL, key)
    for coordinator, agency in expiry.coordinators_to_tell(now):
        notices.notify(
            person=coordinator,
            kind=expiry.IN_AGENCY,
            subject_id=agency.public_id,
            threshold=expiry.week_of(now),
        )


@scheduled("certificates.end_older", every=timedelta(minutes=1))
def end_older(now: datetime) -> None:
    """End what changed rules end; nothing while the clock is behind."""
    if not clock_guard.is_behind():
        actions_law.end_due(by=None)


@scheduled("certificates.end_older_again", every=timedelta(days=1), at=time(4))
def end_older_again(now: datetime) -> None:
    """Also those of before: issued late, or no longer renewed."""
    if not clock_guard.is_behind():
        actions_law.end_due(by=None, again=True)


@health_check("keys", asks_database=False)
def keys() -> str | None:
    try:
        signing.keyring()
        signing.document_signer()
        signing.trust_roots()
    except KeysRefused as refusal:
        return f"not in order ({type(refusal).__name__})"
    return None


@health_check("proofs")
def proofs() -> str | None:
    """Certificates that did not verify: their pages say so, and somebody has to find out why."""
    number = CertificateCheck.objects.failed().count()
    return f"{number} not verified" if number else None


@health_check("status lists")
def status_lists() -> str | None:
    """Two hours late: the hourly signing did not run. One that cannot be read is not signed either. A place that no
    event explains stays as it was: somebody changed events or a list.
    """
    late = clock.now() - timedelta(hours=2)
    found = []
    for status_list in StatusList.objects.order_by("number"):
        name = f"list {status_list.number}"
        if status_list.due_at < late:
            found.append(f"{name} not signed in time")
        if not lists.can_be_read(status_list):
            found.append(f"{name} cannot be read")
        elif status_list.unexplained:
            found.append(f"{name} keeps {status_list.unexplained} as signed before")
    return "; ".join(found) or None


@health_check("changed rules")
def changed_rules() -> str | None:
    """Certificates that should have ended an hour ago: the minute's work did not run, or dies each time."""
    late = LawChange.objects.to_apply().filter(ends_at__lt=clock.now() - timedelta(hours=1))
    codes = late.order_by("pk").values_list("qualification__code", flat=True)
    return f"{', '.join(codes)}: older certificates have not ended" if codes else None


@health_check("pseudonyms")
def pseudonyms() -> str | None:
    """Without the key they were made with, no certificate can be told to be its holder's."""
    newest = Certificate.objects.order_by("-pk").values_list("bearer_key", "award__person__public_id").first()
    if newest is None or newest[0] == pseudonym(newest[1]):
        return None
    return "made with another key"

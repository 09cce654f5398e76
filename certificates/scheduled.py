"""Scheduled work of certificates, and what monitoring asks."""

from datetime import datetime, time, timedelta

from operations import clock
from operations.health import health_check
from operations.schedule import scheduled

from . import lists, proving, signing
from .credentials.keyfiles import KeysRefused
from .models import CertificateCheck, StatusList


@scheduled("certificates.sign_lists", every=timedelta(hours=1))
def sign_lists(now: datetime) -> None:
    lists.sign_due(now)


@scheduled("certificates.check_proofs", every=timedelta(days=1), at=time(3))
def check_proofs(now: datetime) -> None:
    proving.enqueue_nightly(now)


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
    """Two hours late: the hourly signing did not run."""
    late = clock.now() - timedelta(hours=2)
    number = StatusList.objects.filter(due_at__lt=late).count()
    return f"{number} not signed in time" if number else None

"""The scheduled work of operations itself."""

from datetime import datetime, time, timedelta
from importlib import import_module

from django.conf import settings

from . import clock, notices, proposals, results, retention, stray_files
from .models import Beat, Errand, Job
from .schedule import scheduled

KEEP_DONE = timedelta(days=30)
KEEP_BEATS = timedelta(days=1)
KEEP_JOBS = timedelta(days=90)


@scheduled("operations.prune", every=timedelta(days=1), at=time(3))
def prune(now: datetime) -> None:
    """Forget errands done 30 days ago, workers that stopped a day ago, sessions that ran out."""
    real = clock.real_now()
    Errand.objects.filter(state=Errand.State.DONE, closed_at__lt=real - KEEP_DONE).delete()
    Beat.objects.filter(at__lt=real - KEEP_BEATS).delete()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@scheduled("operations.prune_jobs", every=timedelta(hours=1))
def prune_jobs(now: datetime) -> None:
    """Delete result files that expired, and jobs that ended 90 days ago."""
    for job in Job.objects.filter(expires_at__lte=now).exclude(result=""):
        results.delete(job.result)
        Job.objects.filter(pk=job.pk, result=job.result).update(result="")
    Job.objects.filter(result="", closed_at__lt=now - KEEP_JOBS).delete()


@scheduled("operations.sweep_files", every=timedelta(days=1), at=time(5))
def sweep_files(now: datetime) -> None:
    """Delete files that no row names a day after their process died."""
    stray_files.sweep()


@scheduled("operations.expire_proposals", every=timedelta(hours=1))
def expire_proposals(now: datetime) -> None:
    proposals.expire(now)


@scheduled("operations.bundle_notices", every=timedelta(days=1), at=notices.MORNING)
def bundle_notices(now: datetime) -> None:
    notices.bundle(now)


@scheduled("operations.retention", every=timedelta(days=1), at=time(2))
def end_periods(now: datetime) -> None:
    """Forget personal data whose period has ended, unless the settings leave that to the command."""
    if settings.RETENTION_BY_ITSELF:
        retention.apply(now, by=None)

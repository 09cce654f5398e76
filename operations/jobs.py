"""Jobs: long work that somebody asked for and can watch, cancel and start again.

A job is done in chunks by the long lane of `manage.py work`. A chunk prepares (slow, repeatable, no lock
held), then commits in the transaction that also advances the job, so that kill -9 at any moment neither
loses nor doubles a chunk. See docs/architecture.md, "Work that must not be lost".
"""

import logging
import time
from collections.abc import Callable, Collection
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from . import canonical, clock, outbox, results
from .models import Errand, Job
from .outbox import ErrandStep, Released, checkpoint, enqueue, keep, register_errand
from .stray_files import StoredKind, register_stored
from .worker import stopping

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

log = logging.getLogger(__name__)
SLICE = 20.0  # seconds; then a job lets go first what else waits in its lane
TRIES = 5
_errand: ContextVar[Errand | None] = ContextVar("errand_of_job", default=None)


TO_ITS_PAGE = gettext_lazy("To the page it belongs to")


class JobRefused(Exception):
    """The work cannot be done; the text is for the owner, names nobody, and the job fails for good."""


@dataclass(frozen=True)
class JobKind:
    title: StrOrPromise
    commit: Callable[[Job, Any], int]
    prepare: Callable[[Job], Any]
    on_end: Callable[[Job], None]
    link: Callable[[Job], str]
    may_fetch: Callable[[Job], bool] = lambda job: True
    once: Callable[[HttpRequest, Job], None] | None = None
    link_text: StrOrPromise = TO_ITS_PAGE


job_kinds: dict[str, JobKind] = {}


def register_job(
    kind: str,
    *,
    title: StrOrPromise,
    commit: Callable[[Job, Any], int],
    prepare: Callable[[Job], Any] = lambda job: None,
    on_end: Callable[[Job], None] = lambda job: None,
    link: Callable[[Job], str] = lambda job: "",
    may_fetch: Callable[[Job], bool] = lambda job: True,
    once: Callable[[HttpRequest, Job], None] | None = None,
    alone: bool = False,
    link_text: StrOrPromise = TO_ITS_PAGE,
) -> None:
    """Make a kind of job known to this process.

    Each chunk: `prepare(job)` outside a transaction, then `commit(job, prepared)` in the transaction that
    also advances `job.done` by the number it returns; 0, or `done == total`, ends the job. `commit` may set
    `job.total`, `job.payload` (a place to remember how far it is) and `job.error` (words on what was left
    out; they name nobody), and call `keep_result`. Both run in the owner's language. `on_end(job)` runs in the transaction that closes the job, in whatever state.
    `link(job)`: the address of what the job works on, or of what is done with its file (`link_text`). `may_fetch(job)`: may its owner still
    have the file, where that hangs on a position that may have ended. `once(request, job)`: the file is
    handed out one time and gone; called before, it raises where the person must first prove who they are.
    Jobs that go `alone` are worked one at a time, and let go first, after each chunk, what else is due.
    """
    worked = ErrandStep("worked", prepare=_work)
    register_errand(kind, worked, lane="long", tries=TRIES, on_give_up=_given_up, alone=alone)
    job_kinds[kind] = JobKind(title, commit, prepare, on_end, link, may_fetch, once, link_text)


def start(
    *,
    kind: str,
    by: "AbstractBaseUser | None",
    subject_id: str = "",
    total: int | None = None,
    **payload: Any,
) -> Job:
    """Promise the work, inside the caller's transaction. `payload`: public ids, dates, choices; no names."""
    if kind not in job_kinds:
        raise LookupError(f"No job is registered as {kind}.")
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind,
            by_id=by.pk if by else None,
            subject_id=subject_id,
            total=total,
            payload=canonical.plain(payload),
        )
        enqueue(kind, job.public_id)
    return job


def keep_result(job: Job, *, name: str, content: bytes | Path, days: int = 7) -> None:
    """Keep, in a `commit`, a file that the owner can download under this name for so many days.

    An earlier file of the job is replaced.
    """
    if job.result:
        transaction.on_commit(partial(results.delete, job.result))
    job.result, job.result_name = results.store(content), name[:120]
    job.expires_at = clock.now() + timedelta(days=days)


def _named(results: Collection[str]) -> set[str]:
    """Return those of them that a job has for its owner."""
    return set(Job.objects.filter(result__in=results).values_list("result", flat=True))


register_stored(StoredKind(suffix="", storage="results", folder="", named=_named))


def let_go(*, job: Job, by: "AbstractBaseUser | None") -> bytes | None:
    """Delete the job's file and return its bytes: to hand it out once, or because nobody needs it any more.

    None where it is gone already: of several who ask at once one gets it.
    """
    _refuse_strangers(job, by)
    with transaction.atomic():
        locked = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
        file = results.opened(locked.result) if locked.result else None
        if file is None:
            return None
        with file:
            content: bytes = file.read()
        transaction.on_commit(partial(results.delete, locked.result))
        locked.result = ""
        locked.save(update_fields=["result"])
    return content


def scratch_file(suffix: str) -> Path:
    """Return, in a `prepare`, an empty file to write a result into.

    `keep_result` takes it away; one that was forgotten is deleted within two days.
    """
    return results.scratch(suffix)


def still_at_work(job: Job) -> None:
    """Renew the lease in a `prepare` that may take longer than one (a minute); call it every few seconds.

    Ends the chunk where the worker was told to stop, or the owner cancelled meanwhile.
    """
    errand = _errand.get()
    if errand is None:
        return
    if stopping() or Job.objects.filter(pk=job.pk, cancel_asked_at__isnull=False).exists():
        raise Released
    keep(errand)


def cancel(*, job: Job, by: "AbstractBaseUser | None") -> None:
    """End the job before its next chunk; what is committed stays. A job that has ended stays as it is."""
    _refuse_strangers(job, by)
    with transaction.atomic():
        locked = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
        if locked.state == Job.State.WAITING:
            _close(locked, Job.State.CANCELLED)
        elif locked.closed_at is None and locked.cancel_asked_at is None:
            locked.cancel_asked_at = clock.now()
            locked.save(update_fields=["cancel_asked_at"])


def restart(*, job: Job, by: "AbstractBaseUser | None") -> None:
    """Start a job again that failed or was cancelled: it goes on after its last committed chunk."""
    _refuse_strangers(job, by)
    with transaction.atomic():
        locked = Job.objects.select_for_update(of=("self",)).get(pk=job.pk)
        if locked.state not in (Job.State.FAILED, Job.State.CANCELLED):
            raise JobRefused(_("Only work that failed or was cancelled can be started again."))
        locked.state, locked.error, locked.closed_at, locked.cancel_asked_at = (
            Job.State.WAITING,
            "",
            None,
            None,
        )
        locked.save(update_fields=["state", "error", "closed_at", "cancel_asked_at"])
        enqueue(locked.kind, locked.public_id)  # where its errand has been forgotten already
        Errand.objects.filter(kind=locked.kind, key=locked.public_id).update(
            state=Errand.State.OPEN, due_at=clock.real_now(), done=[], claimed_by="", tries=0, error="",
            reference="", closed_at=None,
        )  # fmt: skip


def _refuse_strangers(job: Job, by: "AbstractBaseUser | None") -> None:
    if by is not None and by.pk != job.by_id:
        raise PermissionDenied(_("Only the person who asked for this work may do this."))


def _work(errand: Errand) -> None:
    """Do one chunk after another, until the job has ended or others of the lane shall go first."""
    job = Job.objects.select_related("by").filter(public_id=errand.key).first()
    if job is None:
        return
    Job.objects.filter(pk=job.pk, state=Job.State.WAITING).update(state=Job.State.RUNNING)
    began = time.monotonic()
    token = _errand.set(errand)
    try:
        with translation.override(getattr(job.by, "language", None) or translation.get_language()):
            while not _chunk(job, errand):
                if stopping() or _others_go_first(errand, time.monotonic() - began):
                    raise Released
    finally:
        _errand.reset(token)


def _others_go_first(errand: Errand, seconds: float) -> bool:
    """Return whether others go first: whatever is due, once a slice of time is used.

    Before a job that goes alone, others that do not go alone come first at any time.
    """
    others = Errand.objects.due().filter(lane=errand.lane).exclude(pk=errand.pk)
    if errand.kind in outbox.alone():
        return others.exclude(kind__in=outbox.alone()).exists()
    return seconds > SLICE and others.exists()


FRESH = (
    "state", "payload", "done", "total", "cancel_asked_at", "error", "result", "result_name", "closed_at",
    "expires_at",
)  # fmt: skip


def _chunk(job: Job, errand: Errand) -> bool:
    """Do one chunk; True when the job has ended."""
    job.refresh_from_db(fields=FRESH)
    if job.closed_at is not None:
        return True
    if job.cancel_asked_at is not None:
        return _end(job, errand, Job.State.CANCELLED)
    if job.done == job.total:
        return _end(job, errand, Job.State.DONE)
    kind = job_kinds[job.kind]
    try:
        prepared = kind.prepare(job)
        with checkpoint(errand):
            return _advance(job, kind.commit(job, prepared))
    except JobRefused as refusal:
        job.refresh_from_db(fields=FRESH)
        return _end(job, errand, Job.State.FAILED, str(refusal))


def _advance(job: Job, number: int) -> bool:
    job.done += number
    if job.total is not None:
        job.total = max(job.total, job.done)  # more was found than counted
    job.save(update_fields=["done", "total", "payload", "error", "result", "result_name", "expires_at"])
    if number and job.done != job.total:
        return False
    _close(job, Job.State.DONE, job.error)
    return True


def _end(job: Job, errand: Errand, state: Job.State, error: str = "") -> bool:
    with checkpoint(errand):
        _close(job, state, error)
    return True


def _close(job: Job, state: Job.State, error: str = "") -> None:
    job.state, job.error, job.closed_at = state, error[:400], clock.now()
    job.save(update_fields=["state", "error", "closed_at"])
    job_kinds[job.kind].on_end(job)


def _given_up(errand: Errand) -> None:
    """Fail the job: it failed each time, or its worker died each time."""
    job = Job.objects.select_related("by").filter(public_id=errand.key, closed_at=None).first()
    if job is None:
        return
    with translation.override(getattr(job.by, "language", None) or translation.get_language()):
        words = _(
            "The work stopped unexpectedly. What was finished is kept; you can start it again. "
            "If it stops once more, give your administrator this reference: %(reference)s."
        ) % {"reference": errand.reference}
        try:
            with transaction.atomic():
                _close(job, Job.State.FAILED, words)
        except Exception:  # its kind could not be told; the owner is
            log.exception("job given up, not told", extra={"errand": errand.kind})
            Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED, error=words, closed_at=clock.now())

"""Evidence files are made in the background, for whoever asked, and kept for seven days."""

from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.credentials.evidence import make_evidence
from certificates.credentials.jsontext import write_json
from certificates.signing import keyring
from operations import clock, clock_guard, jobs
from operations.models import Job
from people.permissions import may

from .decision_list import reach_of_reader
from .evidence_file import EvidenceQuery, contents_of
from .permissions import EVIDENCE

KIND = "clearance.make_evidence"


def _may(job: Job) -> bool:
    """Return whether the owner may still have the file: not with a smaller reach than when it was asked for."""
    by: Any = job.by
    if not may(by, EVIDENCE):
        return False
    now, then = reach_of_reader(by), job.payload.get("reach")
    return now is None or (then is not None and set(then) <= set(now))


def _prepare(job: Job) -> bytes:
    by: Any = job.by
    if not _may(job):
        raise jobs.JobRefused(_("You may not do this."))
    query = EvidenceQuery.read(job.payload["query"])
    contents = contents_of(query, by=by, asked_until=job.created_at, at_work=partial(jobs.still_at_work, job))
    clock_guard.refuse_if_behind()
    return write_json(make_evidence(contents, signer=keyring().signer("receipt")))


def _commit(job: Job, content: bytes) -> int:
    jobs.keep_result(job, name=f"{_('evidence')}-{clock.today():%Y-%m-%d}.json", content=content)
    return 0


jobs.register_job(
    KIND,
    title=gettext_lazy("Evidence file"),
    prepare=_prepare,
    commit=_commit,
    may_fetch=_may,
    link=lambda job: reverse("clearance:check_evidence") if job.result_name else "",
    link_text=gettext_lazy("Read and check the file"),
)

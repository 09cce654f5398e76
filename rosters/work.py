"""The jobs of a roster: read, check, apply."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from operations import jobs, spreadsheets
from operations.models import Job
from people.actions.addresses import tell_of_address
from people.models import AddressRequest
from people.permissions.table import may

from . import preparing, staging, telling
from .actions import APPLY, carry_out
from .models import RosterImport
from .permissions import IMPORT
from .refusals import FileRefused
from .staging import of

NOTICES = 200  # that are promised at once


def _link(job: Job) -> str:
    return reverse("rosters:roster", args=[job.subject_id])


def _prepare(job: Job) -> Path | preparing.Prepared | None:
    """The first step makes what will be written, the last one the file of results."""
    roster = of(job)
    if job.total is None:
        return _prepare_apply(job, roster)
    if job.done < job.total - 1:
        return None
    path = jobs.scratch_file(".csv")
    headings = [_("Line"), _("What happened"), _("Service number"), _("Name"), _("Details")]
    try:
        spreadsheets.write_csv(path, headings, _results(roster, with_missing=bool(job.payload.get("left"))))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _prepare_apply(job: Job, roster: RosterImport) -> preparing.Prepared:
    try:
        return preparing.prepare(
            roster, with_missing=bool(job.payload.get("left")), at_work=partial(jobs.still_at_work, job)
        )
    except FileRefused as refusal:
        raise jobs.JobRefused(str(refusal)) from refusal


def _results(roster: RosterImport, *, with_missing: bool) -> Iterator[list[Any]]:
    words = telling.Words.of(roster)
    lines = roster.lines.select_related("person").order_by("number", "pk")
    for line in (lines if with_missing else lines.exclude(number=0)).iterator(chunk_size=1000):
        yield words.row(line)


def _commit(job: Job, prepared: Path | preparing.Prepared | None) -> int:
    roster = of(job)
    if isinstance(prepared, preparing.Prepared):
        return _apply(job, roster, prepared)
    if prepared is None:
        return _ask(job, roster)
    jobs.keep_result(job, name=_("roster-result.csv"), content=prepared)
    return 1


def _apply(job: Job, roster: RosterImport, prepared: preparing.Prepared) -> int:
    try:
        applied = carry_out(
            roster=roster, with_missing=bool(job.payload.get("left")), prepared=prepared, by=roster.by
        )
    except FileRefused as refusal:
        raise jobs.JobRefused(str(refusal)) from refusal
    job.total = 1 + applied.lines + applied.requests + 1
    return 1 + applied.lines


def _ask(job: Job, roster: RosterImport) -> int:
    """Promise the mails to the old addresses, some at a time: the register is not held up by them."""
    assert roster.applied_at is not None
    asked = AddressRequest.objects.filter(asked_by=roster.by, asked_at=roster.applied_at).order_by("pk")
    left = (job.total or 0) - 1 - job.done
    first = asked.count() - left
    chosen = list(asked.select_related("person")[max(first, 0) : max(first, 0) + NOTICES])
    for request in chosen:
        tell_of_address(request=request)
    return len(chosen) or left


def _may(job: Job) -> bool:
    """The file names people: it is for who still keeps the agency's register."""
    by: Any = job.by
    return may(by, IMPORT, agency=of(job).agency)


def _apply_ended(job: Job) -> None:
    """Refused or cancelled before anything was applied: it may be checked and tried again."""
    if job.state != Job.State.DONE:
        RosterImport.objects.filter(public_id=job.subject_id, state=RosterImport.State.APPLYING).update(
            state=RosterImport.State.CHECKED,
            refusal=FileRefused("said", words=job.error).kept() if job.error else "",
        )


jobs.register_job(
    staging.READ,
    title=pgettext_lazy("job", "Reading a roster"),
    prepare=staging.read,
    commit=staging.commit_read,
    on_end=staging.read_ended,
    link=_link,
)
jobs.register_job(
    staging.CHECK,
    title=pgettext_lazy("job", "Checking a roster"),
    prepare=staging.check,
    commit=staging.commit_check,
    on_end=staging.check_ended,
    link=_link,
)
jobs.register_job(
    APPLY,
    title=pgettext_lazy("job", "Applying a roster"),
    prepare=_prepare,
    commit=_commit,
    on_end=_apply_ended,
    link=_link,
    may_fetch=_may,
)

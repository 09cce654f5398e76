"""The register of decisions as a file: at once while it is short, as a job where it is long."""

from collections.abc import Iterator
from itertools import batched
from pathlib import Path
from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.entry_lines import name_of
from operations import clock, jobs, spreadsheets
from operations.models import Job
from people.models import User
from people.permissions import may

from . import aftermath, receipts, words
from .decision_list import ORDER, DecisionQuery, decisions_of, reach_of_reader, who_of
from .models import Decision
from .permissions import READ

KIND = "clearance.export_decisions"
AT_ONCE = 2000  # decisions
BATCH = 500
WRITERS = {"csv": spreadsheets.write_csv, "xlsx": spreadsheets.write_xlsx}
DOWNLOADS = {"csv": spreadsheets.csv_download, "xlsx": spreadsheets.xlsx_download}


def headings() -> list[str]:
    return [
        _("Asked"), _("Time asked about"), _("Function"), _("Service number"), _("Name"), _("Agency"), _("Unit"),
        _("Answer"), _("What became of it"), _("Rule"), _("Version of the requirement"), _("Until"), _("Asked by"),
        _("Asked from"), _("Receipt"),
    ]  # fmt: skip


def rows_of(by: User, query: DecisionQuery) -> Iterator[list[Any]]:
    """Yield a row a decision, newest first; they come in batches, a constant number of queries each."""
    found = decisions_of(by, query).with_all().order_by(*ORDER).iterator(chunk_size=BATCH)
    for decisions in batched(found, BATCH):
        became = aftermath.of_each(decisions)
        for decision in decisions:
            yield _row(decision, ", ".join(str(each.text) for each in became[decision.pk]))


def _row(decision: Decision, became: str) -> list[Any]:
    who, rule = who_of(decision), decision.evidence.get("requirement")
    return [
        decision.asked_at, decision.instant, str(decision.function), who["service_number"], who["name"],
        decision.agency.name, who["unit"], words.VERDICTS[decision.answer].title, became, decision.get_mode_display(),
        rule["number"] if rule else None, decision.until, name_of(decision.asked_by), decision.asking_agency.name,
        receipts.url_of(decision.public_id),
    ]  # fmt: skip


def file_name(form: str) -> str:
    return f"{_('decisions')}-{clock.today():%Y-%m-%d}.{form}"


def download(by: User, query: DecisionQuery, form: str) -> FileResponse:
    return DOWNLOADS[form](file_name(form), headings(), rows_of(by, query))


def _may(job: Job) -> bool:
    """Return whether the owner may still have the file: not with a smaller reach than when it was asked for."""
    by: Any = job.by
    if not may(by, READ):
        return False
    now, then = reach_of_reader(by), job.payload.get("reach")
    return now is None or (then is not None and set(then) <= set(now))


def _prepare(job: Job) -> Path:
    by: Any = job.by
    if not _may(job):
        raise jobs.JobRefused(_("You may not do this."))
    path = jobs.scratch_file(f".{job.payload['form']}")
    try:
        rows = rows_of(by, DecisionQuery.read(job.payload["query"]))
        WRITERS[job.payload["form"]](path, headings(), _watched(job, rows))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _watched(job: Job, rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    for number, row in enumerate(rows):
        if number % BATCH == BATCH - 1:
            jobs.still_at_work(job)
        yield row


def _commit(job: Job, path: Path) -> int:
    jobs.keep_result(job, name=file_name(job.payload["form"]), content=path)
    return 0


jobs.register_job(
    KIND, title=gettext_lazy("Register of decisions"), prepare=_prepare, commit=_commit, may_fetch=_may
)

"""The entries that an auditor has found, as a file: a job, however many they are."""

import json
from collections.abc import Iterator
from itertools import batched
from pathlib import Path
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from operations import clock, spreadsheets
from operations.audit import WHY
from operations.jobs import JobRefused, keep_result, register_job, scratch_file, still_at_work
from operations.models import AuditEntry, AuditValue, Job
from operations.spreadsheets import Cell
from people.permissions import may

from .entry_lines import PART, ValueChange, in_parts, lines_of
from .permissions import READ_AUDIT
from .search import ORDER, Chosen, matching

KIND = "audit.export_audit"
BATCH = 500
WRITERS = {"csv": spreadsheets.write_csv, "xlsx": spreadsheets.write_xlsx}


def _headings() -> list[str]:
    return [
        _("Time"), _("What was done"), _("Code of the act"), _("Who"), _("Id of the person who did it"), _("Kind"), _("Subject"),
        _("Id of the subject"), _("Reason"), _("Before"), _("After"), _("Personal values"), "SHA-256",
    ]  # fmt: skip


def _rows(job: Job) -> Iterator[list[Cell]]:
    """Yield the rows in the order of the list; what was written since the question is not in the file."""
    entries = matching(Chosen.read(job.payload["chosen"])).filter(at__lte=job.created_at).order_by(*ORDER)
    for batch in batched(entries.iterator(chunk_size=BATCH), BATCH):
        still_at_work(job)
        yield from _cells(batch)


def _cells(entries: tuple[AuditEntry, ...]) -> Iterator[list[Cell]]:
    """Yield a row an entry; one on many people takes several, alike but for the values: a cell holds no
    roster.
    """
    values = AuditValue.objects.filter(entry__in=entries).exclude(field=WHY)
    numbers: Any = values.order_by().values_list("entry").annotate(number=Count("pk"))
    long = {pk for pk, number in numbers if number > PART}
    short = lines_of([entry for entry in entries if entry.pk not in long])
    lines = {line.entry.pk: line for line in short}
    lines |= {line.entry.pk: line for line in lines_of([each for each in entries if each.pk in long], most=0)}
    for entry in entries:
        line = lines[entry.pk]
        for changes in in_parts(entry) if entry.pk in long else [line.changes]:
            yield [
                line.at, line.act, entry.act, line.who, entry.by.get_username() if entry.by else "",
                entry.subject_kind, line.subject.text, entry.subject_id, line.why, _json(entry.before),
                _json(entry.after), "\n".join(map(_told, changes)), entry.sha256,
            ]  # fmt: skip


def _told(change: ValueChange) -> str:
    if change.erased:
        return f"{change.field}: {_('erased')}"
    return f"{change.field}: {change.before} → {change.after}"


def _json(value: object) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _may(job: Job) -> bool:
    by: Any = job.by
    return may(by, READ_AUDIT)


def _prepare(job: Job) -> Path:
    if not _may(job):
        raise JobRefused(_("The audit trail is for auditors."))
    form = job.payload["form"]
    path = scratch_file(f".{form}")
    try:
        WRITERS[form](path, _headings(), _rows(job))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _commit(job: Job, path: Path) -> int:
    name = f"audit-{clock.first_day(job.created_at):%Y-%m-%d}.{job.payload['form']}"
    keep_result(job, name=name, content=path)
    return 0


register_job(
    KIND, title=gettext_lazy("Export of the audit trail"), prepare=_prepare, commit=_commit, may_fetch=_may
)

"""The two jobs before anything changes: read the file, then check it in short steps into RosterLine."""

import json
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import batched
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from operations import clock, jobs
from operations.models import Job
from people import enumeration_limits

from . import checking, headings, keeping, reading, register
from .checking import Check
from .circles import lines_in_circles
from .lines import Line
from .models import RosterImport, RosterLine
from .refusals import FileRefused
from .wanted import Columns, Repeated, others, repeated_in

READ, CHECK = "rosters.roster_read", "rosters.roster_check"
STEP = 1000  # lines that are checked and staged at once
State, Kind = RosterImport.State, RosterLine.Kind


def of(job: Job) -> RosterImport:
    found = RosterImport.objects.select_related("agency", "by")
    return found.get(public_id=job.subject_id)


def _at_work(job: Job) -> RosterImport:
    roster = of(job)
    if roster.state != State.READING:
        raise jobs.JobRefused(_("This import has ended. Send the file again."))
    return roster


def start_check(roster: RosterImport) -> Job:
    """From the beginning: lines of an earlier check go in its first step."""
    job = jobs.start(kind=CHECK, by=roster.by, subject_id=roster.public_id)
    RosterImport.objects.filter(pk=roster.pk).update(
        state=State.READING, refusal="", counts={"lines": roster.counts.get("lines", 0)}, job_id=job.public_id
    )
    return job


# --- reading ------------------------------------------------------------------------------------
def read(job: Job) -> reading.Read:
    """Outside a transaction: the file as it was sent becomes plain lines."""
    roster = _at_work(job)
    try:
        with keeping.opened(roster, keeping.SENT) as sent, tempfile.TemporaryFile() as lines:
            found = reading.read(sent, lines)
            keeping.keep(roster, keeping.LINES, lines)
    except FileRefused as refusal:
        RosterImport.objects.filter(pk=roster.pk).update(refusal=refusal.kept())
        raise jobs.JobRefused(str(refusal)) from refusal
    return found


def commit_read(job: Job, found: reading.Read) -> int:
    roster = of(job)
    mapping, _twice = headings.recognised(found.headings)
    RosterImport.objects.filter(pk=roster.pk).update(
        encoding=found.encoding,
        headings=[
            [heading, *samples] for heading, samples in zip(found.headings, found.samples, strict=True)
        ],
        mapping=mapping,
        counts={"lines": found.lines},
        stored=keeping.LINES,
        state=State.MAPPING,
    )
    transaction.on_commit(partial(keeping.forget, roster, keeping.SENT))
    if not headings.missing(mapping) and not _twice:
        roster.counts = {"lines": found.lines}
        start_check(roster)
    job.total = 1
    return 1


def read_ended(job: Job) -> None:
    if job.state != Job.State.DONE:
        _ended(job)


def _ended(job: Job) -> None:
    """It was refused, cancelled, or stopped for good: the file goes."""
    roster = of(job)
    refused = job.state == Job.State.FAILED
    if roster.state != State.READING or roster.job_id != job.public_id:
        return
    RosterImport.objects.filter(pk=roster.pk).update(
        state=State.REFUSED if refused else State.CANCELLED,
        refusal=roster.refusal or (FileRefused("stopped").kept() if refused else ""),
        stored="",
        headings=[],
    )
    transaction.on_commit(partial(keeping.forget, roster))


# --- checking -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Step:
    """What one step stages. `looked_at`: lines of the file, or postings; `last`: the import is checked."""

    lines: list[RosterLine]
    looked_at: int
    total: int
    last: bool = False


def check(job: Job) -> Step:
    """Outside a transaction: judge the next lines; then who is missing; at the end, who stands twice."""
    roster = _at_work(job)
    in_file = roster.counts.get("lines", 0)
    serving = job.payload.get("serving")
    if serving is None:
        serving = register.serving(roster.agency, roster.valid_from).count() if roster.whole else 0
    total = in_file + serving + 1
    if job.done < in_file:
        question = _question(roster)
        with keeping.opened(roster, keeping.LINES) as file:
            lines = list(reading.lines(file, job.done, STEP))
        return Step(_told(roster, lines, question), len(lines), total)
    if job.done < in_file + serving:
        matched = set(roster.lines.exclude(number=0).exclude(person=None).values_list("person", flat=True))
        found, number = checking.missing(_question(roster), matched, job.done - in_file, STEP)
        return Step(found, number or in_file + serving - job.done, total)
    return Step([], 1, total, last=True)


def _told(roster: RosterImport, lines: list[Line], question: Check) -> list[RosterLine]:
    """The lines judged. Refuses the file where it would tell too much of who serves in other agencies; once
    the day's number is used up, without a look at its addresses.
    """
    names = not {"email", "national_id"}.isdisjoint(roster.mapping.values())
    if not names:
        return checking.check(lines, question)
    judged = [] if enumeration_limits.used_up(roster.agency, roster.by) else checking.check(lines, question)
    number = sum(any(error["code"] == "elsewhere" for error in line.errors) for line in judged)
    if not enumeration_limits.note(agency=roster.agency, number=number, by=roster.by):
        refusal = FileRefused("too_many_elsewhere")
        with transaction.atomic():
            roster.lines.all().delete()
            RosterImport.objects.filter(pk=roster.pk).update(refusal=refusal.kept())
        raise jobs.JobRefused(str(refusal))
    return judged


def _question(roster: RosterImport) -> Check:
    columns = Columns.of(roster.mapping, (heading for heading, *_samples in roster.headings))
    return Check(
        roster=roster,
        columns=columns,
        repeated=_repeated(roster.public_id, json.dumps(roster.mapping, sort_keys=True)),
        words=register.Words.of(roster.agency),
        today=clock.today(),
    )


@lru_cache(maxsize=1)
def _repeated(roster: str, mapping: str) -> Repeated:
    """One pass over the file in the life of its check in this process."""
    found = RosterImport.objects.get(public_id=roster)
    columns = Columns.of(json.loads(mapping), (heading for heading, *_samples in found.headings))
    with keeping.opened(found, keeping.LINES) as file:
        return repeated_in(reading.lines(file), columns)


def commit_check(job: Job, step: Step) -> int:
    roster = of(job)
    if not job.done:
        roster.lines.all().delete()
        job.total = step.total
        job.payload = {**job.payload, "serving": step.total - roster.counts.get("lines", 0) - 1}
    RosterLine.objects.bulk_create(step.lines, batch_size=STEP)
    if step.last:
        _refuse_repeated_people(roster)
        _refuse_circles(roster)
        _finish(roster)
    return step.looked_at


def _refuse_repeated_people(roster: RosterImport) -> None:
    """One person under two keys: an address here, a number there."""
    good = roster.lines.exclude(kind=Kind.ERROR).exclude(person=None)
    twice = good.values("person").annotate(times=Count("pk")).filter(times__gt=1).values("person")
    lines = list(good.filter(person__in=twice).order_by("number"))
    numbers: defaultdict[int | None, list[int]] = defaultdict(list)
    for line in lines:
        numbers[line.person_id].append(line.number)
    _refuse(lines, "person_again", about=lambda line: others(numbers[line.person_id], line.number))


def _refuse_circles(roster: RosterImport) -> None:
    """Nobody is supervised by somebody whom they supervise."""
    for batch in batched(sorted(lines_in_circles(roster)), 500):
        _refuse(roster.lines.filter(pk__in=batch), "supervisor_circle", field="supervisor")


def _refuse(
    found: Any, code: str, *, field: str = "", about: Callable[[RosterLine], str] = lambda line: ""
) -> None:
    lines = list(found)
    for line in lines:
        line.kind, line.before, line.after = Kind.ERROR, None, None
        value = line.cells.get(field, "") if field else line.service_number
        error = {"column": "", "field": field, "code": code, "value": value}
        line.errors = [error | ({"about": said} if (said := about(line)) else {})]
    RosterLine.objects.bulk_update(lines, ["kind", "before", "after", "errors"], batch_size=100)


def _finish(roster: RosterImport) -> None:
    kinds: Any = roster.lines.values_list("kind").annotate(number=Count("pk"))
    missing = roster.lines.filter(number=0, kind=Kind.LEFT).count()
    counts = {"lines": roster.counts.get("lines", 0), "missing": missing, **dict(kinds)}
    RosterImport.objects.filter(pk=roster.pk).update(counts=counts, state=State.CHECKED)


def check_ended(job: Job) -> None:
    if job.state != Job.State.DONE:
        _ended(job)

"""The two jobs before anything changes: read the file in a process of its own, then check it in short steps.

What is kept of a file meanwhile is sealed: whoever takes the disk or a backup of it reads nothing, and neither
the file nor its lines outlive the import.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import batched, chain, islice
from pathlib import Path
from typing import IO, Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, storages
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from operations import clock, jobs
from operations.identity import derived_key
from operations.models import Job
from people import enumeration_limits

from . import checking, columns, matching, reading, refusing
from .checking import Question
from .models import RosterImport, RosterLine
from .reading import Cell, CellFlag, FileLine, shown
from .values import ColumnMap, RepeatedKeys, repeated_in
from .wording import FileRefused

READ, CHECK = "rosters.roster_read", "rosters.roster_check"
SENT, LINES = "sent", "lines"  # what is kept of a file, one after the other
FOLDER = "rosters"
STEP = 1000  # lines that are sealed, checked and staged at once
PIECE = 1_000_000  # bytes
MAX_PLAIN = 100_000_000  # of the plain lines
MAX_LINE = 1_000_000
WAIT = 60.0  # seconds for the process that reads
LOOKED_AT = 10  # lines among which the headings are looked for
SAMPLES, MAX_MERGED = 3, 200
State, Kind = RosterImport.State, RosterLine.Kind


# --- what is kept -------------------------------------------------------------------------------
def keep(roster: RosterImport, what: str, pieces: Iterable[bytes]) -> None:
    """Seal a file piece by piece, one a line. Twice is once: what was there before is replaced."""
    storage, name, key = storages["documents"], _name(roster, what), _key(roster)
    storage.delete(name)
    sealed = (key.encrypt(piece) + b"\n" for piece in pieces)
    if isinstance(storage, FileSystemStorage):
        path = Path(storage.path(name))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.writelines(sealed)
        return
    with tempfile.TemporaryFile() as file:
        file.writelines(sealed)
        file.seek(0)
        storage.save(name, File(file))


def kept(roster: RosterImport, what: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
    """Yield the pieces again, from one to another. Raises FileRefused where they cannot be opened any more."""
    key = _key(roster)
    try:
        with storages["documents"].open(_name(roster, what), "rb") as file:
            for sealed in islice(file, start, stop):
                yield key.decrypt(sealed)
    except (InvalidToken, FileNotFoundError) as error:
        raise FileRefused("stopped") from error


def forget(roster: RosterImport, *parts: str) -> None:
    for what in parts or (SENT, LINES):
        storages["documents"].delete(_name(roster, what))


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece


def _name(roster: RosterImport, what: str) -> str:
    return f"{FOLDER}/{roster.public_id}.{what}"


def _key(roster: RosterImport) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derived_key(f"roster {roster.public_id}")))


# --- reading ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ReadFile:
    """A file as it was read. `lines` below the headings; `samples`: the first cells of each column."""

    encoding: str  # "xlsx" for a workbook
    headings: list[str]
    lines: int
    samples: list[list[str]]


@contextmanager
def reader(pieces: Iterable[bytes]) -> Iterator[Iterator[Any]]:
    """Give what rosters.reading says of a file, in a process with limits and without secrets, gone afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", reading.__name__], cwd=settings.BASE_DIR, env={"LC_ALL": "C.UTF-8"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    late = threading.Timer(WAIT, process.kill)
    late.start()
    assert process.stdin and process.stdout
    try:
        try:
            with process.stdin as sending:
                sending.writelines(pieces)
        except BrokenPipeError:  # it has died: its end says how
            pass
        with process.stdout as saying:
            yield _said(process, saying)
    finally:
        late.cancel()
        process.kill()
        process.wait()


def _said(process: "subprocess.Popen[bytes]", saying: IO[bytes]) -> Iterator[Any]:
    size = 0
    while (line := saying.readline(MAX_LINE)).endswith(b"\n"):
        size += len(line)
        if size > MAX_PLAIN:  # one text named in millions of cells
            raise FileRefused("unpacks_too_large")
        match json.loads(line):
            case {"end": True}:
                return
            case {"refused": [code, figures]}:
                raise FileRefused(code, **figures)
            case said:
                yield said
    process.kill()
    died = process.wait()
    raise FileRefused("damaged" if died == reading.FAILED else "too_heavy")


def read_file(
    pieces: Iterable[bytes],
    take: Callable[[Iterator[list[FileLine]]], None],
    at_work: Callable[[], None] = lambda: None,
) -> ReadFile:
    """Hand the lines below the headings over, a step at a time. Raises FileRefused."""
    with reader(pieces) as said:
        first = next(said)
        lines = (FileLine(*each) for each in said)
        beginning = list(islice(lines, LOOKED_AT))
        if not beginning:
            raise FileRefused("empty")
        place = columns.line_of([[shown(each) for each in line.cells] for line in beginning])
        heading, below = beginning[place], beginning[place + 1 :]
        merged = [area for area in first["merged"] if area[2] > heading.number]
        if len(merged) > MAX_MERGED:
            raise FileRefused("many_merged", limit=MAX_MERGED)
        below = [_with_merged(line, merged) for line in below]
        number = 0

        def steps() -> Iterator[list[FileLine]]:
            nonlocal number
            for batch in batched(chain(below, (_with_merged(line, merged) for line in lines)), STEP):
                at_work()
                number += len(batch)
                yield list(batch)

        take(steps())
    if not number:
        raise FileRefused("no_lines")
    return _read(first["encoding"], heading, below, number)


def _read(encoding: str, heading: FileLine, below: list[FileLine], number: int) -> ReadFile:
    names = [shown(each)[:80] for each in heading.cells]
    width = max([len(names), *(len(line.cells) for line in below)])
    samples = [
        [shown(line.cells[column]) if column < len(line.cells) else "" for line in below[:SAMPLES]]
        for column in range(width)
    ]
    return ReadFile(encoding, [*names, *[""] * (width - len(names))], number, samples)


def _with_merged(line: FileLine, merged: list[list[int]]) -> FileLine:
    """A merged cell has one value for several places: whoever merged must say for which."""
    cells: list[Cell] = line.cells
    for top, left, bottom, right in merged:
        if top <= line.number <= bottom:
            cells = [*cells, *[""] * (min(right, reading.MAX_COLUMNS) - len(cells))]
            for column in range(left - 1, min(right, len(cells))):
                cells[column] = CellFlag(x="merged", v=shown(cells[column]))
    return FileLine(line.number, cells)


# --- the job that reads -------------------------------------------------------------------------
def import_of(job: Job) -> RosterImport:
    """Return the import that a job works on."""
    queryset = RosterImport.objects.select_related("agency", "by")
    return queryset.get(public_id=job.subject_id)


def _at_work(job: Job, *, lock: bool = False) -> RosterImport:
    if lock:  # in a commit: what was cancelled meanwhile stays so
        RosterImport.objects.select_for_update(no_key=True).get(public_id=job.subject_id)
    roster = import_of(job)
    if roster.state != State.READING or roster.job_id != job.public_id:
        raise jobs.JobRefused(_("This import has ended. Send the file again."))
    return roster


@contextmanager
def _refusals_of(roster: RosterImport) -> Iterator[None]:
    """A refused file ends its job, and the import says why."""
    try:
        yield
    except FileRefused as refusal:
        RosterImport.objects.filter(pk=roster.pk).update(refusal=refusal.kept())
        raise jobs.JobRefused(str(refusal)) from refusal


def start_check(roster: RosterImport) -> Job:
    """Begin from the beginning: lines of an earlier check go in its first step."""
    job = jobs.start(kind=CHECK, by=roster.by, subject_id=roster.public_id)
    RosterImport.objects.filter(pk=roster.pk).update(
        state=State.READING, refusal="", counts={"lines": roster.counts.get("lines", 0)}, job_id=job.public_id
    )
    return job


def read(job: Job) -> ReadFile:
    """Outside a transaction: the file as it was sent becomes sealed lines."""
    roster = _at_work(job)

    def take(steps: Iterator[list[FileLine]]) -> None:
        keep(roster, LINES, (json.dumps(lines, ensure_ascii=False).encode() for lines in steps))

    with _refusals_of(roster):
        return read_file(kept(roster, SENT), take, partial(jobs.still_at_work, job))


def commit_read(job: Job, found: ReadFile) -> int:
    roster = _at_work(job, lock=True)
    mapping, twice = columns.recognised(found.headings)
    RosterImport.objects.filter(pk=roster.pk).update(
        encoding=found.encoding,
        headings=[
            [columns.kept_heading(heading), *map(columns.masked, samples)]
            for heading, samples in zip(found.headings, found.samples, strict=True)
        ],
        mapping=mapping,
        counts={"lines": found.lines},
        stored=LINES,
        state=State.MAPPING,
    )
    transaction.on_commit(partial(forget, roster, SENT))
    if not columns.missing(mapping) and not twice:
        roster.counts = {"lines": found.lines}
        start_check(roster)
    job.total = 1
    return 1


def _ended(job: Job) -> None:
    """It was refused, cancelled, or stopped for good: the file goes."""
    roster = import_of(job)
    refused = job.state == Job.State.FAILED
    if job.state == Job.State.DONE or roster.state != State.READING or roster.job_id != job.public_id:
        return
    RosterImport.objects.filter(pk=roster.pk).update(
        state=State.REFUSED if refused else State.CANCELLED,
        refusal=roster.refusal or (FileRefused("stopped").kept() if refused else ""),
        stored="",
        headings=[],
    )
    transaction.on_commit(partial(forget, roster))


# --- checking -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class CheckedStep:
    """The lines one step stages. `looked_at`: lines of the file, or postings; `last`: the import is checked."""

    lines: list[RosterLine]
    looked_at: int
    total: int
    last: bool = False


def check(job: Job) -> CheckedStep:
    """Outside a transaction: judge the next lines; then who is missing; at the end, who stands twice."""
    roster = _at_work(job)
    in_file = roster.counts.get("lines", 0)
    serving = job.payload.get("serving")
    if serving is None:
        serving = matching.serving(roster.agency, roster.valid_from).count() if roster.whole else 0
    total = in_file + serving + 1
    if job.done < in_file:
        with _refusals_of(roster):
            [lines] = _lines(roster, number := job.payload.get("step", 0), number + 1)
            return CheckedStep(_told(roster, lines, _question(roster)), len(lines), total)
    if job.done < in_file + serving:
        found, number = checking.missing(_question(roster), job.done - in_file, STEP)
        return CheckedStep(found, number or in_file + serving - job.done, total)
    return CheckedStep([], 1, total, last=True)


def _told(roster: RosterImport, lines: list[FileLine], question: Question) -> list[RosterLine]:
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


def _question(roster: RosterImport) -> Question:
    column_map = ColumnMap.of(roster.mapping, (heading for heading, *_samples in roster.headings))
    return Question(
        roster=roster,
        columns=column_map,
        repeated=_repeated(roster.public_id, json.dumps(roster.mapping, sort_keys=True)),
        words=matching.Vocabulary.of(roster.agency),
        today=clock.today(),
    )


@lru_cache(maxsize=1)
def _repeated(roster: str, mapping: str) -> RepeatedKeys:
    """One pass over the file in the life of its check in this process."""
    roster_import = RosterImport.objects.get(public_id=roster)
    column_map = ColumnMap.of(json.loads(mapping), (heading for heading, *_samples in roster_import.headings))
    return repeated_in(chain.from_iterable(_lines(roster_import)), column_map)


def _lines(roster: RosterImport, start: int = 0, stop: int | None = None) -> Iterator[list[FileLine]]:
    """Yield the lines of a file as `read` kept them, a step at a time."""
    for step in kept(roster, LINES, start, stop):
        yield [FileLine(*line) for line in json.loads(step)]


def commit_check(job: Job, step: CheckedStep) -> int:
    roster = _at_work(job, lock=True)
    if not job.done:
        roster.lines.all().delete()
        job.total = step.total
        job.payload = {**job.payload, "serving": step.total - roster.counts.get("lines", 0) - 1}
    job.payload = {**job.payload, "step": job.payload.get("step", 0) + 1}
    RosterLine.objects.bulk_create(step.lines, batch_size=max(1, STEP // 4))
    if step.last:
        _repeated.cache_clear()  # of fifty thousand lines it takes megabytes
        refusing.refuse_repeated_people(roster)
        refusing.refuse_circles(roster)
        _finish(roster)
    return step.looked_at


def _finish(roster: RosterImport) -> None:
    counts = {"lines": roster.counts.get("lines", 0), **roster.number_of_lines()}
    RosterImport.objects.filter(pk=roster.pk).update(counts=counts, state=State.CHECKED)


for kind, title, prepare, commit in (
    (READ, pgettext_lazy("job", "Reading a roster"), read, commit_read),
    (CHECK, pgettext_lazy("job", "Checking a roster"), check, commit_check),
):
    jobs.register_job(
        kind,
        title=title,
        prepare=prepare,
        commit=commit,
        on_end=_ended,
        link=lambda job: reverse("rosters:roster", args=[job.subject_id]),
        alone=True,
    )

"""A job of twenty rows, four a chunk, whose effects have no unique key; it leaves a file."""

import time
from typing import Any

from operations.jobs import keep_result, register_job
from operations.models import Job

from .models import Effect

KIND = "bench.chunks"
ROWS, CHUNK = 20, 4
SLOW = 0.25  # seconds a chunk: most blows fall into one


def _prepare(job: Job) -> range:
    time.sleep(SLOW)
    return range(job.done, min(job.done + CHUNK, ROWS))


def _commit(job: Job, rows: Any) -> int:
    Effect.objects.bulk_create(Effect(key=job.subject_id, step=f"row {number}") for number in rows)
    if rows.stop == ROWS:
        keep_result(job, name="rows.txt", content="\n".join(map(str, range(ROWS))).encode())
    return len(rows)


def _on_end(job: Job) -> None:
    Effect.objects.create(key=job.subject_id, step=f"end: {job.state}")


register_job(KIND, title="Chunks", prepare=_prepare, commit=_commit, on_end=_on_end)

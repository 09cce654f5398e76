"""The points, and how a process dies at one of them: after the work of the step, before it is committed or answered.

The installation arms a point by a file; whoever comes to it first takes the file and dies with its whole group.
"""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse

ARMED, STRUCK = "die-here", "died-here"
PREPARED, WRITTEN = "prepared", "written, not committed"
EVENT = tuple(
    f"event: {step}"
    for step in (
        "recorded",
        "lists signed",
        "in the trail",
        "told",
        "other apps told",
        "committed, not answered",
    )
)
CORRECTION = tuple(
    f"correction: {step}"
    for step in (
        "renamed",
        "file stored",
        "issued anew",
        "superseded",
        "told",
        "committed, not answered",
    )
)
CLOSING = "closing: committed, not answered"
# Points of the web; all others are of workers.
OF_WEB = frozenset({*EVENT, *CORRECTION, CLOSING})


def of_errand(kind: str) -> list[str]:
    """Return the points of an errand: after each step's preparation, and before its commit."""
    from operations.outbox import kinds

    return [f"{kind}: {step.name} {when}" for step in kinds[kind].steps for when in (PREPARED, WRITTEN)]


def of_job(kind: str) -> list[str]:
    return [f"{kind}: chunk {PREPARED}", f"{kind}: chunk {WRITTEN}", f"{kind}: end {WRITTEN}"]


def arm(folder: Path, point: str) -> None:
    """At once or not at all: nobody reads half a name."""
    new = folder / f"{ARMED}.new"
    new.write_text(point, encoding="utf-8")
    new.rename(folder / ARMED)


def struck(folder: Path) -> bool:
    """Return whether somebody died since it was armed, and forget it."""
    try:
        (folder / STRUCK).unlink()
    except FileNotFoundError:
        return False
    return True


def here(point: str) -> None:
    """Die, where this point is armed."""
    from django.conf import settings

    armed = Path(settings.VAR_DIR, ARMED)
    try:
        if armed.read_text(encoding="utf-8") != point:
            return
        armed.rename(armed.with_name(STRUCK))
    except FileNotFoundError:  # not armed, or somebody else was first
        return
    os.killpg(os.getpgrp(), signal.SIGKILL)


def after[**P, R](act: Callable[P, R], point: str) -> Callable[P, R]:
    @wraps(act)
    def dying(*args: P.args, **kwargs: P.kwargs) -> R:
        done = act(*args, **kwargs)
        here(point)
        return done

    return dying


def install() -> None:
    """Put the points into this process: every step of every errand and job, and of recording an event."""
    from operations import jobs, outbox

    for name, kind in list(outbox.kinds.items()):
        outbox.kinds[name] = replace(kind, steps=tuple(_dying_step(name, step) for step in kind.steps))
    for name, job in list(jobs.job_kinds.items()):
        prepared, written, ended = of_job(name)
        jobs.job_kinds[name] = replace(
            job, prepare=after(job.prepare, prepared), commit=after(job.commit, written),
            on_end=after(job.on_end, ended),
        )  # fmt: skip
    _put_into_events()
    _put_into_corrections()


def _dying_step(kind: str, step: Any) -> Any:
    return replace(
        step,
        prepare=after(step.prepare, f"{kind}: {step.name} {PREPARED}"),
        commit=after(step.commit, f"{kind}: {step.name} {WRITTEN}"),
    )


def _put_into_events() -> None:
    from certificates import happening

    module: Any = happening
    recorded, signed, traced, told, others, _unanswered = EVENT
    module.record_event = after(happening.record_event, recorded)
    module.lists = _changed(happening.lists, sign_lists_of=after(happening.lists.sign_lists_of, signed))
    module.audit = _changed(happening.audit, record=after(happening.audit.record, traced))
    module.telling = _changed(happening.telling, tell_of=after(happening.telling.tell_of, told))
    send = after(happening.certificate_changed.send, others)
    module.certificate_changed = SimpleNamespace(send=_noted(send))


def _changed(module: Any, **functions: Any) -> Any:
    """Return a module's names with other functions in some places, for one caller of it alone."""
    return SimpleNamespace(**{**vars(module), **functions})


def _put_into_corrections() -> None:
    """Its file is stored by the same function as that of an issue: there no point is armed while a storm corrects."""
    from certificates import actions_corrections as actions
    from certificates import issuing

    renamed, stored, issued, superseded, told, _unanswered = CORRECTION
    module: Any = actions
    module.rename_person = after(actions.rename_person, renamed)
    issuing.print_document = after(issuing.print_document, stored)
    module.issuing = _changed(issuing, issue_at_once=after(issuing.issue_at_once, issued))
    module.happening = _changed(actions.happening, happen=after(actions.happening.happen, superseded))
    module.telling = _changed(actions.telling, tell_corrected=after(actions.telling.tell_corrected, told))


_happened = False  # in the request at hand: one blocking thread serves


def _noted(send: Callable[..., Any]) -> Callable[..., Any]:
    def noted(*args: Any, **kwargs: Any) -> Any:
        global _happened
        _happened = True
        return send(*args, **kwargs)

    return noted


class DiesUnanswered:
    """Dies when all is committed, and nobody has been told."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        global _happened
        _happened = False
        response = self.get_response(request)
        if _happened:
            here(EVENT[-1])
            here(CORRECTION[-1])
        if request.method == "POST" and request.path.endswith("/close/") and response.status_code == 302:
            here(CLOSING)
        return response

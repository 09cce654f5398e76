"""Errands: register a kind, enqueue in your transaction, `manage.py work` attends to it.

A step first prepares (slow, repeatable, no lock held), then commits in the same transaction that
marks the step as done. Whoever dies in between leaves a lease that runs out; the next worker goes
on with the first step that is not marked. See docs/architecture.md, "Work that must not be lost".
"""

import logging
import os
import random
import secrets
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from . import clock
from .clock_guard import ClockBehind
from .logs import words_of
from .models import Errand, ErrandQuerySet

log = logging.getLogger(__name__)
LONGEST_WAIT = timedelta(hours=1)
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class ErrandStep:
    """One named part of an errand.

    `prepare(errand)` may be slow and must be repeatable; `commit(errand, prepared)` writes, in the
    transaction of the step's mark. External calls in `prepare` need a timeout under half the lease.
    """

    name: str
    commit: Callable[[Errand, Any], None] = lambda errand, prepared: None
    prepare: Callable[[Errand], Any] = lambda errand: None


@dataclass(frozen=True)
class Kind:
    name: str
    steps: tuple[ErrandStep, ...]
    lane: str
    tries: int
    on_give_up: Callable[[Errand], None]
    alone: bool = False


class LeaseLost(Exception):
    """Another worker has claimed the errand; what this one was about to write is rolled back."""


class Released(Exception):
    """Raised by a long `prepare` to hand its errand back unfinished: due at once, no try counted."""


class WorkFailed(Exception):
    """An errand failed while its work was worked off in this process."""


kinds: dict[str, Kind] = {}


def register_errand(
    kind: str,
    *steps: ErrandStep,
    lane: str = "short",
    tries: int = 20,
    on_give_up: Callable[[Errand], None] = lambda errand: None,
    alone: bool = False,
) -> None:
    """Make a kind of errand known to this process.

    Of kinds that go `alone` one errand is at work at a time, over all workers, and only when nothing else is
    due in its lane.

    With 20 tries and waits of 2, 4, 8 … seconds, at most an hour, an errand is given up after about
    half a day; `on_give_up` runs in the transaction that gives it up. Names of kinds and steps stay
    for life: they are remembered in the database.
    """
    if kind in kinds:
        raise ValueError(f"{kind} is registered twice.")
    if not steps or len({step.name for step in steps}) < len(steps):
        raise ValueError(f"{kind} needs steps, each with its own name.")
    kinds[kind] = Kind(kind, steps, lane, tries, on_give_up, alone)


def enqueue(kind: str, key: str, *, due_at: datetime | None = None, **payload: Any) -> None:
    """Promise the work, inside the caller's transaction. The same (kind, key) twice is one errand."""
    enqueue_all(kind, {key: payload}, due_at=due_at)


def enqueue_all(kind: str, promised: Mapping[str, dict[str, Any]], *, due_at: datetime | None = None) -> None:
    """Do as `enqueue` for many at once: {key: payload}."""
    lane, due = kinds[kind].lane, due_at or clock.real_now()
    Errand.objects.bulk_create(
        [
            Errand(kind=kind, key=key, payload=payload, lane=lane, due_at=due)
            for key, payload in promised.items()
        ],
        batch_size=1000,
        ignore_conflicts=True,
    )


def reopen(errand: Errand) -> bool:
    """Try an errand again; finished steps stay finished. Return False if it is already done."""
    return bool(
        Errand.objects.filter(pk=errand.pk)
        .exclude(state=Errand.State.DONE)
        .update(state=Errand.State.OPEN, due_at=clock.real_now(), tries=0, claimed_by="", closed_at=None)
    )


def claim(lane: str | None = None, only: Iterable[str] | None = None) -> Errand | None:
    """Take the errand that has been due longest, for one lease. Kinds unknown here stay untouched:
    a worker of the previous release leaves them to the next.
    """
    due = Errand.objects.due().filter(kind__in=list(kinds if only is None else only)).order_by("due_at")
    if lane is not None:
        due = due.filter(lane=lane)
    if not due.exists():  # a read: an idle worker never takes SQLite's write lock
        return None
    with transaction.atomic():  # SKIP LOCKED on PostgreSQL; on SQLite BEGIN IMMEDIATE excludes the others
        errand = due.exclude(kind__in=alone()).select_for_update(skip_locked=True).first()
        if errand is None:
            errand = _due_alone(due.filter(kind__in=alone()))
        if errand is not None:
            _take(errand)
        return errand


def alone() -> list[str]:
    """Return the kinds of which one errand is at work at a time."""
    return [kind.name for kind in kinds.values() if kind.alone]


def _due_alone(due: ErrandQuerySet) -> Errand | None:
    """Return one of those that go alone, unless another is at work: a lease that has run out is none, unless
    its worker holds the row all the same, in a long transaction.
    """
    if not due.exists():
        return None
    if connection.vendor == "postgresql":  # two claims at once wait for each other
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('errands that go alone'))")
    claimed = Errand.objects.filter(kind__in=alone(), state=Errand.State.OPEN).exclude(claimed_by="")
    dead = claimed.due().select_for_update(skip_locked=True).values_list("pk", flat=True)
    if set(claimed.values_list("pk", flat=True)) - set(dead):
        return None
    return (
        due.order_by("pk").select_for_update(skip_locked=True).first()
    )  # who let others go first comes back


def _take(errand: Errand) -> None:
    errand.deaths += bool(errand.claimed_by)
    errand.tries += 1
    errand.claimed_by = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
    errand.due_at = clock.real_now() + settings.ERRAND_LEASE
    errand.save(update_fields=["deaths", "tries", "claimed_by", "due_at"])


def _write(errand: Errand, **fields: Any) -> None:
    """Update the errand, only for its last claimer; raise LeaseLost otherwise."""
    mine = Errand.objects.filter(pk=errand.pk, claimed_by=errand.claimed_by, state=Errand.State.OPEN)
    if not mine.update(**fields):
        raise LeaseLost(errand)


def keep(errand: Errand) -> None:
    """Renew the lease. A long `prepare` calls this well within each one; raise LeaseLost."""
    _write(errand, due_at=clock.real_now() + settings.ERRAND_LEASE)


@contextmanager
def checkpoint(errand: Errand) -> Iterator[None]:
    """Run a part of a long `prepare` in one transaction with the fence and a new lease.

    A part that succeeds lets the tries begin anew. Raise LeaseLost.
    """
    with transaction.atomic():
        due_at = clock.real_now() + settings.ERRAND_LEASE
        _write(errand, due_at=due_at, tries=1, error="", reference="")
        yield
    errand.tries = 1


def attend(errand: Errand, stopping: Callable[[], bool] = lambda: False) -> None:
    """Do the remaining steps of a claimed errand. Whatever they raise is kept in the errand, not raised.

    When `stopping()` turns true it is released after the step at hand, and no try is counted.
    """
    kind = kinds[errand.kind]
    try:
        if errand.tries > kind.tries:
            _give_up(errand, kind, errand.error or "Its worker died each time.")
        else:
            _do_steps(errand, kind, stopping)
    except Released:
        _release(errand)
    except ClockBehind:
        log.error("the clock is behind: nothing is signed", extra=_words(errand))
        _release(errand, after=A_MINUTE)
    except LeaseLost:
        log.warning("lease lost", extra=_words(errand))
    except Exception as error:
        _failed(errand, kind, error)


def _release(errand: Errand, *, after: timedelta = timedelta()) -> None:
    """Make the errand due at once, or later, behind what has been due longer; the try does not count."""
    mine = Errand.objects.filter(pk=errand.pk, claimed_by=errand.claimed_by, state=Errand.State.OPEN)
    mine.update(due_at=clock.real_now() + after, tries=max(errand.tries - 1, 0), claimed_by="")


def _do_steps(errand: Errand, kind: Kind, stopping: Callable[[], bool]) -> None:
    remaining = [step for step in kind.steps if step.name not in errand.done]
    if not remaining:  # the last step was taken out by a release
        _write(errand, **_closed(Errand.State.DONE))
    for step in remaining:
        if stopping():
            raise Released
        prepared = step.prepare(errand)
        fields: dict[str, Any] = {
            "done": [*errand.done, step.name],
            "tries": 1,
            "error": "",
            "reference": "",
            "due_at": clock.real_now() + settings.ERRAND_LEASE,
        }
        if step is remaining[-1]:
            fields |= _closed(Errand.State.DONE)
        with transaction.atomic():
            _write(errand, **fields)
            step.commit(errand, prepared)
        errand.done, errand.tries = fields["done"], 1


def _closed(state: Errand.State) -> dict[str, Any]:
    return {"state": state, "closed_at": clock.real_now(), "claimed_by": ""}


def _failed(errand: Errand, kind: Kind, error: Exception) -> None:
    reference = secrets.token_hex(4)
    log.exception("errand failed", extra={**_words(errand), "reference": reference})
    words = words_of(error)
    try:
        if errand.tries >= kind.tries:
            _give_up(errand, kind, words, reference)
            return
        wait = min(timedelta(seconds=2**errand.tries), LONGEST_WAIT) * random.uniform(0.75, 1.25)
        _write(errand, due_at=clock.real_now() + wait, error=words, reference=reference, claimed_by="")
    except LeaseLost:
        log.warning("lease lost", extra=_words(errand))


def _give_up(errand: Errand, kind: Kind, words: str, reference: str = "") -> None:
    errand.error, errand.reference = words, reference or secrets.token_hex(4)
    with transaction.atomic():
        _write(errand, error=words, reference=errand.reference, **_closed(Errand.State.GIVEN_UP))
        try:
            with transaction.atomic():
                kind.on_give_up(errand)
        except Exception:  # what cannot be told to others still shows as given up
            log.exception("errand given up, not told", extra=_words(errand))
    log.error("errand given up", extra={**_words(errand), "reference": errand.reference})


def _words(errand: Errand) -> dict[str, str]:
    return {"errand": errand.kind, "errand_key": errand.key}


def work_off(only: Iterable[str] | None = None) -> int:
    """Attend here and now to everything that is due, and to what that enqueues; return how many.

    For seeding and tests. Leases are real, business facts are of the clock in force.
    Raise WorkFailed as soon as one fails.
    """
    number = 0
    chosen = None if only is None else list(only)
    while errand := claim(only=chosen):
        attend(errand)
        errand.refresh_from_db()
        if errand.error:
            raise WorkFailed(f"{errand.kind} {errand.key}: {errand.error}")
        number += 1
    return number

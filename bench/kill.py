"""kill -9 of web and workers while work is ordered, at random moments or in each step; then count lost and doubled.

    python -m bench.kill --kind six-steps --kills 5 --seed 1
    python -m bench.kill --kind events --kills 6 --in-turn

On SQLite, or on PostgreSQL where DATABASE_URL names one. Ends with 1 where something is lost or doubled.
"""

import argparse
import json
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .scratch import scratch
from .storm import Child, Storm
from .targets import Finding, Target

LEAST = 10  # orders, however slow the machine
OPEN_AT_ONCE = 6  # errands: there is always something to break, and never a heap
SETTLED_WITHIN = 300.0  # seconds


@dataclass(frozen=True)
class Outcome:
    kind: str
    database: str
    seed: int
    blows: dict[str, int]
    ordered: int
    died_in: dict[str, int]
    leases_lost: int
    seconds: int
    findings: list[Finding]

    @property
    def holds(self) -> bool:
        return all(finding.holds for finding in self.findings)


def target_of(kind: str) -> Target:
    if kind == "six-steps":
        from .six_steps.target import SixSteps

        return SixSteps()
    if kind == "certificates":
        from .issue import Issue

        return Issue()
    if kind == "jobs":
        from .jobs import Jobs

        return Jobs()
    if kind == "events":
        from .events import Events

        return Events()
    if kind == "corrections":
        from .corrections import Corrections

        return Corrections()
    raise SystemExit(f"There is no target {kind}.")


class Client(threading.Thread):
    """Orders, one after another, until each is acknowledged; what is acknowledged must be done."""

    def __init__(self, target: Target, base_url: str, keys: list[str]) -> None:
        super().__init__(daemon=True)
        self.target, self.base_url, self.waiting = target, base_url, list(keys)
        self.acknowledged: list[str] = []
        self.refused: list[str] = []
        self.asking = threading.Event()
        self.over = threading.Event()

    def run(self) -> None:
        from django.db import connection

        while self.waiting and not (self.over.is_set() and len(self.acknowledged) >= LEAST):
            if open_errands() < OPEN_AT_ONCE:
                self._order(self.waiting.pop(0))
            time.sleep(0.05)
        connection.close()

    def _order(self, key: str) -> None:
        while True:
            self.asking.set()
            try:
                self.target.order(self.base_url, key)
            except OSError:
                time.sleep(0.2)  # killed just now: the person tries again
            except RuntimeError as error:
                self.refused.append(str(error))
                return
            else:
                self.acknowledged.append(key)
                return
            finally:
                self.asking.clear()


def open_errands() -> int:
    from operations.models import Errand

    return Errand.objects.filter(state="open").exclude(kind__startswith="operations.").count()


class Watch:
    """Watches whether a process is in the middle of something, and in which step a blow found it."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.died_in: Counter[str] = Counter()

    def busy(self, child: Child) -> bool:
        return self.client.asking.is_set() if child.name == "web" else self._errands(child).exists()

    def struck(self, child: Child) -> None:
        from operations.outbox import kinds

        for errand in self._errands(child) if child.name == "worker" else ():
            steps = [step.name for step in kinds[errand.kind].steps]
            remaining = [name for name in steps if name not in errand.done]
            self.died_in[f"{errand.kind}: {remaining[0]}"] += 1

    @staticmethod
    def _errands(child: Child) -> Any:
        from operations.models import Errand

        pid = child.process.pid if child.process else 0
        return Errand.objects.filter(state="open", claimed_by__contains=f":{pid}:")


def run(kind: str, *, kills: int, seed: int, workers: int, in_turn: bool) -> Outcome:
    """One storm in a scratch installation of its own, at random moments or in each step `in_turn`. Once a process:
    Django is set up for it.
    """
    target = target_of(kind)
    settings = target.dying_settings if in_turn else target.settings
    with scratch(settings, course=target.course, NISANE_ERRAND_LEASE=str(target.lease)) as place:
        os.environ.update(place.environ)
        import django

        django.setup()
        _make_the_tables_of_the_target()
        keys = target.prepare(kills)
        client = Client(target, place.base_url, keys)
        watch = Watch(client)
        storm = Storm(place, workers, target.lease, random.Random(seed), watch.busy, watch.struck)
        began = time.monotonic()
        try:
            storm.begin()
            client.start()
            if in_turn:
                watch.died_in = storm.strike_in_turn(target.points(), kills)
            else:
                storm.rage(kills)
            client.over.set()
            client.join()
            _settle()
        finally:
            client.over.set()
            codes = storm.end()
        name = f"{kind}, in each step" if in_turn else kind
        return _counted(name, seed, target, storm, watch, codes, began)


def _make_the_tables_of_the_target() -> None:
    """In the migrated database only what has no migrations is missing."""
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)


def _settle() -> None:
    """Wait, killing nothing more, until everything has come to its end by itself."""
    from operations.models import Errand

    until = time.monotonic() + SETTLED_WITHIN
    while Errand.objects.filter(state="open").exists() and time.monotonic() < until:
        time.sleep(0.5)


def _counted(
    kind: str,
    seed: int,
    target: Target,
    storm: Storm,
    watch: Watch,
    codes: list[int | None],
    began: float,
) -> Outcome:
    from django.db import connection

    from operations.models import Errand

    states = Counter(Errand.objects.values_list("state", flat=True))
    keys = watch.client.acknowledged
    findings = [
        *target.findings(keys),
        Finding("orders acknowledged, of the fewest", LEAST, min(len(keys), LEAST)),
        Finding("orders refused", 0, len(watch.client.refused)),
        Finding("errands still open", 0, states["open"]),
        Finding("errands given up", 0, states["given-up"]),
        Finding("workers that stopped politely at the end", storm.workers, codes[1:].count(0)),
        Finding("times the database was locked", 0, storm.said("database is locked")),
    ]
    connection.close()
    return Outcome(
        kind=kind,
        database=connection.vendor,
        seed=seed,
        blows=dict(storm.blows),
        ordered=len(keys),
        died_in=dict(watch.died_in),
        leases_lost=storm.said('"event": "lease lost"'),
        seconds=int(time.monotonic() - began),
        findings=findings,
    )


def told(outcome: Outcome) -> str:
    """For people: one line a finding."""
    blows = ", ".join(f"{count} × {name}" for name, count in sorted(outcome.blows.items()))
    lines = [
        f"{outcome.kind} on {outcome.database}, seed {outcome.seed}: killed or stalled {blows}; "
        f"{outcome.ordered} ordered, {sum(outcome.died_in.values())} died in the middle of a step, "
        f"{outcome.leases_lost} late writes refused, {outcome.seconds} s",
        *(f"  died in {step}: {count} times" for step, count in sorted(outcome.died_in.items())),
        *(f"  {'ok ' if f.holds else 'BAD'} {f.what}: {f.found} of {f.expected}" for f in outcome.findings),
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.kill", description=__doc__)
    parser.add_argument("--kind", default="six-steps")
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--in-turn", action="store_true", help="in each step, one after the other")
    parser.add_argument("--json", type=Path, help="write the outcome here, too")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # and clear up
    outcome = run(
        chosen.kind, kills=chosen.kills, seed=chosen.seed, workers=chosen.workers, in_turn=chosen.in_turn
    )
    print(told(outcome))
    if chosen.json:
        chosen.json.write_text(json.dumps({**asdict(outcome), "holds": outcome.holds}))
    sys.exit(not outcome.holds)


if __name__ == "__main__":
    main()

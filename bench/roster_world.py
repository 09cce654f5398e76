"""The three processes of bench.roster: `make` fills the register and writes the file, `save` lets people save
answers until it is told to stop, `work` sends the file and does its jobs. The last line each prints is JSON.
"""

import argparse
import json
import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import batched
from pathlib import Path
from typing import Any

import django

HEADINGS = ["Xidməti nömrə", "Soyad", "Ad", "Ata adı", "Bölmə", "Vəzifə", "E-poçt"]
PACE = 0.5  # seconds between two answers of one person: faster than anybody answers
NEW, TRANSFERRED = 0.1, 0.5  # shares of the lines; the rest changes name and role


def make(folder: Path, lines: int, savers: int, kind: str) -> None:
    from operations import clock
    from people.actions.agencies import add_unit
    from people.actions.grants import grant
    from people.actions.persons import add_person
    from people.models import Agency, Grant, Role

    names = {language: language for language in ("az", "en", "ru")}
    agency = Agency.objects.get(code="labour-inspection")
    units = [
        add_unit(agency=agency, code=code, names=names | {"az": code}, by=None)
        for code in ("ganja", "shirvan")
    ]
    roles = list(Role.objects.filter(code__in=("LAB", "POL")).order_by("code"))
    since = clock.start_of(clock.add_months(clock.today(), -12))
    for numbers in batched(range(int(lines * (1 - NEW))), 5000):
        _people(numbers, units[0], roles[0], since)
    boss = add_person(family_name="Nağıyeva", given_name="Sevinc", email="boss@agency.example", by=None)
    grant(person=boss, position=Grant.Position.COORDINATOR, agency=agency, by=None, starts_at=since)
    for number in range(savers):
        add_person(family_name="Quliyev", given_name="Orxan", email=f"saver{number}@agency.example", by=None)
    rows = (_row(number, lines, roles[-1].code) for number in range(lines))
    _write(folder / f"roster.{kind}", rows)


def _people(numbers: tuple[int, ...], unit: Any, role: Any, since: Any) -> None:
    from operations.history import revise
    from people.models import Posting, User

    people = [
        User(family_name="Quliyev", given_name="Orxan", father_name="Vaqif oğlu", password="!x")
        for _number in numbers
    ]  # fmt: skip
    User.objects.bulk_create(people, batch_size=1000)
    postings = [
        Posting(user=person, agency=unit.agency, unit=unit, role=role, service_number=f"M-{number:06}", valid_from=since)
        for number, person in zip(numbers, people, strict=True)
    ]  # fmt: skip
    revise(insert=postings, by=None)


def _row(number: int, lines: int, role: str) -> list[str]:
    if number >= int(lines * (1 - NEW)):
        return [f"M-{number:06}", "Yeni", "Nəfər", "", "shirvan", "LAB", f"new{number}@agency.example"]
    if number < lines * TRANSFERRED:
        return [f"M-{number:06}", "Quliyev", "Orxan", "Vaqif oğlu", "shirvan", "LAB", ""]
    return [f"M-{number:06}", "Quliyev", "Orxan Əli", "Vaqif oğlu", "ganja", role, ""]


def _write(path: Path, rows: Iterator[list[str]]) -> None:
    from operations import spreadsheets

    (spreadsheets.write_xlsx if path.suffix == ".xlsx" else spreadsheets.write_csv)(path, HEADINGS, rows)


# --- twenty people save answers -----------------------------------------------------------------
def save(stop: Path) -> None:
    from django.db import connections

    from people.models import User

    told: dict[str, Any] = {"saved": 0, "slowest": 0.0, "failed": 0}
    mutex, stopped = threading.Lock(), threading.Event()

    def one(person: User) -> None:
        call = _request(person)
        while not stop.exists():
            began = time.monotonic()
            try:
                call()
                failed = 0
            except Exception:
                failed = 1
            with mutex:
                told["saved"] += 1 - failed
                told["failed"] += failed
                told["slowest"] = max(told["slowest"], round(time.monotonic() - began, 2))
            stopped.wait(PACE)
        connections.close_all()

    people = list(User.objects.filter(email__startswith="saver"))
    threads = [threading.Thread(target=one, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(told))


def _request(person: Any) -> Any:
    """One question, answered again and again: the pair of bench.answer for this person."""
    from . import answer
    from .world import World

    unit: Any = None
    return answer.pair(World(agency=unit, unit=unit, officer=person, colleague=person)).ours


# --- the worker ---------------------------------------------------------------------------------
def work(path: Path) -> None:
    from django.db import connection

    from operations import clock, jobs, outbox
    from people.models import Agency, User
    from rosters.actions import apply_roster, receive_roster

    bare = _memory()
    locks: dict[str, list[float]] = {}
    jobs.checkpoint = _timed(jobs.checkpoint, locks)  # type: ignore[assignment]
    boss = User.objects.get(email="boss@agency.example")
    began = time.monotonic()
    with path.open("rb") as file:
        roster = receive_roster(
            agency=Agency.objects.get(code="labour-inspection"), file=file, file_name=path.name,
            valid_from=clock.start_of(clock.today()), whole=False, by=boss,
        )  # fmt: skip
    outbox.work_off(only=["rosters.roster_read", "rosters.roster_check"])
    checked = time.monotonic()
    roster.refresh_from_db()
    apply_roster(roster=roster, with_missing=False, by=boss)
    outbox.work_off(only=["rosters.roster_apply"])
    ended = time.monotonic()
    roster.refresh_from_db()
    told = {
        "database": {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor],
        "state": roster.state,
        "counts": roster.counts,
        "checking": round(checked - began, 1),
        "applying": round(ended - checked, 1),
        "lock": round(max(locks["rosters.roster_apply"]), 2),
        "lock_cpu": round(max(locks["cpu"]), 2),
        "longest_step": round(max(locks["rosters.roster_read"] + locks["rosters.roster_check"]), 2),
        "memory": _memory(),
        "bare": bare,
    }
    print(json.dumps(told))


def _memory() -> float:
    """MB at the highest so far."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _timed(checkpoint: Any, locks: dict[str, list[float]]) -> Any:
    @contextmanager
    def timed(errand: Any) -> Iterator[None]:
        """From when the lock is held until the transaction is committed; CPU time of this process beside it."""
        with checkpoint(errand):
            began, cpu = time.monotonic(), time.process_time()
            yield
        locks.setdefault(errand.kind, []).append(time.monotonic() - began)
        locks.setdefault("cpu", []).append(time.process_time() - cpu)

    return timed


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.roster_world")
    parser.add_argument("role", choices=("make", "save", "work"))
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=50_000)
    parser.add_argument("--savers", type=int, default=20)
    parser.add_argument("--kind", default="xlsx")
    parser.add_argument("--stop", type=Path)
    chosen = parser.parse_args()
    django.setup()
    if chosen.role == "make":
        make(chosen.folder, chosen.lines, chosen.savers, chosen.kind)
    elif chosen.role == "save":
        save(chosen.stop)
    else:
        work(chosen.folder / f"roster.{chosen.kind}")


if __name__ == "__main__":
    main()

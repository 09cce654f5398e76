"""A roster every line of which changes something: how long the transaction lasts, how much memory the worker
takes, and whether twenty people can save answers meanwhile.

    python -m bench.roster --lines 50000 --savers 20

On SQLite 5,000 lines, whose write lock everybody waits for; 50,000 on PostgreSQL where DATABASE_URL names one:
there nobody waits. World, savers and worker are processes of their own. Ends with 1 where an aim is missed.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from .scratch import Scratch, scratch

LINES = {"SQLite": 5_000, "PostgreSQL": 50_000}
LOCK_AIM, WAIT_AIM, MEMORY_AIM = 5.0, 2.0, 250.0  # seconds, on SQLite; of an answer, on PostgreSQL; MB


def measure(place: Scratch, lines: int, savers: int, kind: str) -> dict[str, Any]:
    stop = place.folder / "stop"
    run(place, "make", "--lines", str(lines), "--savers", str(savers), "--kind", kind)
    saving = start(place, "save", "--stop", str(stop))
    try:
        worked = json.loads(run(place, "work", "--kind", kind).splitlines()[-1])
    finally:
        stop.touch()
        said, _nothing = saving.communicate(timeout=120)
    saved = json.loads(said.splitlines()[-1])
    sqlite = worked["database"] == "SQLite"
    quick = worked["lock"] < LOCK_AIM if sqlite else saved["slowest"] < WAIT_AIM
    holds = quick and worked["memory"] < MEMORY_AIM and not saved["failed"] and worked["state"] == "applied"
    return (
        {"date": time.strftime("%Y-%m-%d"), "lines": lines, "file": kind} | worked | saved | {"holds": holds}
    )


def start(place: Scratch, role: str, *more: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "bench.roster_world", role, "--folder", str(place.folder), *more]
    return subprocess.Popen(command, env=place.environ, stdout=subprocess.PIPE, text=True)


def run(place: Scratch, role: str, *more: str) -> str:
    process = start(place, role, *more)
    said, _nothing = process.communicate()
    if process.returncode:
        raise RuntimeError(f"{role} ended with {process.returncode}")
    return said


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.roster", description=__doc__)
    usual = LINES["PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite"]
    parser.add_argument("--lines", type=int, default=usual)
    parser.add_argument("--savers", type=int, default=20)
    parser.add_argument("--kind", choices=("csv", "xlsx"), default="xlsx")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    with scratch("bench.measured", course=True, NISANE_BASE_URL="http://localhost:8000") as place:
        os.environ.update(place.environ)
        place.run("migrate", "--verbosity", "0")
        place.run("migrate", "--run-syncdb", "--verbosity", "0")
        told = measure(place, chosen.lines, chosen.savers, chosen.kind)
    print(json.dumps(told, indent=2))
    if chosen.json:
        chosen.json.write_text(json.dumps(told))
    sys.exit(not told["holds"])


if __name__ == "__main__":
    main()

"""Measured ratios against floors, and tasks without one, embedded and as production runs: two tables, and the same in
var/bench.json.

python -m bench [name …]
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from . import places
from .scratch import ROOT, scratch

RATIOS = ["lesson", "certificate", "answer", "repeated", "decision"]
TASKS = {
    "shift": "a unit of 200 people × 5 functions, the page",
    "evaluate": "evaluations of one function for one person",
}
NAMES = [*RATIOS, *TASKS]
type Rows = dict[str, dict[str, Any]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], help="all where none is named")
    names = parser.parse_args().names or NAMES
    results = Path(os.environ.get("NISANE_VAR", ROOT / "var")) / "bench.json"
    production = places.production()
    chosen = [places.EMBEDDED, *([production] if production else [])]
    measured = {place.name: _measured(place, names) for place in chosen}
    rows = {name: {place: found[name] for place, found in measured.items()} for name in names}
    results.parent.mkdir(parents=True, exist_ok=True)
    results.write_text(as_json(rows))
    print(table({name: row for name, row in rows.items() if name in RATIOS}))
    print(tasks({name: row for name, row in rows.items() if name in TASKS}))
    print(f"Load of the machine {os.getloadavg()[1]:.1f}")
    print(f"Written to {results}")
    if production is None:
        print(places.missing())
    tried = production is not None or "NISANE_REQUIRE_SERVICES" not in os.environ
    return 0 if tried and all(_holds(row) for row in rows.values()) else 1


def _measured(place: places.Place, names: list[str]) -> dict[str, Any]:
    """Measure by name, in a scratch installation at this place."""
    more = {"NISANE_BASE_URL": "http://localhost:8000", "REDIS_URL": place.redis}
    with scratch("bench.measured", course=True, beside=place.database, **more) as installation:
        # the floors' tables: they have no migrations
        installation.run("migrate", "--run-syncdb", "--verbosity", "0")
        told = installation.folder / "ratios.json"
        command = [sys.executable, "-m", "bench.ratios", "--json", str(told), *names]
        subprocess.run(command, cwd=ROOT, env=installation.environ, check=True)
        found: dict[str, Any] = json.loads(told.read_text())
        return found


def _worst(row: Rows) -> dict[str, Any]:
    return max(row.values(), key=lambda found: found.get("ratio") or found["seconds"])


def _holds(row: Rows) -> bool:
    return all(found["holds"] for found in row.values())


def as_json(rows: dict[str, Rows]) -> str:
    """Print each request as it was measured at each place; beside it the place with the worst ratio."""
    return json.dumps({name: _worst(row) | row for name, row in rows.items()}, indent=2) + "\n"


def tasks(rows: dict[str, Rows]) -> str:
    lines = []
    for name, row in rows.items():
        aim = _worst(row)
        bound = (
            f"at most {aim['most_seconds']:g} s"
            if aim["most_seconds"]
            else f"at least {aim['least_a_second']:,.0f}/s"
        )
        cells = [
            f"{place}: {found['seconds']:.3f} s of CPU, {found['a_second']:,}/s, {found['queries']} queries"
            for place, found in row.items()
        ]
        lines.append(f"{TASKS[name]} ({bound}): {'; '.join(cells)}{'' if _holds(row) else '   MISSED'}")
    return "\n".join(lines)


def table(rows: dict[str, Rows]) -> str:
    if not rows:
        return ""
    measured = list(next(iter(rows.values())))
    head = f"{'ours, ms':>10}{'floor, ms':>11}{'ratio':>7}{'queries':>10}"
    lines = [f"{'':<12}{'':>5}" + "".join(f" |{place:^38}" for place in measured)]
    lines.append(f"{'':<12}{'aim':>5}" + f" |{head}" * len(measured))
    for name, row in rows.items():
        cells = [
            f" |{found['ours']:>10.3f}{found['floor']:>11.3f}{found['ratio']:>7.2f}"
            f"{found['queries']:>6} / {found['floor_queries']}"
            for found in row.values()
        ]
        verdict = "" if _holds(row) else "   above the aim"
        lines.append(f"{name:<12}{_worst(row)['aim']:>5.2f}{''.join(cells)}{verdict}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

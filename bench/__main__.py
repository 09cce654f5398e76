"""Measured ratios against floors: a table, and the same in var/bench.json.

python -m bench [name …]      on SQLite, or beside the database that DATABASE_URL names
"""

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

from .scratch import ROOT, scratch

NAMES = ["lesson", "certificate", "answer", "decision"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], help="all where none is named")
    names = parser.parse_args().names or NAMES
    results = Path(os.environ.get("NISANE_VAR", ROOT / "var")) / "bench.json"
    with scratch("bench.measured", NISANE_BASE_URL="http://localhost:8000") as place:
        os.environ.update(place.environ)
        place.run("migrate", "--verbosity", "0")
        place.run(
            "migrate", "--run-syncdb", "--verbosity", "0"
        )  # the floors' tables: they have no migrations
        rows = _measured(names)
    from . import harness

    results.parent.mkdir(parents=True, exist_ok=True)
    results.write_text(harness.as_json(rows))
    print(harness.table(rows))
    print(f"Written to {results}")
    return 0 if all(row.holds for row in rows.values()) else 1


def _measured(names: list[str]) -> "dict[str, harness.Row]":  # type: ignore[name-defined]  # noqa: F821
    import django

    django.setup()
    from django.db import connection

    from . import harness, world

    made = world.make()
    rows = {}
    for name in names:
        rows[name] = harness.measure(import_module(f"bench.{name}").pair(made))
    connection.close()
    return rows


if __name__ == "__main__":
    sys.exit(main())

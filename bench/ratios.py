"""The measurements of one scratch installation, by name, as JSON: ratios, and tasks without a floor. See bench.__main__."""

import argparse
import json
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import django


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.ratios")
    parser.add_argument("names", nargs="+")
    parser.add_argument("--json", type=Path, required=True)
    chosen = parser.parse_args()
    django.setup()
    from . import harness, world

    made = world.make()
    rows = {}
    for name in chosen.names:
        module = import_module(f"bench.{name}")
        if hasattr(module, "task"):
            row: harness.Row | harness.TaskRow = harness.measure_task(module.task(made))
        else:
            row = harness.measure(module.pair(made))
        rows[name] = asdict(row) | {"holds": row.holds}
    chosen.json.write_text(json.dumps(rows))


if __name__ == "__main__":
    main()

"""The ratios of one scratch installation, by name, as JSON; see bench.__main__."""

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
    rows = {name: asdict(harness.measure(import_module(f"bench.{name}").pair(made))) for name in chosen.names}
    chosen.json.write_text(json.dumps(rows))


if __name__ == "__main__":
    main()

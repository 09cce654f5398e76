"""Pages with 100,000 people, for `make prove`: the list, *My agency*, the register and files of evidence in docs/proof.md."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from . import people_answers, people_list
from .scratch import ROOT

PROOF = ROOT / "docs" / "proof.md"
# By the module that measures them: the columns of its table.
TABLES = {"people_list": people_list.COLUMNS, "people_answers": people_answers.COLUMNS}


def prove(url: str) -> bool:
    """Measure each beside this database, or SQLite, and return whether all hold."""
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environ |= {"DATABASE_URL": url} if url else {}
    held = True
    with tempfile.TemporaryDirectory() as folder:
        for name in TABLES:
            told = Path(folder, f"{name}.json")
            command = [sys.executable, "-m", f"bench.{name}", "--json", str(told)]
            held = subprocess.run(command, cwd=ROOT, env=environ).returncode == 0 and held
            add(name, json.loads(told.read_text()))
    return held


def rows(outcome: dict[str, Any], columns: tuple[str, ...]) -> list[str]:
    """Milliseconds, and questions to the database in brackets; of a file also decisions and megabytes."""
    begin = [outcome["date"], f"{outcome['database']} ({outcome['load']})"]
    return [
        "| " + " | ".join([*begin, who, *(_cell(told[column]) for column in columns)]) + " |"
        for who, told in outcome["rows"].items()
    ]


def _cell(told: list[Any]) -> str:
    milliseconds, queries, *held = told
    if not held:
        return f"{milliseconds:.0f} ms ({queries})"
    decisions, size = held
    return f"{milliseconds:.0f} ms ({queries}); {decisions}, {size} MB"


def add(name: str, outcome: dict[str, Any]) -> None:
    """The newest run stands on top."""
    columns = TABLES[name]
    head = (
        f"| date | database (load) | who looks | {' | '.join(columns)} |\n"
        + "|"
        + "---|" * (3 + len(columns))
    )
    before, after = PROOF.read_text(encoding="utf-8").split(f"{head}\n")
    PROOF.write_text("\n".join([f"{before}{head}", *rows(outcome, columns), after]), encoding="utf-8")


def main() -> None:
    """Add what was measured alone: python -m bench.prove_people people_answers FILE"""
    add(sys.argv[1], json.loads(Path(sys.argv[2]).read_text()))


if __name__ == "__main__":
    main()

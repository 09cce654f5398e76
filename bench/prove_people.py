"""The list of people with 100,000 of them, for `make prove`: its rows in docs/proof.md."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from .people_list import COLUMNS
from .scratch import ROOT

PROOF = ROOT / "docs" / "proof.md"
HEAD = f"| date | database (load) | who looks | {' | '.join(COLUMNS)} |"
RULE = "|" + "---|" * (3 + len(COLUMNS))


def prove(url: str) -> bool:
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environ |= {"DATABASE_URL": url} if url else {}
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "people.json")
        command = [sys.executable, "-m", "bench.people_list", "--json", str(told)]
        held = subprocess.run(command, cwd=ROOT, env=environ).returncode == 0
        add(json.loads(told.read_text()))
    return held


def rows(outcome: dict[str, Any]) -> list[str]:
    """Milliseconds, and questions to the database in brackets."""
    begin = [outcome["date"], f"{outcome['database']} ({outcome['load']})"]
    return [
        "| "
        + " | ".join([*begin, who, *(f"{told[column][0]:.0f} ms ({told[column][1]})" for column in COLUMNS)])
        + " |"
        for who, told in outcome["rows"].items()
    ]


def add(outcome: dict[str, Any]) -> None:
    """The newest run stands on top."""
    before, after = PROOF.read_text(encoding="utf-8").split(f"{HEAD}\n{RULE}\n")
    PROOF.write_text("\n".join([f"{before}{HEAD}", RULE, *rows(outcome), after]), encoding="utf-8")

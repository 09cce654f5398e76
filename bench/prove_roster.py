"""The proofs of rosters for `make prove`: lines that all change something, 5,000 on SQLite (write lock under 5 s)
and 50,000 on PostgreSQL (worker under 250 MB, nobody waits: aims of bench.roster), and 1,000 hostile files.

    python -m bench.prove_roster

proves them alone, on SQLite, or on PostgreSQL where DATABASE_URL names one.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from .scratch import ROOT

PROOF = ROOT / "docs" / "proof.md"
HEAD = (
    "| date | database | lines | new / changed / transferred | transaction, s (CPU) | longest step of the check, s "
    "| checking / applying, s | memory, MB (before the file) | answers saved meanwhile | slowest, s | failed | hostile files |"
)
RULE = "|---|---|---|---|---|---|---|---|---|---|---|---|"


def prove(url: str) -> bool:
    """One row of the table; `url`: of PostgreSQL, empty for SQLite."""
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environ |= {"DATABASE_URL": url} if url else {}
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "roster.json")
        command = [sys.executable, "-m", "bench.roster", "--json", str(told)]
        measured = subprocess.run(command, cwd=ROOT, env=environ).returncode == 0
        outcome: dict[str, Any] = json.loads(told.read_text())
    hostile = [sys.executable, "-m", "pytest", "-q", "tests/rosters/test_roster_hostile.py"]
    tried = subprocess.run(hostile, cwd=ROOT, env=environ | {"HOSTILE_FILES": "1000"}).returncode == 0
    add(row(outcome, "1,000, none failed" if tried else "FAILED"))
    return measured and tried


def row(outcome: dict[str, Any], hostile: str) -> str:
    counts = outcome["counts"]
    cells = [
        outcome["date"], outcome["database"], outcome["lines"],
        f"{counts['new']} / {counts['changed']} / {counts['transferred']}",
        f"{outcome['lock']} ({outcome['lock_cpu']})", outcome["longest_step"],
        f"{outcome['checking']} / {outcome['applying']}", f"{outcome['memory']} ({outcome['bare']})",
        outcome["saved"], outcome["slowest"], outcome["failed"], hostile,
    ]  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"


def add(line: str) -> None:
    """The newest run stands on top."""
    before, after = PROOF.read_text(encoding="utf-8").split(f"{HEAD}\n{RULE}\n")
    PROOF.write_text(f"{before}{HEAD}\n{RULE}\n{line}\n{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(not prove(os.environ.get("DATABASE_URL", "")))

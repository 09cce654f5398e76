"""Every column edited in SQL, for `make prove`: the row in docs/proof.md."""

import os
import re
import subprocess
import sys
import time

from .scratch import ROOT

PROOF = ROOT / "docs" / "proof.md"
HEAD = "| date | database | edits | outcome | seconds |\n|---|---|---|---|---|\n"


def prove(url: str) -> bool:
    """Try all edits, on SQLite where there is no `url`; the newest row stands on top."""
    begun = time.monotonic()
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environ |= {"NISANE_EDITS": "all"} | ({"DATABASE_URL": url} if url else {})
    command = [sys.executable, "-m", "pytest", "-q", "-s", "tests/clearance/test_sql_edits.py"]
    quiet = subprocess.DEVNULL  # each refusal is logged
    ran = subprocess.run(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=quiet, text=True)
    tried = sum(map(int, re.findall(r"(\d+) edits tried", ran.stdout)))
    held = ran.returncode == 0 and tried > 0
    cells = [
        time.strftime("%Y-%m-%d"), "PostgreSQL" if url else "SQLite", tried, "held" if held else "FAILED",
        round(time.monotonic() - begun),
    ]  # fmt: skip
    before, after = PROOF.read_text(encoding="utf-8").split(HEAD)
    line = "| " + " | ".join(map(str, cells)) + " |"
    PROOF.write_text(f"{before}{HEAD}{line}\n{after}", encoding="utf-8")
    return held

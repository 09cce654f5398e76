"""Orders of edits at full count, for `make prove`: the row in docs/proof.md."""

import os
import subprocess
import sys
import time

from .scratch import ROOT

PROOF = ROOT / "docs" / "proof.md"
ORDERS, STEPS = 2_000, 30
HEAD = "| date | orders of edits | steps each | outcome | seconds |\n|---|---|---|---|---|\n"


def prove() -> bool:
    """Try the orders; the newest row stands on top."""
    begun = time.monotonic()
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "tests/courses/test_translation_state.py",
        "-k",
        "TestEditing",
    ]
    held = subprocess.run(command, cwd=ROOT, env={**os.environ, "NISANE_ORDERS": str(ORDERS)}).returncode == 0
    cells = [
        time.strftime("%Y-%m-%d"),
        ORDERS,
        STEPS,
        "held" if held else "FAILED",
        round(time.monotonic() - begun),
    ]
    before, after = PROOF.read_text(encoding="utf-8").split(HEAD)
    line = "| " + " | ".join(map(str, cells)) + " |"
    PROOF.write_text(f"{before}{HEAD}{line}\n{after}", encoding="utf-8")
    return held

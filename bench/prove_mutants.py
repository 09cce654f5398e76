"""Small faults in the apps' code, for `make prove`: the run's row in docs/proof.md."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .mutants.__main__ import SEED
from .scratch import ROOT

PROOF = ROOT / "docs" / "proof.md"
TABLE = "| date | seed | faults | noticed | not noticed | seconds |\n|---|---|---|---|---|---|\n"


def prove() -> bool:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "mutants.json")
        command = [sys.executable, "-m", "bench.mutants", "--json", str(told)]
        held = subprocess.run(command, cwd=ROOT).returncode == 0
        results = json.loads(told.read_text())
    missed = [result["mutant"] for result in results if not result["noticed_by"]]
    names = "; ".join(f"{mutant['file']} {mutant['function']}: {mutant['words']}" for mutant in missed)
    cells = [
        time.strftime("%Y-%m-%d"), SEED, len(results), len(results) - len(missed),
        names.replace("|", "\\|") or "none", int(time.monotonic() - began),
    ]  # fmt: skip
    before, after = PROOF.read_text(encoding="utf-8").split(TABLE)
    line = "| " + " | ".join(map(str, cells)) + " |"
    PROOF.write_text(f"{before}{TABLE}{line}\n{after}", encoding="utf-8")
    return held

"""Small faults in the apps' code, for `make prove`: the run's row in docs/proof.md."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from .mutants.__main__ import SEED
from .scratch import ROOT

PROOF = ROOT / "docs" / "proof.md"
TABLE = (
    "| date | drawn from | seed | faults | noticed | not noticed | seconds |\n|---|---|---|---|---|---|---|\n"
)
EVERYWHERE: tuple[str, ...] = ()
ANSWERED = ("certificates/", "clearance/")  # what a certificate says is true, and answered for
SAMPLES = ((EVERYWHERE, 40), (ANSWERED, 20))


def prove() -> bool:
    held = [_sample(within, count) for within, count in SAMPLES]
    return all(held)


def _sample(within: tuple[str, ...], count: int) -> bool:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "mutants.json")
        command = [sys.executable, "-m", "bench.mutants", "--count", str(count), "--json", str(told)]
        command += ["--within", *within] if within else []
        held = subprocess.run(command, cwd=ROOT).returncode == 0
        results = json.loads(told.read_text())
    add(results, within, int(time.monotonic() - began))
    return held


def add(results: list[dict[str, Any]], within: tuple[str, ...], seconds: int) -> None:
    """The newest run stands on top."""
    missed = [result["mutant"] for result in results if not result["noticed_by"]]
    names = "; ".join(f"{mutant['file']} {mutant['function']}: {mutant['words']}" for mutant in missed)
    cells = [
        time.strftime("%Y-%m-%d"), ", ".join(within) or "all apps", SEED, len(results), len(results) - len(missed),
        names.replace("|", "\\|") or "none", seconds,
    ]  # fmt: skip
    before, after = PROOF.read_text(encoding="utf-8").split(TABLE)
    line = "| " + " | ".join(map(str, cells)) + " |"
    PROOF.write_text(f"{before}{TABLE}{line}\n{after}", encoding="utf-8")

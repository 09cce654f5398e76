"""kill -9 of web and workers while work is ordered over HTTP; the full count is `make prove`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.scratch import ROOT

BLOWS = {"web": 1, "worker": 1, "stall": 1}  # with this seed; `make prove` kills a hundred times
SEED = 12


@pytest.mark.parametrize("kind", ["six-steps", "jobs", "certificates"])
def test_kills_lose_nothing_and_double_nothing(kind: str, tmp_path: Path) -> None:
    told = tmp_path / "outcome.json"
    command = [sys.executable, "-m", "bench.kill", "--kind", kind, "--kills", "2", "--seed", str(SEED)]
    process = subprocess.run(
        [*command, "--json", str(told)], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert told.exists(), process.stdout + process.stderr
    outcome = json.loads(told.read_text())
    assert [finding for finding in outcome["findings"] if finding["expected"] != finding["found"]] == []
    assert outcome["blows"] == BLOWS
    assert outcome["ordered"] >= 10

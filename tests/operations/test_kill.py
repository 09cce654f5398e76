"""kill -9 of web and workers while work is ordered over HTTP; each kind on one of the databases. `make prove` kills a hundred
times, in each step each kind on both.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.scratch import ROOT
from tests.databases import on_postgresql, on_sqlite

BLOWS = {"web": 1, "worker": 1, "stall": 1}  # with this seed; `make prove` kills a hundred times
SEED = 12


def storm(tmp_path: Path, *arguments: str) -> dict[str, Any]:
    """Return the outcome of a storm in which nothing was lost or doubled, after ten orders at least."""
    told = tmp_path / "outcome.json"
    command = [sys.executable, "-m", "bench.kill", *arguments, "--json", str(told)]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=900)
    assert told.exists(), process.stdout + process.stderr
    outcome: dict[str, Any] = json.loads(told.read_text())
    assert [finding for finding in outcome["findings"] if finding["expected"] != finding["found"]] == []
    assert outcome["ordered"] >= 10
    return outcome


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("six-steps", marks=on_postgresql),
        pytest.param("jobs", marks=on_sqlite),
        pytest.param("certificates", marks=on_postgresql),
    ],
)
def test_kills_lose_nothing_and_double_nothing(kind: str, tmp_path: Path) -> None:
    outcome = storm(tmp_path, "--kind", kind, "--kills", "2", "--seed", str(SEED))
    assert outcome["blows"] == BLOWS


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("events", marks=on_sqlite),
        pytest.param("corrections", marks=on_postgresql),
        pytest.param("jobs", marks=on_postgresql),
        pytest.param("certificates", marks=on_sqlite),
    ],
)
def test_killed_in_a_step_whoever_comes_next_goes_on(kind: str, tmp_path: Path) -> None:
    """Five processes die, each at another point: of an event, of a confirmed correction, of a job, of the issue."""
    outcome = storm(tmp_path, "--kind", kind, "--kills", "5", "--in-turn")
    assert sum(outcome["blows"].values()) == 5
    assert sorted(outcome["died_in"].values()) == [1] * 5

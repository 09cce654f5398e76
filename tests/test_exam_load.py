"""A few people sit an exam over HTTP for some seconds; thousands for ten minutes are `make bench-exam`."""

import json
import subprocess
import sys
from pathlib import Path

from django.db import connection

from bench.scratch import ROOT


def test_nobody_in_an_exam_meets_an_error_and_every_acknowledged_answer_is_kept(tmp_path: Path) -> None:
    told = tmp_path / "outcome.json"
    command = [sys.executable, "-m", "bench.exam", "--people", "12", "--minutes", "0.1", "--seed", "1"]
    often = ["--save-every", "1", "--open-every", "2", "--json", str(told)]
    where = ["--embedded"] if connection.vendor == "sqlite" else []
    process = subprocess.run(
        [*command, *often, *where], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert told.exists(), process.stdout + process.stderr
    outcome = json.loads(told.read_text())
    assert outcome["errors"] == {}
    assert (outcome["lost"], outcome["questions"] > 12) == (0, True)
    counts = {kind: each["count"] for kind, each in outcome["kinds"].items()}
    assert counts["answer"] == 12 * 6
    assert counts["stage"] + counts["overview"] == 12 * 3

"""The exam of thousands for `make prove`: its row in docs/proof.md. On PostgreSQL with Redis, as production runs."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from . import places
from .scratch import ROOT

PROOF = ROOT / "docs" / "proof.md"
HEAD = (
    "| date (load) | people | minutes | requests (a second) | errors | acknowledged and not kept "
    "| answer saved, s: p50 / p95 / p99 | page opened, s: p50 / p95 | beside a bare insert: p50 / p95 "
    "| CPU a request, ms: web / PostgreSQL / generator |"
)
RULE = "|---|---|---|---|---|---|---|---|---|---|"


def prove() -> bool:
    if places.production() is None:
        print(places.missing())
        return "NISANE_REQUIRE_SERVICES" not in os.environ
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "exam.json")
        command = [sys.executable, "-m", "bench.exam", "--json", str(told)]
        held = subprocess.run(command, cwd=ROOT).returncode == 0
        add(row(json.loads(told.read_text())))
    return held


def row(outcome: dict[str, Any]) -> str:
    saved, page, ratio = outcome["kinds"]["answer"], outcome["kinds"]["stage"], outcome["ratio"]
    cpu = outcome["cpu_ms"]
    errors = "; ".join(f"{what} {count}" for what, count in outcome["errors"].items()) or "0"
    cells = [
        f"{outcome['date']} ({outcome['load']})", outcome["people"], f"{outcome['minutes']:g}",
        f"{outcome['requests']} ({outcome['a_second']})", errors, outcome["lost"],
        f"{saved['p50']:.3f} / {saved['p95']:.3f} / {saved['p99']:.3f}", f"{page['p50']:.3f} / {page['p95']:.3f}",
        f"{ratio['p50']:.2f}× / {ratio['p95']:.2f}×", f"{cpu['web']} / {cpu['postgresql']} / {cpu['generator']}",
    ]  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"


def add(line: str) -> None:
    """The newest run stands on top."""
    before, after = PROOF.read_text(encoding="utf-8").split(f"{HEAD}\n{RULE}\n")
    PROOF.write_text(f"{before}{HEAD}\n{RULE}\n{line}\n{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(not prove())

"""`make prove`: the heavy proofs at full counts; each run is a row of the table in docs/proof.md.

On SQLite, and on PostgreSQL where DATABASE_URL or NISANE_TEST_POSTGRESQL names one.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from . import (
    prove_edits,
    prove_exam,
    prove_mutants,
    prove_people,
    prove_roster,
    prove_sql,
)
from .scratch import ROOT

PROOF = ROOT / "docs" / "proof.md"
AT_RANDOM, IN_TURN = ("certificates", "six-steps", "jobs"), ("events", "corrections", "certificates", "jobs")
HEAD = (
    "| date | what | database | seed | kill -9 of web / worker | stalls | ordered "
    "| died in the middle of a step | late writes refused | lost, doubled or given up | seconds |"
)
RULE = "|---|---|---|---|---|---|---|---|---|---|---|"
WALKS = "| date | az | en | ru |\n|---|---|---|---|\n"


def databases() -> dict[str, str]:
    """Name → DATABASE_URL; SQLite has none."""
    url = os.environ.get("DATABASE_URL") or os.environ.get("NISANE_TEST_POSTGRESQL", "")
    return {"SQLite": ""} | ({"PostgreSQL": url} if url.startswith("postgres") else {})


def storm(kind: str, url: str, kills: int, seed: int, *more: str) -> dict[str, Any]:
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    if url:
        environ["DATABASE_URL"] = url
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder, "outcome.json")
        command = [sys.executable, "-m", "bench.kill", "--kind", kind, "--kills", str(kills), *more]
        subprocess.run([*command, "--seed", str(seed), "--json", str(told)], cwd=ROOT, env=environ)
        outcome: dict[str, Any] = json.loads(told.read_text())
    return outcome


def row(outcome: dict[str, Any], database: str) -> str:
    blows = outcome["blows"]
    bad = [
        f"{finding['what']}: {finding['found']} of {finding['expected']}"
        for finding in outcome["findings"]
        if finding["found"] != finding["expected"]
    ]
    cells = [
        time.strftime("%Y-%m-%d"), outcome["kind"], database, outcome["seed"],
        f"{blows.get('web', 0)} / {blows.get('worker', 0)}", blows.get("stall", 0), outcome["ordered"],
        sum(outcome["died_in"].values()), outcome["leases_lost"], "; ".join(bad) or "0", outcome["seconds"],
    ]  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"


def add(line: str) -> None:
    """The newest run stands on top."""
    text = PROOF.read_text(encoding="utf-8")
    before, after = text.split(f"{HEAD}\n{RULE}\n")
    PROOF.write_text("\n".join([f"{before}{HEAD}", RULE, line, after]), encoding="utf-8")


def walked(language: str) -> bool:
    """A keyboard and a telephone's width take the whole way, in a demo of its own; axe looks at each page.
    The other roles take it by HTTP.
    """
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "tests/journeys/test_the_way.py",
        "tests/test_way_http.py",
    ]
    environ = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environ |= {"NISANE_LANGUAGE": language, "CI": "true"}  # a browser that is missing is a failure
    return subprocess.run(command, cwd=ROOT, env=environ).returncode == 0


def all_is_asked_of_which_the_suite_asks_some() -> bool:
    """Return whether every cell of the table of permissions, every address and odd value, every page of a shipped
    case and every example gets what it should (`tests/share.py`).
    """
    files = [
        path for path in ROOT.glob("tests/**/test_*.py") if "share import" in path.read_text(encoding="utf-8")
    ]
    command = [sys.executable, "-m", "pytest", "-q", *map(str, sorted(files))]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "NISANE_QUESTIONS": "all"}).returncode == 0


def every_page_stands_two_engines() -> bool:
    """Return whether each page of each role stands axe and Equal Access, in three languages and at two widths."""
    command = [sys.executable, "-m", "pytest", "-q", "tests/journeys/test_every_page.py"]
    environ = {**os.environ, "NISANE_PAGES": "all", "CI": "true"}  # a browser that is missing is a failure
    return subprocess.run(command, cwd=ROOT, env=environ).returncode == 0


def no_habit_passes() -> bool:
    """In a process of its own: the settings that it wants are not those of the others."""
    return subprocess.run([sys.executable, "-m", "bench.prove_habits"], cwd=ROOT).returncode == 0


def add_walks() -> bool:
    """The newest run stands on top."""
    outcomes = {language: walked(language) for language in ("az", "en", "ru")}
    said = ["held" if held else "FAILED" for held in outcomes.values()]
    before, after = PROOF.read_text(encoding="utf-8").split(WALKS)
    line = "| " + " | ".join([time.strftime("%Y-%m-%d"), *said]) + " |"
    PROOF.write_text(f"{before}{WALKS}{line}\n{after}", encoding="utf-8")
    return all(outcomes.values())


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.prove", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=int(time.strftime("%Y%m%d")))
    chosen = parser.parse_args()
    holds = no_habit_passes()
    holds = prove_edits.prove() and holds
    holds = prove_exam.prove() and holds
    for url in databases().values():
        holds = prove_sql.prove(url) and holds
        holds = prove_roster.prove(url) and holds
        holds = prove_people.prove(url) and holds
    for kind, more in [*((kind, ()) for kind in AT_RANDOM), *((kind, ("--in-turn",)) for kind in IN_TURN)]:
        for database, url in databases().items():
            outcome = storm(kind, url, chosen.kills, chosen.seed, *more)
            add(row(outcome, database))
            holds = holds and outcome["holds"]
    holds = all_is_asked_of_which_the_suite_asks_some() and holds
    holds = every_page_stands_two_engines() and holds
    holds = add_walks() and holds
    holds = prove_mutants.prove() and holds
    print(
        f"{PROOF.relative_to(ROOT)} has its new rows. {'All held.' if holds else 'SOMETHING DID NOT HOLD.'}"
    )
    if "PostgreSQL" not in databases():
        print("PostgreSQL was not tried: set DATABASE_URL to a database on it.")
    sys.exit(not holds)


if __name__ == "__main__":
    main()

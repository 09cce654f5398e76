"""A fixed sample of small faults in the apps' code, each judged by the tests of its own app.

    python -m bench.mutants [--seed 7] [--count 40] [--jobs 2] [--only 3 17] [--within certificates clearance/evidence]

Ends with 1 where more than one in ten goes unnoticed, and where a test fails without a fault.
"""

import argparse
import ast
import hashlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.template import ROOT

from .faults import faults_of

SEED, COUNT = 7, 40
PATIENCE = 3600  # seconds; a fault that makes a test run for ever is noticed
TRIES = 5  # of a run that is ended from outside
# The demo and the settings run in processes of their own, the catalogues' tool is none of the product.
ELSEWHERE = ("elearning/demo/", "elearning/settings/", "locales/messages", "migrations/")


@dataclass(frozen=True)
class Mutant:
    file: str
    number: int
    line: int
    function: str
    words: str

    @property
    def app(self) -> str:
        return self.file.split("/")[0]


@dataclass(frozen=True)
class Judged:
    mutant: Mutant
    noticed_by: str  # the first test that failed, empty where none did
    seconds: int


def all_mutants() -> Iterator[Mutant]:
    """Yield every fault of every module of the apps that have tests of their own."""
    apps = sorted(
        path.parent for path in ROOT.glob("*/apps.py") if (ROOT / "tests" / path.parent.name).is_dir()
    )
    for path in sorted(path for app in apps for path in app.rglob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        if not any(part in file for part in ELSEWHERE):
            for number, fault in enumerate(faults_of(ast.parse(path.read_text(encoding="utf-8")))):
                yield Mutant(file, number, fault.line, fault.function, fault.words)


def sample(seed: int, count: int, within: Sequence[str] = ()) -> list[Mutant]:
    """Draw by a hash of what each fault says: a change elsewhere in the code leaves the others drawn. `within`: files that
    begin so, apps or modules; all where none is named.
    """
    drawn: dict[str, Mutant] = {}
    said: Counter[str] = Counter()
    for mutant in all_mutants():
        if within and not mutant.file.startswith(tuple(within)):
            continue
        words = f"{seed} {mutant.file} {mutant.function} {mutant.words}"
        said[words] += 1
        drawn[hashlib.sha256(f"{words} {said[words]}".encode()).hexdigest()] = mutant
    return [drawn[place] for place in sorted(drawn)[:count]]


def files_for(mutant: Mutant) -> list[str]:
    """Return the test files of the mutant's app, those first that most likely notice."""
    module = Path(mutant.file).stem
    dotted = mutant.file.removesuffix(".py").replace("/", ".")
    texts = {
        path: path.read_text(encoding="utf-8") for path in (ROOT / "tests" / mutant.app).rglob("test_*.py")
    }

    def likely(path: Path) -> int:
        text = texts[path]
        return (
            4 * (mutant.function in text)
            + 4 * (module in path.stem)
            + 2 * (dotted in text)
            + (module in text)
        )

    return [str(path.relative_to(ROOT)) for path in sorted(texts, key=lambda path: (-likely(path), path))]


def judged(mutant: Mutant) -> Judged:
    """Run the tests of the mutant's app until the first that fails; again where somebody else has ended the run."""
    began = time.monotonic()
    environ = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-p", "bench.mutants.loading"]
    for _try in range(TRIES):
        try:
            done = subprocess.run(
                [*command, *files_for(mutant)], cwd=ROOT, text=True, capture_output=True, timeout=PATIENCE,
                env=environ | {"MUTANT": f"{mutant.file}:{mutant.number}"},
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return Judged(mutant, "a test that did not end", PATIENCE)
        if done.returncode >= 0:
            noticed_by = verdict(done.returncode, done.stdout)
            if noticed_by and fails_anyway(noticed_by, files_for(mutant), environ):
                raise RuntimeError(f"{noticed_by}: it fails without a fault too")
            return Judged(mutant, noticed_by, int(time.monotonic() - began))
    raise RuntimeError(f"{mutant.file}:{mutant.line}: the run was ended from outside {TRIES} times")


def verdict(code: int, output: str) -> str:
    """Return the first test that failed, or nothing."""
    failed = [line for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return failed[0] if failed else "the product did not start" if code else ""


def fails_anyway(noticed_by: str, files: Sequence[str], environ: Mapping[str, str]) -> bool:
    """Return whether what noticed a fault fails where there is none: then nothing was noticed."""
    failed, test = (
        noticed_by.startswith(("FAILED", "ERROR")),
        noticed_by.partition(" ")[2].partition(" - ")[0],
    )
    asked = [test] if failed else ["--collect-only", *files]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *asked], cwd=ROOT, env=environ, capture_output=True
    )
    return done.returncode != 0


def told(result: Judged) -> str:
    mutant = result.mutant
    where = f"{mutant.file}:{mutant.line} {mutant.function}"
    return (
        f"{'noticed' if result.noticed_by else 'UNNOTICED'}  {where}: {mutant.words}\n    {result.noticed_by}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.mutants", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--only", type=int, nargs="*", help="places in the sample")
    parser.add_argument("--within", nargs="*", default=(), help="apps or modules from which faults are drawn")
    parser.add_argument("--json", type=Path, help="write the outcome here, too")
    chosen = parser.parse_args()
    mutants = sample(chosen.seed, chosen.count, chosen.within)
    if chosen.only:
        mutants = [mutants[place] for place in chosen.only]
    results = []
    with ThreadPoolExecutor(chosen.jobs) as pool:
        for result in pool.map(judged, mutants):
            results.append(result)
            print(told(result), flush=True)
    unnoticed = [result for result in results if not result.noticed_by]
    print(f"{len(results) - len(unnoticed)} of {len(results)} noticed, seed {chosen.seed}")
    if chosen.json:
        chosen.json.write_text(
            json.dumps([asdict(result) for result in results], ensure_ascii=False, indent=1)
        )
    sys.exit(len(unnoticed) * 10 > len(results))


if __name__ == "__main__":
    main()

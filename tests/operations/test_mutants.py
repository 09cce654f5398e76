"""Faults that `python -m bench.mutants` puts into a module, and the module with one of them."""

import ast
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from bench.mutants.__main__ import fails_anyway, files_for, sample, verdict
from bench.mutants.faults import faults_of, mutated
from bench.template import ROOT

SOURCE = """
LIMIT = 3
class Way:
    limit: int = 3
    def open(self, start, *, by):
        if start < self.limit and not by:
            record(by=by)
        return rows(user=by, flat=True)
"""


def test_faults_are_those_of_functions_alone() -> None:
    said = Counter(fault.words for fault in faults_of(ast.parse(SOURCE)))
    assert said == Counter(
        [
            "condition turned round: start < self.limit and (not by)",
            "And → Or: start < self.limit and (not by)",
            "Lt → LtE: start < self.limit",
            "left out: record(by=by)",
            "without by: record(by=by)",
            "None returned for rows(user=by, flat=True)",
            "without user: rows(user=by, flat=True)",
            "without flat: rows(user=by, flat=True)",
            "True → False",
        ]
    )


@pytest.mark.parametrize("number", range(9))
def test_module_with_a_fault_differs_in_that_alone(number: int) -> None:
    whole = ast.unparse(ast.parse(SOURCE)).splitlines()
    changed = ast.unparse(mutated(SOURCE, number)).splitlines()
    assert len(whole) == len(changed)
    assert sum(one != other for one, other in zip(whole, changed, strict=True)) == 1


def test_sample_is_the_same_each_time_and_its_tests_are_of_its_app() -> None:
    drawn = sample(7, 5)
    assert drawn == sample(7, 5) != sample(8, 5)
    for mutant in drawn:
        assert {path.split("/")[1] for path in files_for(mutant)} == {mutant.app}


def test_sample_is_drawn_from_the_modules_that_are_named() -> None:
    drawn = sample(7, 20, ["certificates/", "clearance/evidence"])
    assert len(drawn) == 20 and drawn == sample(7, 20, ["certificates/", "clearance/evidence"])
    assert {mutant.app for mutant in sample(7, 200, ["certificates/", "clearance/"])} == {
        "certificates",
        "clearance",
    }
    assert all(mutant.file.startswith(("certificates/", "clearance/evidence")) for mutant in drawn)


def test_module_is_imported_with_its_fault_and_stays_as_it_is_on_disk() -> None:
    file = ROOT / "locales" / "text.py"
    before = file.read_bytes()
    numbered = list(enumerate(faults_of(ast.parse(before))))
    number = next(number for number, fault in numbered if fault.function == "fold" and "None" in fault.words)
    say = "import bench.mutants.loading, locales.text; print(locales.text.fold('Ə'))"
    environ = os.environ | {"MUTANT": f"locales/text.py:{number}"}
    done = subprocess.run([sys.executable, "-c", say], cwd=ROOT, env=environ, text=True, capture_output=True)
    assert (done.stdout, file.read_bytes()) == ("None\n", before)


@pytest.mark.parametrize(
    ("code", "output", "noticed"),
    [
        (0, "3 passed", ""),
        (1, ".F\nFAILED tests/a.py::test_b\nFAILED tests/a.py::test_c", "FAILED tests/a.py::test_b"),
        (4, "ImportError while loading conftest", "the product did not start"),
    ],
)
def test_verdict_is_the_first_test_that_failed(code: int, output: str, noticed: str) -> None:
    assert verdict(code, output) == noticed


def test_test_that_fails_without_a_fault_too_has_noticed_nothing(tmp_path: Path) -> None:
    """Where a service is away every test fails: that is no proof that tests notice anything."""
    tests = tmp_path / "test_two.py"
    tests.write_text("def test_holds(): pass\ndef test_broken(): assert 1 - 2 == 1\n", encoding="utf-8")
    environ = {name: text for name, text in os.environ.items() if name != "MUTANT"}
    said = [f"FAILED {tests}::test_{name} - assert -1 == 1" for name in ("holds", "broken")]
    assert [fails_anyway(each, [], environ) for each in said] == [False, True]
    assert not fails_anyway("the product did not start", [str(tests)], environ)

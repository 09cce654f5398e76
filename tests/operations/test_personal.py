from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from operations import personal
from operations.models import Errand, Proposal


def test_fields_are_told_apart_as_the_model_marks_them() -> None:
    marked, other = personal.columns(Proposal)
    assert marked == ["proposed_by", "decided_by"]
    assert set(marked) & set(other) == set() and "payload" in other


def test_model_that_marks_nothing_personal_says_so() -> None:
    assert personal.columns(Errand)[0] == []


def test_model_that_does_not_say_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Errand, "personal_data")
    with pytest.raises(personal.Unmarked, match="operations.Errand"):
        personal.document()


def test_register_has_a_row_for_each_model_of_ours() -> None:
    rows = [line for line in personal.document().splitlines() if line.startswith("| operations.")]
    assert f"| operations.Proposal | {', '.join(personal.columns(Proposal)[0])} |" in "\n".join(rows)
    assert len(rows) == 11


def test_command_writes_the_register(tmp_path: Path, settings: Any) -> None:
    settings.BASE_DIR = tmp_path
    Path(tmp_path, "docs").mkdir()
    call_command("personal_data", stdout=StringIO())
    written = Path(tmp_path, "docs", "personal-data.md").read_text(encoding="utf-8")
    assert written == personal.document()

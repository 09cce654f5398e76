"""A small whole curriculum that each test may change in a folder of its own."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parent / "sample"

type Change = Callable[..., None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample's files."""
    return Path(shutil.copytree(SAMPLE, tmp_path / "curriculum"))


@pytest.fixture
def change(folder: Path) -> Change:
    """change("standards/figures.yaml", "152", "153"): replaces text that stands in the file once."""

    def replace(name: str, old: str, new: str) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{text.count(old)} × {old!r} in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace

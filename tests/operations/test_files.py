import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages

from operations import files


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path, "base_url": None},
        },
    }
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_content_is_kept_under_its_hash_and_read_back(folder: Path) -> None:
    sha256 = files.store(b"content", ".pdf")
    assert sha256 == hashlib.sha256(b"content").hexdigest()
    assert names(folder) == [f"{sha256}.pdf"]
    assert files.read(sha256, ".pdf") == b"content"


def test_storing_twice_is_storing_once(folder: Path) -> None:
    assert files.store(b"content", ".pdf") == files.store(b"content", ".pdf")
    assert len(names(folder)) == 1


def test_damaged_file_is_not_read_and_storing_again_repairs_it(folder: Path) -> None:
    sha256 = files.store(b"content", ".pdf")
    path = folder / sha256[:2] / f"{sha256}.pdf"
    path.write_bytes(b"conten!")
    with pytest.raises(files.Damaged, match="is not what was stored"):
        files.read(sha256, ".pdf")
    files.store(b"content", ".pdf")
    assert files.read(sha256, ".pdf") == b"content"


def test_missing_file_is_said_to_be_missing(folder: Path) -> None:
    with pytest.raises(files.Damaged, match="is missing"):
        files.read("0" * 64, ".pdf")


def test_deleted_file_is_gone_and_deleting_again_is_no_error(folder: Path) -> None:
    sha256 = files.store(b"content", ".pdf")
    files.delete(sha256, ".pdf")
    files.delete(sha256, ".pdf")
    assert names(folder) == []


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_interrupted_write_leaves_nothing_under_the_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    def full(*args: Any) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(*{"fsync": (files.os, "fsync"), "replace": (Path, "replace")}[moment], full)
    with pytest.raises(OSError):
        files.store(b"content", ".pdf")
    assert names(folder) == []


def test_any_other_storage_is_used_as_it_is(settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    sha256 = files.store(b"content", ".pdf")
    assert files.store(b"content", ".pdf") == sha256
    assert files.read(sha256, ".pdf") == b"content"
    assert storages["documents"].listdir(sha256[:2]) == ([], [f"{sha256}.pdf"])

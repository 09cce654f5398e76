"""Files whose process died before the row: deleted a day later, and never one that a row names."""

import logging
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import InMemoryStorage, storages

from operations import audit, clock, files, scheduled, stray_files
from operations.models import AuditEntry
from operations.stray_files import StoredKind

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "documents", "base_url": None},
        },
    }
    return tmp_path / "documents"


@pytest.fixture
def named() -> Iterator[set[str]]:
    """Files that rows name: by their hash, and in a folder of their own."""
    before, rows = dict(stray_files.kinds), set[str]()
    stray_files.kinds.clear()
    for kind in (
        StoredKind(suffix=".txt", named=rows.intersection),
        StoredKind(suffix=".part", named=rows.intersection, folder="parts"),
    ):
        stray_files.register_stored(kind)
    yield rows
    stray_files.kinds.clear()
    stray_files.kinds.update(before)


def aged(path: Path, age: timedelta) -> Path:
    at = (clock.real_now() - age).timestamp()
    os.utime(path, (at, at))
    return path


def put(path: Path, age: timedelta) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"content")
    return aged(path, age)


def stored(folder: Path, content: bytes, age: timedelta, suffix: str = ".txt") -> Path:
    sha256 = files.store(content, suffix)
    return aged(folder / sha256[:2] / f"{sha256}{suffix}", age)


def sweep() -> list[dict[str, int]]:
    """Return what the trail says of it."""
    before = AuditEntry.objects.count()
    scheduled.sweep_files(clock.now())
    return list(AuditEntry.objects.order_by("pk").values_list("after", flat=True)[before:])


def test_what_no_row_names_goes_a_day_later_and_the_trail_counts_it(folder: Path, named: set[str]) -> None:
    named.update(stored(folder, b"kept %d" % number, DAY * 9).stem for number in range(2))
    strays = [
        stored(folder, b"one", DAY * 1.01),
        stored(folder, b"two", DAY * 400),
        put(folder / "parts" / "three.part", DAY * 1.01),
        put(folder / "ab" / ".0123456789abcdef.tmp", DAY * 1.01),
    ]
    assert sweep() == [{".part": 1, ".tmp": 1, ".txt": 2}]
    assert [path for path in strays if path.exists()] == []
    assert sweep() == []


def test_before_a_day_has_passed_it_may_still_get_its_row(folder: Path, named: set[str]) -> None:
    young = [
        stored(folder, b"one", DAY * 0.99),
        put(folder / "parts" / "three.part", DAY * 0.99),
        put(folder / "ab" / ".0123456789abcdef.tmp", DAY * 0.99),
    ]
    assert sweep() == []
    assert all(path.exists() for path in young)


def test_what_a_row_names_stays_however_old(folder: Path, named: set[str]) -> None:
    kept = [stored(folder, b"one", DAY * 4000), put(folder / "parts" / "three.part", DAY * 4000)]
    named.update(path.stem for path in kept)
    assert sweep() == []
    assert all(path.exists() for path in kept)


def test_what_nobody_registered_is_nobodys_to_delete(folder: Path, named: set[str]) -> None:
    sha256 = "ab" * 32
    others = [
        stored(folder, b"a picture", DAY * 9, suffix=".webp"),
        put(folder / "ab" / "notes.txt", DAY * 9),  # not named by a hash
        put(folder / "cd" / f"{sha256}.txt", DAY * 9),  # in another folder than its own
        put(folder / "elsewhere" / "three.part", DAY * 9),
        put(folder / "at-the-top.txt", DAY * 9),
        put(folder / "ab" / ".mine.tmp", DAY * 9),
    ]
    assert sweep() == []
    assert all(path.exists() for path in others)


def test_stored_again_it_is_young_again(folder: Path, named: set[str]) -> None:
    path = stored(folder, b"one", DAY * 9)
    files.store(b"one", ".txt")
    assert sweep() == []
    assert path.exists()


def test_stored_again_while_the_sweep_runs_it_stays(
    folder: Path, named: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its row comes after the sweep has asked for it."""
    path, other = stored(folder, b"one", DAY * 9), stored(folder, b"two", DAY * 9)
    named.add(stored(folder, b"kept", DAY * 9).stem)
    record = audit.record

    def meanwhile(**more: Any) -> None:
        files.store(b"one", ".txt")
        record(**more)

    monkeypatch.setattr(audit, "record", meanwhile)
    sweep()
    assert (path.exists(), other.exists()) == (True, False)


@pytest.mark.parametrize("known, most", [(0, 1), (1, 2), (19, 20), (30, 20)])
def test_so_many_that_no_process_left_them_all_stay(
    folder: Path, named: set[str], caplog: pytest.LogCaptureFixture, known: int, most: int
) -> None:
    """The database of another day beside the files of this one: they are wanted when the right one is back."""
    named.update(stored(folder, b"kept %d" % number, DAY * 9).stem for number in range(known))
    paths = [stored(folder, b"%d" % number, DAY * 9) for number in range(most + 1)]
    torn = put(folder / "ab" / ".0123456789abcdef.tmp", DAY * 9)  # is of no use to anybody
    with caplog.at_level(logging.ERROR):
        assert sweep() == [{".tmp": 1}]
    assert "too many stray files" in caplog.text
    assert all(path.exists() for path in paths)
    assert not torn.exists()
    paths.pop().unlink()
    assert sweep() == [{".txt": most}]


@pytest.mark.parametrize("named, most", [(0, 1), (5, 6), (20, 20), (2000, 20), (2100, 21), (500_000, 5000)])
def test_many_files_allow_for_a_hundredth_of_them(named: int, most: int) -> None:
    assert stray_files.most(named) == most


def test_files_of_jobs_in_a_storage_of_their_own_are_swept_and_counted_too(
    folder: Path, named: set[str], settings: Any, tmp_path: Path
) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "results": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "results"},
        },
    }
    results = StoredKind(suffix="", storage="results", folder="", named=named.intersection)
    stray_files.register_stored(results)
    named.add("of-a-job")
    kept, stray = (
        put(tmp_path / "results" / "of-a-job", DAY * 9),
        put(tmp_path / "results" / "stray", DAY * 9),
    )
    other = put(tmp_path / "results" / "elsewhere" / "stray", DAY * 9)
    assert sweep() == [{"results": 1}]
    assert (kept.exists(), stray.exists(), other.exists()) == (True, False, True)
    named.clear()
    put(tmp_path / "results" / "another", DAY * 9)
    assert sweep() == []  # of two kinds, and none is named


def test_without_a_folder_there_is_nothing_to_do(folder: Path, named: set[str]) -> None:
    assert (folder.exists(), sweep()) == (False, [])


def test_any_other_storage_is_swept_too_and_what_is_stored_again_is_young(
    settings: Any, named: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    one, two = files.store(b"one", ".txt"), files.store(b"two", ".txt")
    now = clock.real_now()
    monkeypatch.setattr(clock, "real_now", lambda: now + 2 * DAY)
    named.add(two)
    assert sweep() == [{".txt": 1}]
    assert (files.exists(one, ".txt"), files.exists(two, ".txt")) == (False, True)
    named.clear()
    path, storage = files.name_of(two, ".txt"), storages["documents"]
    written = storage.get_modified_time(path)
    files.store(b"two", ".txt")
    assert storage.get_modified_time(path) > written


def test_stored_again_in_any_other_storage_it_is_never_gone(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row may name it: the process may die at any line."""
    settings.STORAGES = {
        **settings.STORAGES,
        "documents": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    one = files.store(b"one", ".txt")
    now = clock.real_now()
    monkeypatch.setattr(clock, "real_now", lambda: now + 2 * DAY)
    monkeypatch.setattr(InMemoryStorage, "delete", lambda *_args: pytest.fail("it was deleted"))
    files.store(b"one", ".txt")
    assert files.read(one, ".txt") == b"one"


def test_two_kinds_of_one_suffix_are_refused(named: set[str]) -> None:
    with pytest.raises(ValueError, match=r"\.txt is registered twice"):
        stray_files.register_stored(StoredKind(suffix=".txt", named=named.intersection))

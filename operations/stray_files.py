"""Files whose process died before the row that names them: deleted once they are a day old.

Each app says which of its files rows name; what nobody registered is never touched, nor is a file that a row names.
"""

import logging
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched
from pathlib import Path

from django.core.files.storage import FileSystemStorage, storages

from . import audit, clock, files

log = logging.getLogger(__name__)
GRACE = timedelta(days=1)  # real time: between a file and its row lie seconds
FEW, SHARE = 20, 100  # see `most`
AT_ONCE = 500  # names that are looked for in one query
TORN = re.compile(r"\.[0-9a-f]{16}\.tmp")  # what `files.store` was writing when it died


@dataclass(frozen=True, kw_only=True)
class StoredKind:
    """Files whose name is what stands before `suffix` in rows: `named(stems)` returns those of them that a row has.

    `folder`: of the storage, empty for files beside all folders; None: files by their hash, as `files.store` keeps
    them in "documents". `name`: what the trail calls them.
    """

    suffix: str
    named: Callable[[Collection[str]], Collection[str]]
    storage: str = "documents"
    folder: str | None = None

    @property
    def name(self) -> str:
        return self.suffix or self.storage

    def stem_of(self, folder: str, name: str) -> str | None:
        """Return what a row would have; None for a file of another kind."""
        if not name.endswith(self.suffix):
            return None
        stem = name.removesuffix(self.suffix)
        own = (
            folder == self.folder
            if self.folder is not None
            else f"{folder}/{name}" == files.name_of(stem, self.suffix)
        )
        return stem if own else None


kinds: dict[str, StoredKind] = {}


def register_stored(kind: StoredKind) -> None:
    if kind.name in kinds:
        raise ValueError(f"{kind.name} is registered twice.")
    kinds[kind.name] = kind


@dataclass(frozen=True)
class _Stray:
    storage: str
    path: str
    name: str  # of its kind

    def is_old(self, before: datetime) -> bool:
        try:
            return storages[self.storage].get_modified_time(self.path) < before
        except FileNotFoundError:
            return False


def most(named: int) -> int:
    """Return how many files may be left by processes that died, beside so many that rows name.

    More are no crash but another database, or another folder: they are wanted when the right one is back.
    """
    return max(min(FEW, named + 1), named // SHARE)


def sweep() -> int:
    """Delete what nothing names and is older than a day; return how many files. The trail keeps how many of each kind.

    Nothing is deleted, and the log says so, where they are too many for processes that died. What was torn while it
    was written is of no use beside any database.
    """
    before = clock.real_now() - GRACE
    found, torn, named = list[_Stray](), list[_Stray](), 0
    for storage in sorted({kind.storage for kind in kinds.values()}):
        for folder, names in _folders(storage):
            torn += [_Stray(storage, _path(folder, name), ".tmp") for name in names if TORN.fullmatch(name)]
            for kind in kinds.values():
                if kind.storage == storage:
                    strays, known = _strays(kind, folder, names, before)
                    found += strays
                    named += known
    if len(found) > most(named):
        log.error("too many stray files: none is deleted", extra={"files": len(found), "named": named})
        found = []
    return _delete([*found, *(each for each in torn if each.is_old(before))], before)


def _delete(strays: Collection[_Stray], before: datetime) -> int:
    if strays:
        counts = dict(sorted(Counter(each.name for each in strays).items()))
        audit.record(
            by=None, act="operations.sweep_files", subject_kind="installation", subject_id="files", after=counts
        )  # fmt: skip
    for each in strays:
        if each.is_old(before):  # still: it may have been stored again since
            storages[each.storage].delete(each.path)
    return len(strays)


def _strays(
    kind: StoredKind, folder: str, names: Iterable[str], before: datetime
) -> tuple[list[_Stray], int]:
    """Return what no row names, and how many files one names. Rows are asked first, the age after: what is stored
    meanwhile is young.
    """
    stems = {stem: name for name in names if (stem := kind.stem_of(folder, name)) is not None}
    found, named = list[_Stray](), 0
    for some in batched(stems, AT_ONCE):
        known = set(kind.named(some))
        named += len(known)
        unnamed = (
            _Stray(kind.storage, _path(folder, stems[stem]), kind.name) for stem in sorted(set(some) - known)
        )
        found += [each for each in unnamed if each.is_old(before)]
    return found, named


def _folders(name: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each folder of a storage with the names of its files, first those beside all folders."""
    storage = storages[name]
    if not isinstance(storage, FileSystemStorage) or Path(storage.location).is_dir():
        folders, names = storage.listdir("")
        yield "", names
        for folder in sorted(folders):
            yield folder, storage.listdir(folder)[1]


def _path(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name

"""From files to the database: each object by its code, only what changed, never over an edit made since.

One transaction: a broken file, or an action that refuses, changes nothing at all.
"""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from operations import canonical, clock

from . import (
    load_assessments,
    load_certificates,
    load_clearance,
    load_courses,
    load_people,
    load_standards,
)
from .checks import refuse_broken
from .files import Broken
from .items import LoadedItem, LoadOutcome, Report
from .models import Loaded
from .reading import DATA, Curriculum, read_curriculum


def load(folder: Path = DATA, *, overwrite: Collection[str] = (), overwrite_all: bool = False) -> Report:
    """Load a folder of files. `overwrite`: codes whose edits in /cms/ the file may replace.

    Raises Broken, and changes nothing, where a file cannot be read or used.
    """
    curriculum = read_curriculum(folder)
    refuse_broken(curriculum)
    with transaction.atomic():
        loader = _Loader(overwrite=None if overwrite_all else set(overwrite))
        for items in _steps(curriculum, loader):
            for item in items:
                loader.load(item)
        loader.finish()
    return loader.report


def _steps(curriculum: Curriculum, loader: "_Loader") -> Iterator[Iterator[LoadedItem]]:
    """Left to right through the apps: what others refer to comes first."""
    yield load_people.items(curriculum)
    yield load_standards.items(curriculum)
    yield load_assessments.items(curriculum)
    for course in curriculum.courses:
        yield load_courses.items(curriculum, course)
        load_courses.finish(curriculum, course, loader.report)  # the caller has loaded the items by now
    yield load_certificates.items(curriculum)
    yield load_clearance.items(curriculum, loader.report)


class _Loader:
    """Decides for each object. `overwrite`: codes, or None for all."""

    def __init__(self, *, overwrite: set[str] | None) -> None:
        self.overwrite = overwrite
        self.report = Report()
        self.loaded = {(row.kind, row.code): row for row in Loaded.objects.all()}

    def load(self, item: LoadedItem) -> None:
        named = (item.kind, item.code)
        wanted, present = canonical.plain(item.wanted), canonical.plain(item.present())
        outcome = self._decide(item, wanted, present)
        self.report.outcomes[named] = outcome
        if outcome in (LoadOutcome.NEW, LoadOutcome.CHANGED):
            try:
                item.save()
            except ValidationError as error:
                raise Broken.about(item.kind, item.code, _in_words(error)) from error
            self._remember(item, wanted, canonical.plain(item.present()))
        elif named not in self.loaded and outcome is LoadOutcome.UNCHANGED:
            self._remember(item, wanted, present)

    def _decide(self, item: LoadedItem, wanted: Any, present: Any) -> LoadOutcome:
        if present is None:
            return LoadOutcome.NEW
        before = self.loaded.get((item.kind, item.code))
        if before is None and wanted == present:
            return LoadOutcome.UNCHANGED  # made by other hands, and just as the file says
        same_file = before is not None and before.file_hash == canonical.sha256(wanted)
        edited = before is None or before.object_hash != canonical.sha256(present)
        if edited and self._may_overwrite(item.code):
            return LoadOutcome.CHANGED
        if edited:
            return LoadOutcome.EDITED if same_file else LoadOutcome.REFUSED
        return LoadOutcome.UNCHANGED if same_file else LoadOutcome.CHANGED

    def _may_overwrite(self, code: str) -> bool:
        return self.overwrite is None or code in self.overwrite

    def _remember(self, item: LoadedItem, wanted: Any, present: Any) -> None:
        Loaded.objects.update_or_create(
            kind=item.kind,
            code=item.code,
            defaults={
                "file_hash": canonical.sha256(wanted),
                "object_hash": canonical.sha256(present),
                "loaded_at": clock.now(),
            },
        )

    def finish(self) -> None:
        """Report what an earlier load made and no file names any more; it stays as it is."""
        codes = {code for _kind, code in self.report.outcomes}
        for code in sorted((self.overwrite or set()) - codes):
            self.report.notes.append(f"no file describes “{code}”: nothing was overwritten")
        for kind, code in self.loaded:
            if (kind, code) not in self.report.outcomes:
                self.report.notes.append(f"no longer in the files, left as it is: {kind} {code}")


def _in_words(error: ValidationError) -> str:
    if not hasattr(error, "error_dict"):
        return "; ".join(error.messages)
    return "; ".join(f"{name}: {' '.join(messages)}" for name, messages in error.message_dict.items())

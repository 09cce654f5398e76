from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from operations import clock as product_clock
from operations import outbox
from people.models import Agency, Posting, Role, Unit, User
from tests import factories


class Clock:
    """The clock of business facts, moved by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def tick(self, **step: float) -> datetime:
        self.now += timedelta(**(step or {"days": 1}))
        return self.now


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Words are compared in the language of the source."""
    with translation.override("en"):
        yield


@pytest.fixture
def own_files(tmp_path: Path, settings: Any) -> None:
    """Documents and results lie in folders of this test alone: others leave some that no row names."""
    disk = "django.core.files.storage.FileSystemStorage"
    own = {
        name: {"BACKEND": disk, "OPTIONS": {"location": tmp_path / name, "base_url": None}}
        for name in ("documents", "results")
    }
    settings.STORAGES = {**settings.STORAGES, **own}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """It is 10 January 2026, noon in Baku, until moved."""
    clock = Clock(datetime(2026, 1, 10, 8, tzinfo=UTC))
    monkeypatch.setattr(product_clock, "now", lambda: clock.now)
    return clock


@pytest.fixture
def real_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Real time, for leases and the timetable, moved by hand."""
    clock = Clock(datetime(2026, 1, 10, 8, tzinfo=UTC))
    monkeypatch.setattr(product_clock, "real_now", lambda: clock.now)
    return clock


@pytest.fixture
def kinds() -> Iterator[dict[str, outbox.Kind]]:
    """Kinds that a test registers are forgotten after it."""
    before = dict(outbox.kinds)
    yield outbox.kinds
    outbox.kinds.clear()
    outbox.kinds.update(before)


@pytest.fixture
def units(agency: Agency) -> list[Unit]:
    return [factories.make_unit(agency, code) for code in ("baku", "ganja", "quba")]


@pytest.fixture
def clerk(db: Any) -> User:
    """Return somebody who records."""
    return factories.make_person("Əliyev", "Rəşad")


@pytest.fixture
def inspector(db: Any) -> User:
    """The person whose history it is: not posted yet."""
    return factories.make_person("Məmmədova", "Aytən")


@pytest.fixture
def new_posting(inspector: User, units: list[Unit], role: Role) -> Any:
    """An unsaved posting of the inspector in the first unit since 2025, but for the changes."""

    def make(**changes: Any) -> Posting:
        said = {
            "user": inspector,
            "agency": units[0].agency,
            "unit": units[0],
            "role": role,
            "service_number": "AZ-17",
            "valid_from": datetime(2024, 12, 31, 20, tzinfo=UTC),
        }
        return Posting(**{**said, **changes})

    return make

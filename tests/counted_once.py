"""What waits for a person, counted once in a test: for tests that ask thousands of pages and take back what each changed.

Every page for somebody signed in says in its menu what waits for them, and counting it takes most of the time of a refusal.
"""

from collections.abc import Iterator
from functools import cache

import pytest
from django.utils.translation import get_language

from people import waits
from people.models import User


@pytest.fixture
def counted_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """For people each of whom has one browser: what waits depends on what it has shown, too."""
    count = waits.waits_for

    @cache
    def counted(user: User, language: str | None) -> list[waits.Waits]:
        return count(user)

    monkeypatch.setattr(waits, "waits_for", lambda user: counted(user, get_language()))
    yield

"""What waits, counted once a test."""

from typing import Any

import pytest
from django.utils.translation import override

from people import waits
from people.models import User


@pytest.mark.usefixtures("counted_once")
def test_what_waits_is_counted_once_for_each_person_in_each_language(
    officer: User, officer2: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(waits, "providers", [lambda user: asked.append(user.pk)])
    for language in ("az", "ru", "az"):
        with override(language):
            assert [waits.waits_for(person) for person in (officer, officer2)] == [[], []]
    assert asked == [officer.pk, officer2.pk] * 2

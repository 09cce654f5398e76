from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.utils.translation import gettext_lazy

from operations import canonical


def test_keys_are_sorted_and_text_is_utf8_without_spaces() -> None:
    assert (
        canonical.dumps({"b": [1, None, True], "a": "Nişanə"}) == '{"a":"Nişanə","b":[1,null,true]}'.encode()
    )


def test_hash_does_not_depend_on_the_order_of_keys() -> None:
    assert canonical.sha256({"a": 1, "b": 2}) == canonical.sha256({"b": 2, "a": 1})
    assert canonical.sha256({"a": 1}) == "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"


@pytest.mark.parametrize("value", [2**53, float("nan"), {1: 2}])
def test_what_json_cannot_say_exactly_is_refused(value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        canonical.dumps(value)


def test_plain_says_instants_days_and_lazy_text_as_text() -> None:
    baku = datetime(2026, 3, 1, 4, tzinfo=timezone(timedelta(hours=4)))
    value = {"at": baku, "day": date(2026, 3, 1), "word": gettext_lazy("x"), "set": {"b", "a"}, 1: (baku,)}
    assert canonical.plain(value) == {
        "at": "2026-03-01T00:00:00Z",
        "day": "2026-03-01",
        "word": "x",
        "set": ["a", "b"],
        "1": ["2026-03-01T00:00:00Z"],
    }


def test_plain_keeps_microseconds() -> None:
    assert canonical.plain(datetime(2026, 3, 1, 0, 0, 0, 5, tzinfo=UTC)) == "2026-03-01T00:00:00.000005Z"

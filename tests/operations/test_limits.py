from typing import Any

from django.core.cache import cache

from operations.limits import limited


def test_more_than_the_limit_in_one_window_is_limited(real_clock: Any) -> None:
    assert [limited("a", 3, 60) for _ in range(5)] == [False, False, False, True, True]


def test_each_key_is_counted_by_itself(real_clock: Any) -> None:
    assert [limited(key, 1, 60) for key in ("a", "b", "a")] == [False, False, True]


def test_next_window_starts_anew(real_clock: Any) -> None:
    assert [limited("a", 1, 60), limited("a", 1, 60)] == [False, True]
    real_clock.tick(seconds=60)
    assert limited("a", 1, 60) is False


def test_key_is_not_kept_in_readable_form(monkeypatch: Any) -> None:
    names: list[str] = []
    monkeypatch.setattr(cache, "add", lambda name, *args, **kwargs: names.append(name))
    monkeypatch.setattr(cache, "incr", lambda name: names.append(name) or 1)
    limited("198.51.100.7", 1, 60)
    assert [name for name in names if "198" in name] == [] and len(names) == 2

import time
from typing import Any

import pytest
from django.core.cache import caches
from redis.connection import Connection

from operations.caches import RedisCache
from operations.limits import limited


def test_more_than_the_limit_in_one_window_is_limited(real_clock: Any) -> None:
    assert [limited("a", 3, 60) for _ in range(5)] == [False, False, False, True, True]


def test_each_key_is_counted_by_itself(real_clock: Any) -> None:
    assert [limited(key, 1, 60) for key in ("a", "b", "a")] == [False, False, True]


def test_next_window_starts_anew(real_clock: Any) -> None:
    assert [limited("a", 1, 60), limited("a", 1, 60)] == [False, True]
    real_clock.tick(seconds=60)
    assert limited("a", 1, 60) is False


def test_what_was_counted_outlives_many_others(real_clock: Any) -> None:
    limited("a", 1, 60)
    for number in range(2_000):
        limited(f"other {number}", 1, 60)
    assert limited("a", 1, 60) is True


def test_key_is_not_kept_in_readable_form() -> None:
    limited("198.51.100.7", 1, 60)
    assert kept() and [name for name in kept() if "198.51" in name] == []


def test_what_was_counted_is_forgotten() -> None:
    limited("a", 1, 60)
    store: Any = caches["default"]
    if isinstance(store, RedisCache):
        assert [store.client.ttl(name) for name in kept()] == [60]
    else:
        assert [0 < end - time.time() <= 60 for end in store._expire_info.values()] == [True]


def test_redis_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each round trip costs more than counting; /c/ counts at each view."""
    if not isinstance(caches["default"], RedisCache):
        pytest.skip("the cache is not in Redis")
    limited("a", 1, 60)  # connected
    sent = []
    send: Any = Connection.send_packed_command

    def counted(*args: Any, **more: Any) -> None:
        sent.append(args)
        send(*args, **more)

    monkeypatch.setattr(Connection, "send_packed_command", counted)
    limited("a", 1, 60)
    assert len(sent) == 1


def kept() -> list[str]:
    store: Any = caches["default"]
    if isinstance(store, RedisCache):
        return [name.decode() for name in store.client.keys("*:limit:*")]
    return list(store._cache)

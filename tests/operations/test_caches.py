"""Redis that goes away and comes back: each process goes on alone, and says so."""

import time
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from operations import caches as own_caches
from operations import health
from operations.limits import counted_together, limited
from tests.redis_server import OwnRedis

OTHER_PLACE = {"default": {"BACKEND": "operations.caches.RedisCache", "LOCATION": "redis://10.255.255.1:1/0"}}


def test_every_question_is_answered_with_and_without_redis(own_redis: OwnRedis) -> None:
    for away in (False, True):
        if away:
            own_redis.stop()
        cache = caches["default"]
        cache.set("one", 1)
        cache.set_many({"two": 2, "three": [3]}, timeout=30)
        assert (cache.add("one", 9), cache.add("four", 4)) == (False, True)
        assert (cache.get("one"), cache.get("none", "given"), cache.incr("one")) == (1, "given", 2)
        assert cache.get_many(["two", "three", "none"]) == {"two": 2, "three": [3]}
        assert (cache.has_key("two"), cache.touch("two", 60), cache.delete("two")) == (True, True, True)
        cache.delete_many(["three"])
        assert cache.get("three") is None
        assert cache.get_or_set("five", lambda: 5) == 5
        with pytest.raises(ValueError):
            cache.incr("none")
        assert counted_together() is not away


def test_limit_goes_on_in_this_process(own_redis: OwnRedis) -> None:
    own_redis.stop()
    assert [limited("a", 2, 3600) for _ in range(4)] == [False, False, True, True]


def test_strangers_push_out_nothing_that_was_counted(own_redis: OwnRedis) -> None:
    own_redis.stop()
    assert [limited("a", 1, 3600) for _ in range(2)] == [False, True]
    for number in range(1000):
        limited(f"stranger {number}", 1, 3600)
    assert limited("a", 1, 3600)


def test_redis_that_only_reads_counts_nothing(own_redis: OwnRedis, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with a full disk, or where it has become a replica."""
    monkeypatch.setattr(own_caches, "LEFT_ALONE", 0.0)
    cache: Any = caches["default"]
    cache.client.config_set("min-replicas-to-write", 1)
    assert not counted_together()
    said = []
    for _ in range(4):
        said.append(limited("a", 2, 3600))
        assert cache.get("none") is None  # it reads: that ends no outage
    assert said == [False, False, True, True]
    cache.client.config_set("min-replicas-to-write", 0)
    assert counted_together()


def test_what_is_counted_together_is_counted_in_redis(own_redis: OwnRedis) -> None:
    """Also within the seconds for which Redis is left alone."""
    own_redis.stop()
    limited("a", 2, 3600)
    own_redis.start()
    assert counted_together()
    limited("a", 2, 3600)
    cache: Any = caches["default"]
    assert len(cache.client.keys("*:limit:*")) == 1


def test_redis_is_asked_again_when_it_is_back(own_redis: OwnRedis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_caches, "LEFT_ALONE", 0.1)
    cache = caches["default"]
    cache.set("kept", "before")
    own_redis.stop()
    assert cache.get("kept") is None
    cache.set("kept", "alone")
    own_redis.start()
    time.sleep(0.2)
    assert (cache.get("kept"), counted_together()) == (None, True)  # a new Redis, not what was kept alone
    cache.set("kept", "after")
    own_redis.stop()
    assert cache.get("kept") is None  # and nothing old comes back at the next outage


def test_silent_server_costs_a_second_once_and_then_nothing(settings: pytest.FixtureRequest) -> None:
    """Its packets are dropped: nobody refuses the connection."""
    own_caches.forget_outage()
    settings.CACHES = OTHER_PLACE  # type: ignore[attr-defined]
    began = time.monotonic()
    for number in range(50):
        caches["default"].set(f"key-{number}", number)
    assert time.monotonic() - began < 5
    own_caches.forget_outage()


@pytest.mark.django_db
def test_monitoring_names_redis(own_redis: OwnRedis) -> None:
    def said() -> str:
        health.forget()
        return str(Client().get("/readyz").json()["checks"]["cache"])

    assert said() == "ok"
    own_redis.stop()
    assert said().startswith("Redis does not answer")
    own_redis.start()
    assert said() == "ok"

"""Django's cache in Redis, which counts in one round trip, and survives that Redis goes away.

While it is away each process goes on with a memory of its own: reading goes on, and guesses are still slowed,
by each process for itself. What must never be counted apart asks `operations.limits.counted_together` first.
"""

import logging
import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.core.cache.backends import redis
from django.core.cache.backends.locmem import LocMemCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)
LEFT_ALONE = 2.0  # seconds, after it did not answer
MOST_ALONE = (
    100_000  # entries; at Django's 300 a stranger pushes out what was counted with 300 guesses elsewhere
)
PATIENCE: dict[str, Any] = {"socket_connect_timeout": 1, "socket_timeout": 2, "retry": Retry(NoBackoff(), 1)}

_asked_again_at: float | None = None  # of this process, in all its threads; None while Redis answers


def forget_outage() -> None:
    """Ask Redis at the next question."""
    global _asked_again_at
    _asked_again_at = None


def _or_alone(name: str) -> Callable[..., Any]:
    """Make a method that asks Redis, or this process's own memory where Redis does not answer."""

    def method(self: "RedisCache", *args: Any, **kwargs: Any) -> Any:
        ask = getattr(super(RedisCache, self), name)
        return self.asked(lambda: ask(*args, **kwargs), lambda: getattr(self.alone, name)(*args, **kwargs))

    method.__name__ = name
    return method


class RedisCache(redis.RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._options = {**PATIENCE, **params.get("OPTIONS", {})}
        self.alone = LocMemCache("while Redis is away", {**params, "OPTIONS": {"MAX_ENTRIES": MOST_ALONE}})

    @cached_property
    def client(self) -> Any:
        """Return one client for all calls: Django makes a new one for each, which costs more than counting."""
        return self._cache.get_client(write=True)

    def asked[Answer](self, ask: Callable[[], Answer], alone: Callable[[], Answer]) -> Answer:
        """Return what Redis answers; what `alone` does where it does not, or did not a moment ago.

        An outage is over when Redis writes again: one with a full disk goes on reading, and would have what was
        counted alone forgotten at each read.
        """
        if _asked_again_at is None or (time.monotonic() >= _asked_again_at and self.answers()):
            try:
                return ask()
            except RedisError as error:
                self._begin_outage(error)
        return alone()

    def _begin_outage(self, error: RedisError) -> None:
        global _asked_again_at
        if _asked_again_at is None:
            self.alone.clear()  # nothing of an outage before
            log.error("Redis does not answer", extra={"error": type(error).__name__})
        _asked_again_at = time.monotonic() + LEFT_ALONE

    def answers(self) -> bool:
        """Return whether Redis counts, asked also shortly after it did not answer; from then on it is asked or left
        alone accordingly.
        """
        try:
            self._count("answers", timeout=60)
        except RedisError as error:
            self._begin_outage(error)
            return False
        forget_outage()
        return True

    def count(self, key: str, timeout: int) -> int:
        """Add one to what stands under the key and return it; after `timeout` seconds it begins anew.

        `add` and `incr` ask three times for the same.
        """
        return self.asked(lambda: self._count(key, timeout), lambda: self._count_alone(key, timeout))

    def _count(self, key: str, timeout: int) -> int:
        name = self.make_and_validate_key(key)
        pipeline = self.client.pipeline(transaction=False)
        pipeline.set(name, 0, ex=timeout, nx=True)
        pipeline.incr(name)
        return int(pipeline.execute()[-1])

    def _count_alone(self, key: str, timeout: int) -> int:
        self.alone.add(key, 0, timeout)
        return int(self.alone.incr(key))

    add = _or_alone("add")
    get = _or_alone("get")
    set = _or_alone("set")
    touch = _or_alone("touch")
    delete = _or_alone("delete")
    get_many = _or_alone("get_many")
    has_key = _or_alone("has_key")
    incr = _or_alone("incr")
    set_many = _or_alone("set_many")
    delete_many = _or_alone("delete_many")

    def clear(self) -> None:
        self.alone.clear()
        self.asked(super().clear, lambda: None)

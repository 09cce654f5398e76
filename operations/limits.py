"""Rate limits of one visitor, counted in the cache: a restart or a full cache forgives."""

import hashlib

from django.core.cache import cache, caches

from . import clock
from .caches import RedisCache


def limited(key: str, limit: int, seconds: int) -> bool:
    """Count one more request under a key; True when more than `limit` came in this window of seconds.

    The key is hashed: an address or an account in it is not kept in readable form.
    """
    window = int(clock.real_now().timestamp()) // seconds
    name = "limit:" + hashlib.sha256(f"{key}:{window}".encode()).hexdigest()
    return _count(name, seconds) > limit


def _count(name: str, seconds: int) -> int:
    store = caches["default"]
    if isinstance(store, RedisCache):
        return store.count(name, seconds)
    cache.add(name, 0, timeout=seconds)
    try:
        return cache.incr(name)
    except ValueError:  # it ran out between the two lines
        return 0


def counted_together() -> bool:
    """Return whether all processes count in one place now. Where Redis is away, each counts for itself."""
    store = caches["default"]
    return not isinstance(store, RedisCache) or store.answers()

"""How often one visitor may ask. Counted in the cache: a restart or a full cache forgives."""

import hashlib

from django.core.cache import cache

from . import clock


def limited(key: str, limit: int, seconds: int) -> bool:
    """Count one more request under a key; True when more than `limit` came in this window of seconds.

    The key is hashed: an address or an account in it is not kept in readable form.
    """
    window = int(clock.real_now().timestamp()) // seconds
    name = "limit:" + hashlib.sha256(f"{key}:{window}".encode()).hexdigest()
    cache.add(name, 0, timeout=seconds)
    try:
        return cache.incr(name) > limit
    except ValueError:  # it ran out between the two lines
        return False

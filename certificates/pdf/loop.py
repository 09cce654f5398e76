"""pyHanko runs an event loop of its own, which Python refuses inside a running one."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


def without_a_loop[T](function: Callable[[], T]) -> T:
    """Call it here; where this thread has a running loop (an asynchronous server), in a thread beside it.

    For work that touches no database: a connection belongs to its thread.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return function()
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()

"""The loop of `manage.py work`: one thread a lane claims and attends; the main thread beats and rings
the timetable. A lane that ends by itself ends the process, so that its parent starts a new one.
"""

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable

from django.conf import settings
from django.db import close_old_connections, connection

from . import clock, clock_guard, outbox, schedule
from .models import Beat

log = logging.getLogger(__name__)
BEAT = 10.0  # seconds
_stop = threading.Event()
stopping = _stop.is_set


def serve(lanes: list[str], poll: float | None = None) -> None:
    """Work until SIGTERM or SIGINT: then each lane finishes the step at hand and releases its errand."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: _stop.set())
    seconds = poll or settings.ERRAND_POLL
    threads = [threading.Thread(target=_lane, args=(lane, seconds), name=lane) for lane in lanes]
    for thread in threads:
        thread.start()
    log.info("working", extra={"lanes": lanes})
    while not stopping():
        quietly(beat)
        if not all(thread.is_alive() for thread in threads) and not stopping():
            _stop.set()
            sys.exit("A lane ended by itself.")
        _stop.wait(BEAT)
    for thread in threads:
        thread.join()
    log.info("stopped")


def _lane(lane: str, poll: float) -> None:
    while not stopping():
        if not quietly(lambda: attend_next(lane)):
            _stop.wait(poll)
    connection.close()


def attend_next(lane: str) -> bool:
    """Claim and attend to one errand; False if none was due."""
    errand = outbox.claim(lane)
    if errand is None:
        return False
    outbox.attend(errand, stopping)
    return True


def beat() -> bool:
    """Show that this process lives, and ring what is due."""
    name = f"{socket.gethostname()[:40]}:{os.getpid()}"
    Beat.objects.update_or_create(name=name, defaults={"at": clock.real_now()})
    clock_guard.observe()
    schedule.ring()
    return True


def quietly(perform: Callable[[], bool]) -> bool:
    """Return what `perform` returns; False, and a line in the log, where it raises: no worker ends by it."""
    close_old_connections()
    try:
        return perform()
    except Exception:
        log.exception("cannot work just now")
        connection.close()
        return False

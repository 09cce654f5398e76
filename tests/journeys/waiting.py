"""Wait in a browser for what no element tells."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page


def wait_until(page: Page, come: Callable[[], Any], seconds: float = 60) -> None:
    """Raise AssertionError where it has not come after so long. What the browser asks is answered meanwhile."""
    end = time.monotonic() + seconds
    while not come() and time.monotonic() < end:
        page.wait_for_timeout(100)
    assert come()

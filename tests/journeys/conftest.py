"""A real browser. Where Chromium is missing these tests are skipped with words, in CI they fail."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from .axe import watch

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")  # the quickest first
CHROMIUM = next((path for name in NAMES if (path := shutil.which(name))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]
expect.set_options(timeout=20_000)  # a machine that runs the suite four at a time answers late
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in this thread


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave half the cases of what both databases share to the run on the other one."""
    others = [item for item in items if item.get_closest_marker("shared") and not _is_ours(item)]
    items[:] = [item for item in items if item not in others]
    config.hook.pytest_deselected(items=others)
    missing = pytest.mark.skip(reason="no Chromium: `apt-get install chromium-headless-shell` brings it")
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)
            if CHROMIUM is None and "CI" not in os.environ:
                item.add_marker(missing)


def _is_ours(item: pytest.Item) -> bool:
    """On SQLite Russian is looked at on a desk and the rest on a telephone, on PostgreSQL the other way round:
    each page in each language in every run."""
    given = item.callspec.params  # type: ignore[attr-defined]
    on_a_desk = given["width"] in {"desk", 1280}
    return (on_a_desk == (given.get("language") == "ru")) == (connection.vendor == "sqlite")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if CHROMIUM is None and "CI" not in os.environ:
        terminalreporter.write_line(
            "The browser journeys were skipped: no Chromium. To run them: apt install chromium-headless-shell"
        )


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The address of a server over the empty test database, for pages that only read.

    pytest-django's own live_server empties the tables afterwards, Wagtail's root page with them.
    """
    with django_db_blocker.unblock():
        server = LiveServer("localhost")
        yield server.url
        server.stop()


@pytest.fixture
def watched(page: Page) -> Iterator[Page]:
    """A page whose scripts and content policy must not complain."""
    complaints = watch(page)
    yield page
    assert complaints == []

"""The share of each worker in the tests: a file stays together, all that needs the demo, too, and what takes long begins."""

import os

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

# Half a minute and more each: begun at the end, one of them would leave the other workers without work.
FIRST = (
    "tests/operations/test_kill.py",
    "tests/test_refusals.py",
    "tests/rosters/test_roster_hostile.py",
    "tests/people/test_probes.py",
    "tests/certificates/test_register_away.py",
    "tests/test_before_closing.py",
)
# On a demo: two are made, each for one worker, which takes all of its files in this order; the first from nothing.
ONE_DEMO = (
    "tests/elearning/test_demo.py",
    "tests/test_way_http.py",
    "tests/journeys/test_authoring.py",  # last: it takes a lesson back, and the exam waits for an edition
)
OTHER_DEMO = (
    "tests/journeys/test_bytes.py",
    "tests/journeys/test_printing.py",
    "tests/journeys/test_server_down.py",
    "tests/journeys/test_the_way.py",
)
ON_THE_DEMO = (*ONE_DEMO, *OTHER_DEMO)
# The longest journeys. Journeys come last: a browser's event loop stays in its process, and signing wants none.
JOURNEYS = (
    "tests/journeys/test_every_page.py",
    "tests/journeys/test_certificate.py",
    "tests/journeys/test_by_keyboard.py",
    "tests/journeys/test_outbox.py",
    "tests/journeys/test_look.py",
)


class Scheduling(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        if file in ON_THE_DEMO:
            return "one demo" if file in ONE_DEMO else "the other demo"
        return file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    return Scheduling(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than processors: browsers and processes of the demo are waited for."""
    return (os.cpu_count() or 1) + 1


def place_of(item: pytest.Item) -> int:
    """Sorts what takes long before the rest, and journeys last."""
    file = item.nodeid.partition("::")[0]
    if file in FIRST:
        return FIRST.index(file)
    last = (*ON_THE_DEMO, *JOURNEYS)
    if file in last:
        return len(FIRST) + 1 + last.index(file)
    return len(FIRST) + (1 + len(last) if "journeys" in item.path.parts else 0)

"""The demo as people start it: real processes, prepared once a session in a folder of its own."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

from bench.template import SQLITE, copy_migrated

from .scheduling import ON_THE_DEMO, OTHER_DEMO

ROOT = Path(__file__).resolve().parent.parent
PREPARED = 600.0  # seconds a first start may take on a busy machine
OURS = ("NISANE_", "DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL", "PORT")


def environment(var: Path, **more: str) -> dict[str, str]:
    """As a person's terminal has it: nothing of the test settings, no PostgreSQL, no Redis."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "NISANE_VAR": str(var), "PYTHONUNBUFFERED": "1", **more}


def run(
    var: Path, *arguments: str, timeout: float = PREPARED, **more: str
) -> subprocess.CompletedProcess[str]:
    """`make demo` to its end: for what is refused, `--prepare-only` and `--reset`."""
    return subprocess.run(
        [sys.executable, "-m", "elearning.demo", *arguments],
        cwd=ROOT, env=environment(var, **more), text=True, capture_output=True, timeout=timeout, check=False,
    )  # fmt: skip


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until[Found](find: Callable[[], Found], what: str, patience: float = 30.0) -> Found:
    """The first answer of `find` that is true. Fails in words when patience ends."""
    end = time.monotonic() + patience
    while not (found := find()):
        assert time.monotonic() < end, f"waited {patience:.0f} s in vain for {what}"
        time.sleep(0.05)
    return found


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5):
            return True
    except HTTPError:
        return True
    except (URLError, OSError):
        return False


class Demo:
    """One demo: its folder, its port, its processes."""

    def __init__(self, var: Path, port: int) -> None:
        self.var, self.port = var, port
        self.url = f"http://localhost:{port}"
        self.log = var.with_name(var.name + ".log")
        self.parent: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Serves when it returns; the first start prepares everything."""
        with self.log.open("w") as log:
            self.parent = subprocess.Popen(
                [sys.executable, "-m", "elearning.demo"], cwd=ROOT, text=True, stdout=log, stderr=log,
                env=environment(self.var, PORT=str(self.port), http_proxy="http://127.0.0.1:9"),
                start_new_session=True,
            )  # fmt: skip
        until(self._serves_or_has_ended, "the demo to serve", PREPARED)
        assert self.parent.poll() is None, self.log.read_text()
        assert answers(f"{self.url}/livez")  # whoever is told the address can open it

    def _serves_or_has_ended(self) -> bool:
        assert self.parent is not None
        return self.parent.poll() is not None or "Nişanə is at" in self.log.read_text()

    def stop(self, number: int = signal.SIGINT) -> int:
        """As Ctrl-C does it; the code it ended with."""
        assert self.parent is not None
        self.parent.send_signal(number)
        code = self.parent.wait(30)
        self.parent = None
        return code

    def take_migrated(self) -> None:
        """The first start finds a database without rows: building it is seen in the demo that is made from nothing."""
        self.var.mkdir()
        copy_migrated(f"{SQLITE}{self.var / 'db.sqlite3'}")

    def running(self) -> "Demo":
        if self.parent is None or self.parent.poll() is not None:
            self.start()
        return self

    def children(self) -> dict[str, int]:
        """The process ids of web and work, as the parent started them."""
        assert self.parent is not None
        names = {"granian": "web", "manage.py work": "work"}
        return {
            names[word]: pid
            for pid in children_of(self.parent.pid)
            for word in names
            if word in command_of(pid)
        }

    @property
    def facts(self) -> dict[str, Any]:
        """var/demo.json."""
        found: dict[str, Any] = json.loads((self.var / "demo.json").read_text())
        return found

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Return what its database holds, read beside it."""
        connection = sqlite3.connect(f"file:{self.var / 'db.sqlite3'}?mode=ro", uri=True, timeout=30)
        try:
            return connection.execute(sql, values).fetchall()
        finally:
            connection.close()


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def children_of(pid: int) -> list[int]:
    found = []
    for line in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = line.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(line.parent.name))
    return found


def family_of(pid: int) -> list[int]:
    """The processes below this one, all generations."""
    return [one for child in children_of(pid) for one in (child, *family_of(child))]


def of_folder(var: Path) -> list[int]:
    """Every process that works on this folder, whoever its parent is."""
    mark = f"NISANE_VAR={var}\0".encode()
    found = []
    for file in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in file.read_bytes() + b"\0":
                found.append(int(file.parent.name))
        except OSError:
            continue
    return found


@pytest.fixture(scope="session")
def the_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo of this worker, started or not."""
    var = tmp_path_factory.mktemp("demo") / "var"
    demo = Demo(var, free_port())
    yield demo
    if demo.parent is not None and demo.parent.poll() is None:
        demo.stop()
    for pid in of_folder(var):
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(var, ignore_errors=True)


@pytest.fixture
def demo(the_demo: Demo, request: pytest.FixtureRequest) -> Demo:
    """The demo, serving."""
    file = request.node.nodeid.partition("::")[0]
    assert file in ON_THE_DEMO, f"{file} is to be added to tests/scheduling.py: a demo takes long to make"
    if file in OTHER_DEMO and not the_demo.var.exists():
        the_demo.take_migrated()
    return the_demo.running()

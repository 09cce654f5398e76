"""A scratch installation: its own folder, port, keys and database, thrown away afterwards."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .template import ROOT, copy_migrated, copy_with_inspectors


@dataclass(frozen=True)
class Scratch:
    folder: Path
    port: int
    environ: dict[str, str]

    @property
    def base_url(self) -> str:
        return self.environ["NISANE_BASE_URL"]

    @property
    def database(self) -> str:
        """Its name on the server, or its file."""
        return self.environ["DATABASE_URL"].rpartition("/")[2]

    def manage(self, *arguments: str) -> list[str]:
        """The command that runs manage.py in this installation."""
        return [sys.executable, "manage.py", *arguments]

    def web(self) -> list[str]:
        return [
            str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1",
            "--port", str(self.port), "--workers", "1", "--blocking-threads", "1", "--no-ws",
            "--log-level", "warning", "elearning.wsgi:application",
        ]  # fmt: skip

    def start(self, command: list[str], output: int | None = subprocess.PIPE) -> subprocess.Popen[str]:
        return subprocess.Popen(
            command, cwd=ROOT, env=self.environ, stdout=output, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip

    def run(self, *arguments: str) -> None:
        subprocess.run(self.manage(*arguments), cwd=ROOT, env=self.environ, check=True)


@contextmanager
def scratch(
    settings: str, *, course: bool = False, beside: str | None = None, **environ: str
) -> Iterator[Scratch]:
    """SQLite in the folder, or a new database beside the PostgreSQL one that DATABASE_URL, or `beside`, names;
    migrated, and with the course of labour inspectors where it is wanted.
    """
    folder = Path(tempfile.mkdtemp(prefix="nisane-scratch-"))
    port = _free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NISANE_", "DJANGO_"))}
    here = f"sqlite:///{folder / 'db.sqlite3'}"
    beside = os.environ.get("DATABASE_URL", "") if beside is None else beside
    try:
        copy = copy_with_inspectors if course else copy_migrated
        with _database(copy, beside, f"nisane_scratch_{port}", here) as database:
            own = {
                "NISANE_VAR": str(folder),
                "NISANE_BASE_URL": f"http://localhost:{port}",
                "NISANE_SECRET_KEY": "only-for-a-scratch-installation",
                "DJANGO_SETTINGS_MODULE": settings,
                "DATABASE_URL": database,
                "PYTHONUNBUFFERED": "1",
            }
            yield Scratch(folder, port, kept | own | environ)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _database(copy: Callable[[str], None], url: str, name: str, here: str) -> Iterator[str]:
    if not url.startswith("postgres"):
        copy(here)
        yield here
        return
    import psycopg

    beside = url.rsplit("/", 1)[0] + f"/{name}"
    copy(beside)
    try:
        yield beside
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

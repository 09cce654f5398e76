"""A migrated database, made once and copied by everybody who needs one: each worker of the tests, each scratch.

It is kept between runs (var/databases, or on the server) until migrations or libraries change.
"""

import ast
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sysconfig import get_path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "databases"
SQLITE = "sqlite:///"


def copy_migrated(url: str) -> None:
    """Create the database that `url` names: SQLite's file, or a new database on a PostgreSQL server."""
    with _alone():
        store = _Files(url) if url.startswith(SQLITE) else _Server(url)
        name = f"{_checkout()}_{_key()}"
        if name not in store.kept():
            for old in store.kept():
                store.drop(old)
            store.drop(f"{name}_unfinished")
            _migrate(store.create(f"{name}_unfinished"))
            store.rename(f"{name}_unfinished", name)
        store.copy(name)


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time: the first migrates, the others wait for it."""
    KEPT.parent.mkdir(mode=0o700, exist_ok=True)
    KEPT.mkdir(mode=0o700, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _checkout() -> str:
    """Return a name for this folder: on one server, each checkout has a template of its own."""
    return "nisane_template_" + hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]


def _key() -> str:
    """Return a hash of all that migrations consist of, and of the libraries' versions."""
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(sources()):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    for library in sorted(path.name for path in Path(get_path("purelib")).glob("*.dist-info")):
        digest.update(library.encode())
    return digest.hexdigest()[:12]


def sources() -> set[Path]:
    """Return our migrations, the settings, and every module of ours that they import, over however many others."""
    found = {*ROOT.glob("*/migrations/*.py"), *ROOT.glob("elearning/settings/*.py")}
    waiting = list(found)
    while waiting:
        new = {path for name in _imported_by(waiting.pop()) for path in _files_of(name)} - found
        found |= new
        waiting += new
    return found


def _imported_by(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
            module = ".".join([*package, *filter(None, [node.module])])
            yield from (module, *(f"{module}.{alias.name}" for alias in node.names))


def _files_of(module: str) -> Iterator[Path]:
    """Yield the module's file, or its package's, where it is ours."""
    here = ROOT.joinpath(*module.split("."))
    yield from (path for path in (here.with_suffix(".py"), here / "__init__.py") if path.exists())


def _migrate(url: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NISANE_")}
    with tempfile.TemporaryDirectory(prefix="nisane-template-") as var:
        subprocess.run(
            [sys.executable, "-W", "error", "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, check=True,
            env=kept | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "elearning.settings.test", "NISANE_VAR": var},
        )  # fmt: skip


class _Files:
    """SQLite: a file each."""

    def __init__(self, url: str) -> None:
        self.target = Path(url.removeprefix(SQLITE))

    def kept(self) -> list[str]:
        return [path.stem for path in KEPT.glob("nisane_template_*.sqlite3")]

    def create(self, name: str) -> str:
        return f"{SQLITE}{self._path(name)}"

    def rename(self, name: str, new: str) -> None:
        self._path(name).rename(self._path(new))

    def drop(self, name: str) -> None:
        for path in KEPT.glob(f"{name}.sqlite3*"):
            path.unlink()

    def copy(self, name: str) -> None:
        shutil.copyfile(self._path(name), self.target)

    @staticmethod
    def _path(name: str) -> Path:
        return KEPT / f"{name}.sqlite3"


class _Server:
    """PostgreSQL: databases beside each other on the server."""

    def __init__(self, url: str) -> None:
        self.server, _, self.target = url.rpartition("/")

    def kept(self) -> list[str]:
        like = f"{_checkout()}_%"
        return [row[0] for row in self._do("SELECT datname FROM pg_database WHERE datname LIKE %s", like)]

    def create(self, name: str) -> str:
        self._do(f'CREATE DATABASE "{name}"')
        return f"{self.server}/{name}"

    def rename(self, name: str, new: str) -> None:
        self._do(f'ALTER DATABASE "{name}" RENAME TO "{new}"')

    def drop(self, name: str) -> None:
        self._do(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def copy(self, name: str) -> None:
        self._do(f'CREATE DATABASE "{self.target}" TEMPLATE "{name}"')

    def _do(self, statement: str, *values: str) -> list[Any]:
        import psycopg

        with psycopg.connect(f"{self.server}/postgres", autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

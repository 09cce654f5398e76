"""A migrated database, and one with a course loaded, made once and copied by everybody who needs one: each worker of
the tests, each scratch.

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

from .one_course import copy_inspectors_alone

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var" / "databases"
SQLITE = "sqlite:///"


def copy_migrated(url: str) -> None:
    """Create the database that `url` names: SQLite's file, or a new database on a PostgreSQL server."""
    with _alone():
        Migrated().copy(url)


def copy_with_inspectors(url: str) -> None:
    """Create it with the course of labour inspectors loaded."""
    with _alone():
        WithInspectors().copy(url)


class Migrated:
    """A database that is kept, made where its key is new, and copied. This one is migrated and nothing else."""

    kind = "migrated"

    def key(self) -> str:
        """Return a hash of what it is made from, and of the versions of Python and of the libraries."""
        digest = hashlib.sha256(sys.version.encode())
        for path in sorted(self.made_from()):
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
        for library in sorted(path.name for path in Path(get_path("purelib")).glob("*.dist-info")):
            digest.update(library.encode())
        return digest.hexdigest()[:12]

    def made_from(self) -> set[Path]:
        return sources()

    def make(self, store: "_Files | _Server", name: str) -> None:
        store.create(name)
        _manage(store.url(name), "migrate")

    def copy(self, url: str) -> None:
        store = _Files(url) if url.startswith(SQLITE) else _Server(url)
        prefix = f"{_checkout()}_{self.kind}_"
        name = prefix + self.key()
        if name not in (kept := store.kept(prefix)):
            for old in kept:
                store.drop(old)
            self.make(store, f"{prefix}unfinished")
            store.rename(f"{prefix}unfinished", name)
        store.copy(name)


class WithInspectors(Migrated):
    """With the course of labour inspectors loaded."""

    kind = "inspectors"

    def made_from(self) -> set[Path]:
        """Return all code of the apps, too: any of it may change what loading writes."""
        code = {path for app in ROOT.glob("*/migrations") for path in app.parent.rglob("*.py")}
        return code | sources() | {path for path in ROOT.glob("curriculum/data/**/*") if path.is_file()}

    def make(self, store: "_Files | _Server", name: str) -> None:
        Migrated().copy(store.url(name))
        with tempfile.TemporaryDirectory(prefix="nisane-curriculum-") as folder:
            files = copy_inspectors_alone(Path(folder, "data"))
            _manage(store.url(name), "load_curriculum", "--from", str(files))


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


def _manage(url: str, *command: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NISANE_")}
    with tempfile.TemporaryDirectory(prefix="nisane-template-") as var:
        subprocess.run(
            [sys.executable, "-W", "error", "manage.py", *command, "--verbosity", "0"], cwd=ROOT, check=True,
            env=kept | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "elearning.settings.test", "NISANE_VAR": var},
        )  # fmt: skip


class _Files:
    """SQLite: a file each."""

    def __init__(self, url: str) -> None:
        self.target = Path(url.removeprefix(SQLITE))

    def url(self, name: str) -> str:
        return f"{SQLITE}{self._path(name)}"

    def kept(self, prefix: str) -> list[str]:
        return [path.stem for path in KEPT.glob(f"{prefix}*.sqlite3")]

    def create(self, name: str) -> None:
        """Nothing to do: the file comes with the first table."""

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

    def url(self, name: str) -> str:
        return f"{self.server}/{name}"

    def kept(self, prefix: str) -> list[str]:
        like = f"{prefix}%"
        return [row[0] for row in self._do("SELECT datname FROM pg_database WHERE datname LIKE %s", like)]

    def create(self, name: str) -> None:
        self._do(f'CREATE DATABASE "{name}"')

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

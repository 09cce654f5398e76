"""What the product writes is for its own user alone, however open the terminal is that starts it."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

ROOT = Path(__file__).resolve().parent.parent.parent
# Writes as the product does - database, mail, documents, media - and lists what it finds while all is open.
WRITES = """
import os
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.mail import send_mail
from django.db import connection
from operations import files
connection.cursor().execute("CREATE TABLE made (number integer)")
files.store(b"certificate", ".pdf")
for name in ("documents", "default", "results"):
    storages[name].save("folder/file", ContentFile(b"x"))
send_mail("subject", "text", None, ["officer@agency.example"])
for folder, below, names in os.walk(settings.VAR_DIR):
    for path in (folder, *(os.path.join(folder, name) for name in names)):
        print(oct(os.stat(path).st_mode & 0o777), os.path.isdir(path), os.path.relpath(path, settings.VAR_DIR))
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    "command",
    [
        ("manage.py", "shell", "--no-imports", "--command", WRITES),
        ("-c", "import elearning.wsgi\n" + WRITES),
        ("-c", "import elearning.asgi\n" + WRITES),
    ],
    ids=["manage.py", "wsgi", "asgi"],
)
def test_every_process_writes_files_that_others_cannot_read(command: tuple[str, ...], tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    var = tmp_path / "var"
    var.mkdir(mode=0o700)
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, text=True, capture_output=True, check=True, umask=0o022,
        env=kept | {"NISANE_VAR": str(var), "NISANE_SECRET_KEY": "for-a-test", "NISANE_LOG_LEVEL": "CRITICAL",
                    "DJANGO_SETTINGS_MODULE": "elearning.settings.base"},
    )  # fmt: skip
    written = [line.split(" ", 2) for line in done.stdout.splitlines()]
    assert [line for line in written if line[0] != ("0o700" if line[1] == "True" else "0o600")] == []
    names = {name.partition("/")[0] for _mode, _is_folder, name in written}
    assert names == {
        ".",
        "db.sqlite3",
        "db.sqlite3-wal",
        "db.sqlite3-shm",
        "documents",
        "media",
        "results",
        "mail",
    }


@pytest.mark.parametrize("name", ["default", "documents", "results"])
def test_uploads_are_private_whatever_the_umask(name: str) -> None:
    """Django gives an upload its own mode."""
    before = os.umask(0o022)
    try:
        kept = Path(storages[name].path(storages[name].save("private/upload.csv", ContentFile(b"FIN"))))
    finally:
        os.umask(before)
    try:
        assert (mode(kept), mode(kept.parent)) == (0o600, 0o700)
    finally:
        kept.unlink()
        kept.parent.rmdir()

"""Place of the demo: its folder, its port, its secret. Nothing here needs Django."""

import fcntl
import json
import os
import secrets
import shutil
import socket
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MADE = ("db.sqlite3", "db.sqlite3-wal", "db.sqlite3-shm", "keys", "documents", "results", "media", "mail", "static",
        "demo", "demo.json", "port", "prepared.json")  # fmt: skip
LAST_STEP = "fictional people and their certificates"


class Refusal(Exception):
    """Raised when the demo cannot start; says why in one line."""


def folder() -> Path:
    var = Path(os.environ.get("NISANE_VAR") or ROOT / "var").resolve()
    try:
        var.mkdir(parents=True, exist_ok=True)
        probe = var / ".writable"
        probe.touch()
        probe.unlink()
    except OSError:
        raise Refusal(f"this folder cannot be written to: {var}") from None
    return var


def hold(var: Path) -> None:
    """The folder, for as long as this process lives or the descriptor is open: one demo at a time."""
    held = os.open(var, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Refusal(f"the demo in {var} is running. Stop it first with Ctrl-C") from None


def make_private(var: Path) -> None:
    """Close the folder to others, and with it what this process and its children write from now on."""
    os.umask(0o077)
    var.chmod(0o700)


def reset(var: Path) -> None:
    for name in MADE:
        path = var / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def half_made(var: Path) -> bool:
    """The demo's first preparation did not come to its end: nobody has used it yet."""
    prepared = var / "prepared.json"
    return prepared.exists() and LAST_STEP not in json.loads(prepared.read_text())


def keep_port(var: Path, number: int) -> None:
    (var / "port").write_text(str(number))


def port(var: Path, asked: str | None) -> int:
    """The port of the first start holds for ever: every QR code and credential points at it."""
    kept = var / "port"
    if asked and not (asked.isascii() and asked.isdecimal() and 0 < int(asked) < 65536):
        raise Refusal(f"PORT={asked} is not a port number.")
    first = kept.read_text().strip() if kept.exists() else asked or "8000"
    if asked and int(asked) != int(first):
        raise Refusal(
            f"this demo was first started on port {first}, and its certificates point there. "
            f"Start it with PORT={first}, or begin anew with: make demo-reset"
        )
    return int(first)


def check_port_is_free(var: Path, number: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            anew = (
                "begin anew on another: make demo-reset, then"
                if (var / "port").exists()
                else "choose another:"
            )
            raise Refusal(
                f"port {number} is in use by another program. Stop it, or {anew} PORT={number + 1} make demo"
            ) from None


def make_secret(var: Path) -> None:
    """Django's secret key, readable by this user alone."""
    keys = var / "keys"
    keys.mkdir(mode=0o700, exist_ok=True)
    path = keys / "django-secret-key"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))

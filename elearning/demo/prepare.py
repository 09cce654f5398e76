"""The demo's preparation, each step only where something is missing, and the screen it prints."""

import hashlib
import json
import logging
import os
import sys
from collections.abc import Callable, Iterable
from itertools import batched
from pathlib import Path
from typing import Any

import django

from . import place

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

from operations import clock, clock_guard, installation  # noqa: E402

from . import cast, documents, keys  # noqa: E402


def everything(var: Path) -> None:
    """Make what is missing; a second start finds nothing to do."""
    logging.disable(logging.INFO)
    try:
        _everything(var)
    finally:
        logging.disable(logging.NOTSET)


def _everything(var: Path) -> None:
    prepared = PreparedParts(var / "prepared.json")
    keys.make(settings.KEYS_DIR, year=clock.today().year)
    if MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes()):
        _step("building the database", lambda: call_command("migrate", verbosity=0, interactive=False))
    installation.claim_base_url()
    files = (path for app in settings.INSTALLED_APPS for path in place.ROOT.glob(f"{app}/static/**/*"))
    static = _hash_of([*files, *place.ROOT.glob("requirements/base.txt")])
    if not settings.DEBUG:
        prepared.once(
            "static files",
            static,
            lambda: call_command("collectstatic", verbosity=0, interactive=False, clear=True),
        )
    curriculum = _hash_of(place.ROOT.glob("curriculum/data/**/*.yaml"))
    prepared.once("sample curriculum", curriculum, lambda: cast.load_curriculum())
    prepared.once(place.LAST_STEP, "1", lambda: _seed(var))
    documents.write(var)


def _seed(var: Path) -> None:
    """Seeding goes through the months: its clock is behind what it wrote last, and means it."""
    with clock_guard.trusted():
        cast.seed(var)


class PreparedParts:
    """Parts prepared already, by the hash of what they were made from."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.done: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}

    def once(self, name: str, made_from: str, perform: Callable[[], Any]) -> None:
        if self.done.get(name) != made_from:
            _step(name, perform)
            self.done[name] = made_from
            self.path.write_text(json.dumps(self.done, indent=1))


def _step(name: str, perform: Callable[[], Any]) -> None:
    print(f"· {name} …", end="", flush=True)
    perform()
    print(" done", flush=True)


def _hash_of(paths: Any) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file()):
        digest.update(str(path.relative_to(place.ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def screen(var: Path) -> str:
    """Address, sign-ins and five things to try."""
    demo = json.loads((var / "demo.json").read_text())
    url, accounts = demo["base_url"], demo["accounts"]
    officer = accounts["officer"]
    valid, revoked = demo["certificates"].get("valid"), demo["certificates"].get("revoked")
    asked = demo["officers"]["cleared"]
    lines = [
        "",
        f"  Nişanə is at {url}   (Ctrl-C stops it)",
        f"  Sign in with {cast.EMAIL.format('NAME')} and the password {officer['password']}",
        *_in_three_columns(
            f"{name}{' *' if account['totp_secret'] else ''}" for name, account in accounts.items()
        ),
        f"  * second step: a code from an app with the key {accounts['admin']['totp_secret']}, or: make demo-code",
        "",
        "  Five things to try",
        f"    1. Sign in as officer, take the course C1-LAB and its exam: {url}/",
        f"    2. Check a certificate: {url}/verify/?q={valid['code'] if valid else ''}",
        f"    3. See a revoked one: {url}/c/{revoked['id'] if revoked else ''}",
        f"    4. As duty_officer, ask whether {asked['service_number']} may review a complaint: {url}/az/desk/",
        f"    5. As trainer, edit a lesson and propose an edition; as reviewer, confirm it: {url}/cms/",
        "",
        f"  Mail that the demo sends lies in {var / 'mail'}; this list is in {var / 'demo.json'}.",
        "",
    ]
    return "\n".join(lines)


def _in_three_columns(words: Iterable[str]) -> list[str]:
    return ["".join(f"    {word:25}" for word in some).rstrip() for some in batched(words, 3)]


if os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith("production"):
    sys.exit("nisane: the demo does not run with production settings.")

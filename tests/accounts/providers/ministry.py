"""A ministry's provider as a test meets it: its process, what it says, and the way there and back."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests
from django.test import Client

from accounts.sign_on.configuration import OpenIDConnect, People
from tests.running import ROOT, answers, free_port, until

from .oidc import PASSWORD

NAMES = {
    "labour": {"az": "Əmək müfəttişliyi", "en": "Labour inspection", "ru": "Инспекция труда"},
    "migration": {"az": "Miqrasiya xidməti", "en": "Migration service", "ru": "Миграционная служба"},
}
AGENCIES = {"labour": "labour-inspection", "migration": "migration-service"}


@dataclass
class Speaking:
    """`says(user, claim=value)` is what the provider will say of its user; nothing else but its name for it."""

    folder: Path
    url: str
    claims: dict[str, dict[str, Any]] = field(default_factory=dict)

    def says(self, user: str, **claims: Any) -> None:
        self.claims[user] = {name.replace("_userinfo", " userinfo"): claims[name] for name in claims}
        (self.folder / "claims.json").write_text(json.dumps(self.claims))

    def forget(self) -> None:
        self.claims.clear()
        (self.folder / "claims.json").write_text("{}")


class Ministry(Speaking):
    """An OpenID Connect provider."""

    def provider(self, name: str, server: str = "", **people: Any) -> OpenIDConnect:
        return OpenIDConnect(
            kind="openid-connect", id=name, agency=AGENCIES[name], names=NAMES[name],
            server=server or self.url, client_id="nisane", client_secret_file=self.folder / "secret",
            people=People(**(people or {"service_number": "employee_number"})),
        )  # fmt: skip


@contextmanager
def process(module: str, folder: Path, *arguments: str, **environment: str) -> Iterator[str]:
    """A provider's process, until the end; its address."""
    port = free_port()
    (folder / "claims.json").write_text("{}")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NISANE_", "DJANGO_"))}
    front, real = f"127.0.0.1:{port}", f"localhost:{port}"
    more = {"PROVIDER_DIR": str(folder), "PROVIDER_FRONT": front, "PROVIDER_REAL": real, **environment}
    with (folder / "log").open("w") as log:
        started = subprocess.Popen(
            [sys.executable, "-m", module, str(port), *arguments],
            cwd=ROOT, env={**kept, **more}, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        until(lambda: started.poll() is not None or answers(f"http://{front}/"), "the provider", 90)
        assert started.poll() is None, (folder / "log").read_text()
        yield f"http://{real}"
    finally:
        started.kill()
        started.wait()


@contextmanager
def running(folder: Path, ours: tuple[str, ...] = ("http://testserver",)) -> Iterator[Ministry]:
    """The process, until the end. `ours`: where the product stands, for the addresses it may return to."""
    (folder / "secret").write_text("between-the-two\n")
    callbacks = [f"{one}/sign-on/oidc/{name}/login/callback/" for one in ours for name in AGENCIES]
    with process("tests.accounts.providers.oidc", folder, *callbacks) as url:
        yield Ministry(folder, url)


def leave(client: Client, provider: str = "labour", **fields: str) -> str:
    """From the button on the sign-in page: the address that our page leads on to."""
    page = client.post(f"/sign-on/oidc/{provider}/login/", fields)
    assert page.status_code == 200, page.content.decode()
    return page.headers["Refresh"].partition("url=")[2]


def sign_in_there(address: str, user: str) -> str:
    """In a browser of one's own, at the provider: the address by which it sends the person back."""
    browser = requests.Session()
    page = browser.get(address, timeout=30)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token, page.text
    onward = re.search(r'name="next" value="([^"]+)"', page.text)
    data = {"csrfmiddlewaretoken": token[1], "login": user, "password": PASSWORD}
    data |= {"next": unescape(onward[1])} if onward else {}
    answer = browser.post(
        page.url, data=data, headers={"Referer": page.url}, allow_redirects=False, timeout=30
    )
    while answer.status_code in (302, 303) and "/sign-on/" not in answer.headers["Location"]:
        where = urljoin(answer.url, answer.headers["Location"])
        answer = browser.get(where, allow_redirects=False, timeout=30)
    assert answer.status_code in (302, 303), answer.text
    return answer.headers["Location"]


def come_back(client: Client, address: str) -> Any:
    return client.get(address.removeprefix("http://testserver"))


def through(client: Client, user: str, provider: str = "labour", **fields: str) -> Any:
    """The whole way: what we answer when the provider has sent its user back."""
    return come_back(client, sign_in_there(leave(client, provider, **fields), user))

"""Passkeys in a real browser, with a device of Chromium's own making: added, used in place of the password
and of the second step, asked for again, removed.
"""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import CDPSession, Page, expect
from pytest_django.live_server_helper import LiveServer

from operations.models import AuditEntry
from people.models import User
from tests.databases import really_committed
from tests.factories import PASSWORD, client_of

from .axe import violations
from .walker import az

pytestmark = really_committed
STEP = "/az/account/second-step/"


class Device:
    """An authenticator in the browser, touched at once. `verifies`: it knows its holder, by a finger."""

    def __init__(self, page: Page, *, verifies: bool = True) -> None:
        self.line: CDPSession = page.context.new_cdp_session(page)
        self.line.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
            "hasUserVerification": verifies, "isUserVerified": verifies, "automaticPresenceSimulation": True,
        }  # fmt: skip
        self.id = self.line.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def keys(self) -> list[dict[str, Any]]:
        found = self.line.send("WebAuthn.getCredentials", {"authenticatorId": self.id})
        return list(found["credentials"])


@pytest.fixture
def key_device(watched: Page) -> Device:
    return Device(watched)


@pytest.fixture
def enter(watched: Page, live_server: LiveServer) -> Callable[..., None]:
    """The person has just signed in by the password, without a second step."""

    def entered(person: User) -> None:
        value = client_of(person, second_factor=False).cookies["sessionid"].value
        watched.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])

    return entered


def press(page: Page, text: str, *, context: str = "") -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=az(text, context), exact=True).click()


def add(page: Page, url: str) -> None:
    page.goto(f"{url}{STEP}webauthn/add/")
    press(page, "Add")
    expect(page.locator(".said")).to_be_visible()


def sign_out(page: Page) -> None:
    page.locator(".me summary").click()
    press(page, "Sign out")
    assert page.locator("body").get_attribute("data-uid") is None


def sign_in_with_it(page: Page, url: str) -> None:
    page.goto(f"{url}/az/account/login/")
    press(page, "Sign in with a passkey")


def sign_in(page: Page, url: str, person: User) -> None:
    page.goto(f"{url}/az/account/login/")
    page.locator("#id_login").fill(person.email or "")
    page.locator("#id_password").fill(PASSWORD)
    press(page, "Sign in")


def test_passkey_is_added_opens_the_account_and_is_removed(
    watched: Page, live_server: LiveServer, officer: User, key_device: Device, enter: Any
) -> None:
    url, page = live_server.url, watched
    enter(officer)
    page.goto(f"{url}/az/people/account/")
    page.get_by_role("link", name=az("Set up the second step"), exact=True).click()
    page.get_by_role("link", name=az("Add a passkey"), exact=True).click()
    assert violations(page) == []
    page.get_by_label(az("Name of the key")).fill("Telefon")
    press(page, "Add")
    assert page.locator(".codes li").count() == 10  # recovery codes, shown now
    assert len(key_device.keys()) == 1
    sign_out(page)

    page.request.get(f"{url}{STEP}webauthn/login/", headers={"Accept": "application/json"})
    planted = session_of(page)
    sign_in_with_it(page, url)
    assert page.url == f"{url}/az/"
    expect(page.locator(".me summary")).to_contain_text("Aytən")
    assert planted and session_of(page) not in {planted, ""}  # whoever planted the one before holds nothing

    page.goto(f"{url}{STEP}webauthn/")
    expect(page.locator("main")).to_contain_text("Telefon")
    assert violations(page) == []
    page.locator("main .list a").last.click()
    press(page, "Remove the passkey")
    expect(page.get_by_text(az("No passkeys yet"))).to_be_visible()
    sign_out(page)
    sign_in_with_it(page, url)
    assert page.url == f"{url}/az/account/login/"
    expect(page.locator(".said")).to_have_text(az("This code is not right, or it is too old"))
    changes = AuditEntry.objects.filter(act="accounts.second_factor", by=officer).order_by("at")
    assert [(one.after or {}).get("change") for one in changes] == ["added", "added", "removed", "removed"]


def test_passkey_alone_opens_a_position_and_is_kept_while_it_is_held(
    watched: Page, live_server: LiveServer, coordinator: User, key_device: Device, enter: Any
) -> None:
    """A key opened by a finger is both steps at once: docs/decisions/0012."""
    url, page = live_server.url, watched
    enter(coordinator)
    page.goto(f"{url}/az/people/")
    assert page.url.startswith(url + STEP)
    add(page, url)
    sign_out(page)
    sign_in_with_it(page, url)
    page.goto(f"{url}/az/people/")
    assert page.url == f"{url}/az/people/"
    page.goto(f"{url}{STEP}webauthn/")
    page.locator("main .list a").last.click()
    press(page, "Remove the passkey")
    said = az("Your position needs a second step: set up another one first.")
    expect(page.locator(".said")).to_have_text(said)
    assert Authenticator.objects.filter(user=coordinator, type="webauthn").count() == 1


def test_passkey_is_the_second_step_after_the_password_and_answers_when_asked_again(
    watched: Page, live_server: LiveServer, coordinator: User, key_device: Device, enter: Any
) -> None:
    url, page = live_server.url, watched
    enter(coordinator)
    add(page, url)
    sign_out(page)
    sign_in(page, url, coordinator)
    assert page.url == f"{url}{STEP}authenticate/"
    assert violations(page) == []
    press(page, "Use a passkey")
    assert page.url == f"{url}/az/"
    an_hour_passes(page)
    page.goto(f"{url}/az/people/invitations/new/")
    page.get_by_role("link", name=az("Use a passkey"), exact=True).click()
    assert violations(page) == []
    press(page, "Use a passkey")
    assert page.url == f"{url}/az/people/invitations/new/"


def test_key_that_does_not_know_its_holder_opens_nothing_without_the_password(
    page: Page, live_server: LiveServer, coordinator: User
) -> None:
    """Whoever finds it has one thing, not two."""
    url, _device = live_server.url, Device(page, verifies=False)
    value = client_of(coordinator, second_factor=False).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": url}])
    add(page, url)
    sign_out(page)
    page.goto(f"{url}/az/account/login/")
    page.get_by_role("button", name=az("Sign in with a passkey"), exact=True).click()
    expect(page.locator("[data-failed]")).to_be_visible()
    assert page.url == f"{url}/az/account/login/"
    sign_in(page, url, coordinator)
    press(page, "Use a passkey")
    assert page.url == f"{url}/az/"


def session_of(page: Page) -> str:
    return next((str(one["value"]) for one in page.context.cookies() if one["name"] == "sessionid"), "")


def an_hour_passes(page: Page) -> None:
    """The last proof is older than what delicate steps take."""
    session = SessionStore(session_of(page))
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()

"""Through an agency's provider in a real browser: under the strict policy, over hosts and back."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.sign_on import configuration
from people.models import User
from tests.accounts.providers import ministry as ministries
from tests.accounts.providers import oidc, saml_agency
from tests.databases import really_committed
from tests.factories import PASSWORD

from .axe import overflow, violations
from .waiting import wait_until

pytestmark = really_committed


def offer(settings: Any, *providers: Any) -> None:
    settings.SIGN_ON = providers
    settings.SOCIALACCOUNT_PROVIDERS = configuration.for_allauth(providers)


@pytest.fixture
def ministry(live_server: LiveServer, settings: Any, tmp_path: Path) -> Iterator[ministries.Ministry]:
    """Its known address, on one host, leads to the host that really signs people in."""
    with ministries.running(tmp_path, (live_server.url,)) as found:
        found.says("aytan", employee_number="LAB-0417")
        provider = found.provider("labour")
        more = provider.for_allauth()
        more["settings"]["openid_configuration_overrides"] = {
            "authorization_endpoint": found.url.replace("localhost", "127.0.0.1") + "/front"
        }
        settings.SIGN_ON = (provider,)
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [more]}}
        yield found


@pytest.fixture
def agency_provider(
    live_server: LiveServer, settings: Any, tmp_path: Path
) -> Iterator[saml_agency.SamlAgency]:
    saml_agency.make_key(tmp_path)
    offer(settings, saml_agency.SamlAgency(tmp_path, "http://localhost:9").provider("labour"))
    host = live_server.url.partition("://")[2]
    metadata = Client(headers={"host": host}).get("/sign-on/saml/labour/metadata/").content
    with saml_agency.running(tmp_path, {"labour": metadata}) as found:
        found.says("aytan", **{saml_agency.NUMBER: "LAB-0417"})
        offer(settings, found.provider("labour"))
        yield found


def stands(page: Page) -> None:
    assert violations(page) == []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert overflow(page) == 0


def go_there(page: Page, url: str) -> None:
    page.goto(f"{url}/az/account/login/")
    stands(page)
    page.get_by_role("button", name="Əmək müfəttişliyi").click()
    page.locator("[name=login]").fill("aytan")
    page.locator("[name=password]").fill(oidc.PASSWORD)
    page.locator("[type=submit]").first.click()


def link(page: Page, url: str) -> None:
    """The first time, to the end."""
    go_there(page, url)
    page.wait_for_url(f"{url}/az/people/sign-on/link/")
    stands(page)
    page.locator("main a.btn").click()
    page.locator("[name=login]").fill("officer@agency.example")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form:has([name=password]) [type=submit]").click()
    page.wait_for_url(f"{url}/az/people/sign-on/link/")
    stands(page)
    page.get_by_role("button", name="Əlaqələndirin").click()
    page.wait_for_url(f"{url}/az/")


def signs_in_through_it(page: Page, url: str) -> None:
    page.context.clear_cookies()
    go_there(page, url)
    page.wait_for_url(f"{url}/az/")
    expect(page.locator(".me summary")).to_contain_text("Aytən")


def test_openid_connect_over_two_hosts(
    watched: Page, live_server: LiveServer, ministry: Any, officer: User
) -> None:
    link(watched, live_server.url)
    signs_in_through_it(watched, live_server.url)


def test_saml_comes_back_by_a_form_of_another_site(
    watched: Page, live_server: LiveServer, agency_provider: Any, officer: User
) -> None:
    link(watched, live_server.url)
    signs_in_through_it(watched, live_server.url)


def test_redirect_would_be_stopped(
    page: Page, live_server: LiveServer, ministry: Any, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Show what our page is for: with a plain redirect the browser stays where it is."""
    from django.http import HttpResponseRedirect

    from accounts.views import sign_on

    monkeypatch.setattr(sign_on, "going", lambda request, provider, address: HttpResponseRedirect(address))
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{live_server.url}/az/account/login/")
    page.get_by_role("button", name="Əmək müfəttişliyi").click()
    wait_until(page, lambda: any("form-action" in text for text in said))
    assert page.url.startswith(live_server.url)

"""Sweeps over every address: what strangers, other sites and forged requests can do with it."""

from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import translation

from people.models import User
from tests.factories import client_of
from tests.outside import Address, addresses

# What a stranger may read; the rest leads to the sign-in page or is not there.
OPEN = {
    "/.well-known/did.json", "/livez", "/readyz", "/verify/", "/az/", "/az/accessibility/", "/az/courses/",
    "/az/glossary/", "/az/help/", "/az/privacy/",
}  # fmt: skip
GETTING_IN = "/az/account/"
# Forms that come from elsewhere: the provider's own signature counts there; checking a paper changes nothing.
FROM_ELSEWHERE = ("/sign-on/saml/x/acs/", "/verify/")
pytestmark = [pytest.mark.usefixtures("keys"), pytest.mark.printed]


@pytest.fixture(scope="module")
def every() -> list[Address]:
    with translation.override("az"):
        return addresses()


def test_sweep_reaches_what_there_is(every: list[Address]) -> None:
    """A sweep over nothing finds nothing."""
    paths = {address.path for address in every}
    assert len(paths) > 100
    assert paths >= {"/az/people/", "/az/account/login/", "/sign-on/oidc/x/login/", "/az/jobs/", "/verify/"}


def test_stranger_reads_nothing_but_public_pages(every: list[Address], db: None) -> None:
    client = Client(raise_request_exception=False)
    read = [one.path for one in every if client.get(one.path).status_code == 200]
    assert [path for path in read if path not in OPEN and not path.startswith(GETTING_IN)] == []


def test_no_form_is_taken_from_another_site(every: list[Address], officer: User) -> None:
    client = client_of(officer, enforce_csrf_checks=True, raise_request_exception=False)
    taken = []
    for address in every:
        status = client.post(address.path, {"a": "b"}, headers={"origin": "https://evil.example"}).status_code
        if status not in (403, 404, 405) and address.path not in FROM_ELSEWHERE:
            taken.append((address.path, status))
    assert taken == []


def test_no_address_answers_under_another_host(every: list[Address], db: None) -> None:
    answered = []
    for host in ("evil.example", "testserver.evil.example", "localhost@evil.example"):
        client = Client(raise_request_exception=False, headers={"host": host})
        answered += [
            (host, one.path) for one in every if client.get(one.path).status_code not in (400, 404, 405)
        ]
    assert answered == []


@pytest.mark.parametrize("away", ["//evil.example/", "/\\evil.example"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_no_address_leads_outside(every: list[Address], officer: User, away: str, signed_in: bool) -> None:
    client = client_of(officer, raise_request_exception=False) if signed_in else Client()
    led = []
    for address in every:
        answer = client.get(address.path, {"next": away, "url": away, "return_to": away, "back": away})
        where = urlsplit(answer.headers.get("Location", "").replace("\\", "/"))
        if where.netloc not in ("", "testserver") or where.scheme not in ("", "http"):
            led.append((address.path, answer.headers["Location"]))
        if signed_in and "_auth_user_id" not in client.session:
            client.force_login(officer)
    assert led == []


def test_nothing_breaks_under_empty_and_odd_requests(every: list[Address], officer: User) -> None:
    client = client_of(officer, raise_request_exception=False)
    broken = []
    for address in every:
        for answer in (
            client.get(address.path),
            client.post(address.path),
            client.get(
                address.path, {"page": "'\"<", "after": "\0x", "as_of": "31.31.9999", "q": "\ud7ff" * 300}
            ),
            client.post(address.path, "{]", content_type="application/json"),
        ):
            if answer.status_code >= 500 and answer.status_code != 503:
                broken.append((answer.status_code, answer.request["REQUEST_METHOD"], address.path))
        if "_auth_user_id" not in client.session:
            client = client_of(officer, raise_request_exception=False)
    assert broken == []

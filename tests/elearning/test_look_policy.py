"""What browsers may do on our pages: exactly this, and nothing with another host."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from elearning.middleware import RefusalMiddleware

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
CMS = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; media-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


@pytest.mark.parametrize(
    "path", ["/", "/az/privacy/", "/ru/account/login/", "/nowhere/", "/cmsx/", "/az/cms/"]
)
def test_pages_carry_the_strict_policy(path):
    assert Client().get(path).headers["Content-Security-Policy"] == STRICT


def test_authoring_carries_its_own_policy(trainer, client_of):
    response = client_of(trainer).get("/cms/")
    assert (response.status_code, response.headers["Content-Security-Policy"]) == (200, CMS)


@pytest.mark.parametrize("policy", [STRICT, CMS])
def test_no_policy_names_another_host(policy):
    assert re.findall(r"https?:|\*|//", policy) == []


def test_pages_are_not_framed_and_send_no_address_elsewhere():
    headers = Client().get("/az/privacy/").headers
    assert (headers["X-Frame-Options"], headers["Referrer-Policy"], headers["X-Content-Type-Options"]) == (
        "DENY", "same-origin", "nosniff",
    )  # fmt: skip


def refused(response: HttpResponse) -> HttpResponse:
    return RefusalMiddleware(lambda request: response)(RequestFactory().get("/en/"))


def test_empty_429_is_dressed_and_keeps_when_to_come_back():
    headers = {"Retry-After": "60", "Access-Control-Allow-Origin": "*", "Content-Type": "text/plain"}
    response = refused(HttpResponse(status=429, headers=headers))
    assert response.status_code == 429
    assert {name: response.headers[name] for name in headers} == {
        **headers, "Content-Type": "text/html; charset=utf-8"
    }  # fmt: skip
    assert "<h1>" in response.content.decode()


def test_429_with_words_of_its_own_is_left():
    assert refused(HttpResponse("wait", status=429)).content == b"wait"


@pytest.mark.parametrize("path", ["/en/courses/", "/en/help/", "/en/"])
def test_page_of_somebody_signed_in_is_kept_nowhere(officer, client_of, path):
    assert {"private", "no-store"} <= set(client_of(officer).get(path).headers["Cache-Control"].split(", "))


def test_page_for_everybody_may_be_kept(db):
    assert "Cache-Control" not in Client().get("/en/courses/").headers

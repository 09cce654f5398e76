"""Asking by number: what is found, and what is said where nothing is."""

import re
from typing import Any

import pytest
from django.test import Client

from certificates import views_public
from certificates.models import Certificate
from operations.codes import grouped

from .test_public import presented, text_of

pytestmark = pytest.mark.django_db


def typed(code: str) -> list[str]:
    group = grouped(code)
    return [
        code, group, group.lower(), f"  {group} ", group.replace("-", " "), group.replace("-", "–"),
        code.replace("1", "I").replace("0", "O"), code.replace("1", "l").replace("0", "o"),
        code.replace("1", "ı"),
    ]  # fmt: skip


def test_short_code_is_found_however_it_is_typed(stranger: Client, certificate: Certificate):
    found = f"/c/{certificate.public_id}"
    for text in typed(certificate.short_code):
        assert stranger.get("/verify/", {"q": text})["Location"] == found
        assert stranger.post("/verify/", {"q": text})["Location"] == found


def test_id_and_link_are_found_with_whatever_stands_after_the_hash(
    stranger: Client, certificate: Certificate
):
    found = f"/c/{certificate.public_id}"
    text = certificate.bearer.qr_text or ""
    for pasted in (
        certificate.public_id, f"http://localhost:8000{found}", text, text.replace("#", "%23"),
        f"http://localhost:8000{found}?lang=ru#x", f"localhost:8000{found}", found, f"Link: http://localhost{found}",
    ):  # fmt: skip
        assert stranger.post("/verify/", {"q": pasted})["Location"] == found


@pytest.mark.parametrize(
    "site",
    [
        "https://elsewhere.example", "elsewhere.example", "//elsewhere.example", "http://localhost@elsewhere.example",
        "https://localhost.elsewhere.example", "https://elsewhere.example/localhost", "http://[elsewhere",
        "https://elsewhere.example/?to=http://localhost:8000",
    ],
)  # fmt: skip
def test_link_of_another_site_is_not_ours_and_says_so(stranger: Client, certificate: Certificate, site: str):
    response = stranger.post("/verify/", {"q": f"{site}/c/{certificate.public_id}"})
    assert (response.status_code, "This link leads to another site" in text_of(response)) == (200, True)


def test_form_of_another_site_may_ask(certificate: Certificate):
    elsewhere = Client(enforce_csrf_checks=True, headers={"Origin": "https://agency.example"})
    response = elsewhere.post("/verify/", {"q": certificate.short_code})
    assert response["Location"] == f"/c/{certificate.public_id}"


@pytest.mark.parametrize(
    "wrong, message",
    [
        ("", "Type the number from the certificate."),
        ("   ", "Type the number from the certificate."),
        ("#TOKENOFSOMEBODY", "Type the number from the certificate."),
        ("7Q4K-28FD", "This is not a certificate number."),
        ("not a number at all", "This is not a certificate number."),
        ("7Q4K-28FD-M3XR-9", "This is not a certificate number."),
    ],
)
def test_what_is_no_number_is_said_so(stranger: Client, keys: None, wrong: str, message: str):
    response = stranger.post("/verify/", {"q": wrong})
    assert response.status_code == 200
    assert message in text_of(response)
    assert "<title>Error: " in text_of(response)


def field_of(response: Any) -> str | None:
    found = re.search(r'<input type="text" name="q"(?: value="([^"]*)")?', text_of(response))
    assert found is not None
    return found[1]


def test_what_was_typed_stays_but_nothing_from_the_hash_on(stranger: Client, keys: None):
    response = stranger.post("/verify/", {"q": "7Q4K-28FD#NAMEOFSOMEBODY"})
    assert field_of(response) == "7Q4K-28FD"
    assert "NAMEOFSOMEBODY" not in text_of(response)


def test_number_of_nobody_is_said_not_to_be_known_and_stays_in_the_form(stranger: Client, keys: None):
    for ask in (stranger.get, stranger.post):
        response = ask("/verify/", {"q": "7q4k 28fd m3xr"})
        assert response.status_code == 404
        assert "No certificate has this number" in text_of(response)
        assert field_of(response) == "7q4k 28fd m3xr"


def test_page_to_ask_on_may_be_found_by_search_engines_but_no_answer_may(stranger: Client, keys: None):
    robots = '<meta name="robots" content="noindex">'
    assert robots not in text_of(stranger.get("/verify/"))
    assert robots in text_of(stranger.get("/verify/", {"q": "x"}))
    assert robots in text_of(stranger.get("/verify/", {"q": "7Q4K28FDM3XR"}))


def test_logs_hold_no_number_and_no_token(
    stranger: Client, certificate: Certificate, caplog: pytest.LogCaptureFixture
):
    text = certificate.bearer.qr_text or ""
    stranger.post("/verify/", {"q": text})
    stranger.get("/verify/", {"q": certificate.short_code})
    stranger.get(f"/c/{certificate.public_id}")
    presented(stranger, certificate, text)
    said = caplog.text
    assert "request_finished" in said
    for secret in (text.partition("#")[2][:30], certificate.short_code, certificate.public_id):
        assert secret not in said


def test_too_many_questions_from_one_address_are_slowed_down(
    stranger: Client, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(views_public, "LIMIT", 3)
    address = f"/c/{certificate.public_id}"
    assert [stranger.get(address).status_code for _time in range(4)] == [200, 200, 200, 429]
    refused = stranger.get("/verify/")
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert stranger.get(address, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_script_that_asks_too_often_is_told_in_json(
    stranger: Client, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
):
    """As for every answer of these addresses, also where a browser asks."""
    monkeypatch.setattr(views_public, "LIMIT", 0)
    address = f"/c/{certificate.public_id}"
    for answer in (
        stranger.get(f"{address}.json"),
        stranger.get(f"{address}.json", headers={"accept": "text/html,*/*;q=0.8"}),
        stranger.post(f"{address}/credential", {"token": "x"}),
        stranger.get("/status/1"),
        stranger.get("/.well-known/did.json"),
    ):
        assert (answer.status_code, answer.json()) == (429, {"error": "too many requests"})
        assert answer["Content-Type"] == "application/json"
        assert answer["Retry-After"] == "60" and "no-store" in answer["Cache-Control"]
        assert answer["Access-Control-Allow-Origin"] == "*"

"""What is written down: one JSON object a line, with the request's id, and nobody in it."""

import io
import json
import logging
import logging.config
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import path

from elearning.urls import handler403, handler404, handler500  # noqa: F401
from elearning.urls import urlpatterns as addresses
from operations import logs, outbox
from operations.models import Errand
from people.models import User
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
type Lines = Callable[[], list[dict[str, Any]]]


def broken(request: Any, secret: str) -> None:
    raise RuntimeError("cannot mail ayten@agency.example\nDETAIL: (Məmmədova, 5ABC123)")


urlpatterns = [path("broken/<secret>/", broken), *addresses]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Return what the configured handler writes while the test runs."""
    handler = logging.getLogger().handlers[0]
    for candidate in logging.getLogger().handlers:
        if type(candidate) is logging.StreamHandler:
            handler = candidate
    assert isinstance(handler, logging.StreamHandler)
    stream, before = io.StringIO(), handler.stream
    handler.setStream(stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    handler.setStream(before)


def test_request_is_logged_by_its_route_with_an_id(lines: Lines, client: Client) -> None:
    client.get("/c/AAAAAAAAAAAAAAAAAAAAAA?q=secret&lang=en", REMOTE_ADDR="198.51.100.7")
    (line,) = [line for line in lines() if line["event"] == "request_finished"]
    assert line["request"].startswith("GET /c/<") and line["code"] == 404
    assert len(line["request_id"]) == 36 and line["level"] == "warning"
    text = json.dumps(line)
    assert [word for word in ("AAAA", "secret", "198.51") if word in text] == []


def test_each_request_has_another_id(lines: Lines, client: Client) -> None:
    client.get("/livez")
    client.get("/livez")
    first, second = [line["request_id"] for line in lines()]
    assert first != second


def test_sign_in_names_nobody(lines: Lines, client: Client, officer: User) -> None:
    for password in ("wrong", PASSWORD):
        client.post("/en/account/login/", {"login": officer.email, "password": password})
    client.get("/en/", headers={"user-agent": "Aytən's telephone"})
    text = json.dumps(lines(), ensure_ascii=False)
    nobody = [officer.email, officer.family_name, officer.given_name, officer.public_id, "telephone"]
    assert [word for word in nobody if word in text] == []
    assert "request_finished" in text


@pytest.mark.urls("tests.operations.test_logs")
def test_failed_request_tells_where_and_not_whom(lines: Lines) -> None:
    Client(raise_request_exception=False).get("/broken/5ABC123/?name=Aytən")
    (line,) = [line for line in lines() if line["level"] == "error"]
    assert (line["event"], line["request"]) == ("request_failed", "GET /broken/<secret>/")
    assert line["exception"].splitlines()[0] == "RuntimeError: cannot mail …"
    assert "tests/operations/test_logs.py:" in line["exception"]
    text = json.dumps(line, ensure_ascii=False)
    assert [word for word in ("ayten", "Məmmədova", "5ABC123", "Aytən") if word in text] == []


def test_address_that_does_not_exist_is_not_repeated(lines: Lines, client: Client) -> None:
    client.get("/ayten@agency.example")
    (line,) = lines()
    assert line["request"] == "GET (no such address)"


def test_refusal_of_the_database_names_no_row(lines: Lines, officer: User) -> None:
    try:
        with transaction.atomic():
            User.objects.create(family_name="Quliyev", given_name="Orxan", email=officer.email)
    except IntegrityError:
        logging.getLogger("operations").exception("refused")
    (line,) = lines()
    assert [word for word in (officer.email, "Quliyev") if word in json.dumps(line)] == []
    assert line["exception"].startswith("IntegrityError: ")


def test_causes_are_told_from_the_outside_in(lines: Lines) -> None:
    try:
        try:
            raise KeyError("inner")
        except KeyError as error:
            raise ValueError("outer") from error
    except ValueError:
        logging.getLogger("operations").exception("both")
    words = [line for line in lines()[0]["exception"].splitlines() if not line.startswith("  ")]
    assert words == ["ValueError: outer", "because of KeyError: 'inner'"]


def test_error_kept_in_an_errand_names_nobody(kinds: Any) -> None:
    def fail(errand: Errand) -> None:
        raise RuntimeError("no answer for ayten@agency.example\nKey (email)=(ayten@agency.example)")

    outbox.register_errand("test.fails", outbox.ErrandStep("x", prepare=fail))
    outbox.enqueue("test.fails", "a")
    errand = outbox.claim(only=["test.fails"])
    assert errand is not None
    outbox.attend(errand)
    assert Errand.objects.get(kind="test.fails").error == "RuntimeError: no answer for …"


def test_failed_errand_is_logged_with_its_reference(lines: Lines, kinds: Any) -> None:
    outbox.register_errand("test.fails", outbox.ErrandStep("x", prepare=lambda errand: 1 / 0))
    outbox.enqueue("test.fails", "key-1")
    errand = outbox.claim(only=["test.fails"])
    assert errand is not None
    outbox.attend(errand)
    (line,) = lines()
    reference = Errand.objects.get(kind="test.fails").reference
    assert (line["event"], line["errand"], line["errand_key"], line["reference"]) == (
        "errand failed", "test.fails", "key-1", reference,
    )  # fmt: skip


def test_objects_that_libraries_hang_on_a_record_are_dropped(lines: Lines) -> None:
    logging.getLogger("operations").warning("%s came", "something", extra={"request": object(), "n": 1})
    (line,) = lines()
    assert (line["event"], line["n"], line["level"], "request" in line) == (
        "something came", 1, "warning", False,
    )  # fmt: skip


def test_long_words_are_cut() -> None:
    assert len(logs.words_of(RuntimeError("x" * 10_000))) == 500
    assert logs.words_of(RuntimeError()) == "RuntimeError: "


def test_readable_logs_are_for_people_at_a_terminal() -> None:
    try:
        logging.config.dictConfig(logs.configured(readable=True))
    finally:
        logging.config.dictConfig(settings.LOGGING)

"""What no database keeps, too much of it, or no text at all, sent to every address of the product: never a 500."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from people.models import User

from .factories import client_of
from .refusals import things
from .share import asked_here
from .test_refusals import TABLE, clients, expected, path_of, world  # noqa: F401 - fixtures

READERS = re.compile(
    r"""\.(?:GET|POST)(?:\.get|\.getlist)?[\[(]\s*"(\w+)"|"(\w+)" (?:not )?in request\.(?:GET|POST)"""
)
FIELDS = re.compile(
    r"""^    (\w+) = (?:forms\.\w+Field|NameField|DayField|_day|_one_of|_in_words)\(""", re.MULTILINE
)
LONG = "9" * 5000


def names() -> list[str]:
    """Of all values that any view or form of ours reads from a request."""
    found: set[str] = {"answers", "form-0-x"}
    for app in (
        "operations",
        "people",
        "merging",
        "audit",
        "accounts",
        "privacy",
        "rosters",
        "standards",
        "assessments",
        "courses",
        "certificates",
        "clearance",
        "elearning",
    ):
        for path in (Path(settings.BASE_DIR) / app).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            found |= {name for pair in READERS.findall(text) for name in pair if name} | set(
                FIELDS.findall(text)
            )
    return sorted(found - {"lang"})


def who_gets_in(outcomes) -> str:
    return next((who for who, what in expected(outcomes).items() if what == "200"), "admin")


def status(client: Client, method: str, path: str, query: str) -> int:
    """The request's changes are taken back."""
    cookies = client.cookies.copy()
    client.raise_request_exception = False
    with transaction.atomic():
        if method == "GET":
            answer = client.get(path.partition("?")[0] + "?" + query)
        else:
            answer = client.post(path, query, content_type="application/x-www-form-urlencoded")
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer.status_code


def asked(world: dict[str, str], clients: dict[str, Client]):  # noqa: F811
    things.tick([client for who, client in clients.items() if who != "visitor"], world)
    both = ((row, *one) for row, two in TABLE.items() for one in zip(("GET", "POST"), two, strict=True))
    for row, method, outcomes in asked_here(both, one_in=5):
        yield f"{method} {row}", method, path_of(row, world), clients[who_gets_in(outcomes)]


def test_names_are_found_in_the_source():
    assert {"ids", "q", "page", "p", "family_name", "sure", "at", "first_day"} <= set(names())


def answers(values, world, clients):  # noqa: F811
    """{what was asked: status} of every address, each value in every name."""
    queries = ["&".join(f"{name}={value}" for name in names()) for value in values]
    return {
        f"{name}, {query[:40]}": status(client, method, path, query)
        for name, method, path, client in asked(world, clients)
        for query in queries
    }


@pytest.mark.usefixtures("counted_once")
def test_nul_byte_is_refused_at_every_address(world, clients):  # noqa: F811
    found = answers(["LAB%00-0417"], world, clients)
    assert {name: got for name, got in found.items() if got not in {400, 405, 301, 302}} == {}
    assert list(found.values()).count(400) > 25


@pytest.mark.usefixtures("counted_once")
def test_nonsense_is_never_a_failure_of_ours(world, clients):  # noqa: F811
    values = [
        "9" * 2000,
        "%ff%fe%ed%a0%80" + quote("ə" * 300 + "'\"<x>\\\u2028\U0010ffff"),
        "9999-12-31T23:59:59.999999",
    ]
    assert {name: got for name, got in answers(values, world, clients).items() if got == 500} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["ids", "id"])
def test_more_ids_than_a_database_takes_are_no_failure(name, coordinator, officer):
    ids = "+".join(map(str, range(100_000))) if name == "ids" else "&id=".join(["x"] * 900)
    client = client_of(coordinator)
    client.raise_request_exception = False
    for path in ("/en/people/invitations/act/", "/en/people/invitations/new/"):
        assert status(client, "POST", path, f"what=withdraw&way=mail&{name}={ids}") in {200, 302}


@pytest.mark.django_db
def test_nul_byte_is_refused_in_an_address_a_cookie_and_a_body(officer: User, client: Client):
    assert client_of(officer).get("/en/people/%00/").status_code == 404
    client.cookies["sessionid"] = '"abcdefgh\\000"'
    assert client.get("/verify/").status_code == 200
    sent = client_of(officer).post(
        "/az/attempts/AAAAAAAAAAAAAAAAAAAAAA/1/1/answers/",
        b'{"session": "\\u0000"}',
        content_type="application/json",
    )
    assert sent.status_code == 400


@pytest.mark.django_db
def test_refusal_is_a_page_in_the_readers_language(client: Client):
    page = client.get("/verify/?q=%00")
    assert page.status_code == 400 and "Sorğunu oxumaq mümkün deyil" in page.text

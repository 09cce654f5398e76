"""Sessions of administrators, registrars and rule owners end early; everybody else's last their week."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts import session_limits
from people.actions.grants import revoke_grant
from people.models import Grant, User
from tests.elearning.pages import tree, words
from tests.factories import PASSWORD, Position, client_of, counted, give, make_person

HOUR = 60 * 60
SHORT = ["admin", "registrar", "rule_owner"]
LOGIN = "/en/account/login/"
PAGE = "/en/certificates/"
IDLE = "You were signed out: with your position a session ends after 60 minutes without activity. What was saved is kept."
LONG = (
    "You were signed out: with your position you must sign in again after 12 hours. What was saved is kept."
)


class Later:
    """Time that goes on by itself and can be moved ahead."""

    def __init__(self) -> None:
        self.by = 0.0
        self.real = time.time

    def __call__(self) -> float:
        return self.real() + self.by


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Iterator[Later]:
    clock = Later()
    monkeypatch.setattr(time, "time", clock)
    yield clock


@pytest.fixture
def rule_owner(db: Any) -> User:
    person = make_person("Səfərova", "Leyla", email="rule.owner@agency.example", password=PASSWORD)
    give(person, Position.RULE_OWNER)
    return person


def signed_in(client: Client) -> bool:
    return settings.SESSION_COOKIE_NAME in client.cookies and "_auth_user_id" in client.session


def told(client: Client) -> str:
    """Return what the page says on which one lands."""
    page = client.get(PAGE, follow=True)
    assert page.redirect_chain[-1][0] == f"{LOGIN}?next={PAGE}"
    return words(tree(page.content))


@pytest.mark.parametrize("who", SHORT)
def test_hour_without_a_request_ends_it(who: str, request: Any, later: Later):
    client = client_of(request.getfixturevalue(who))
    key = client.session.session_key
    later.by = 59 * 60
    assert client.get(PAGE).status_code == 200
    later.by += 59 * 60
    assert client.get(PAGE).status_code == 200  # the hour begins anew
    later.by += 62 * 60
    assert IDLE in told(client)
    assert not signed_in(client) and not Session.objects.filter(session_key=key).exists()


@pytest.mark.parametrize("who", SHORT)
def test_twelve_hours_end_it_however_busy(who: str, request: Any, later: Later):
    client = client_of(request.getfixturevalue(who))
    for _hour in range(17):
        later.by += 42 * 60
        assert client.get(PAGE).status_code == 200
    later.by += 10 * 60
    assert LONG in told(client)


@pytest.mark.parametrize("who", ["officer", "coordinator", "auditor", "trainer", "duty_officer"])
def test_others_keep_their_week(who: str, request: Any, later: Later):
    client = client_of(request.getfixturevalue(who))
    later.by = 6 * 24 * HOUR
    assert client.get(PAGE).status_code == 200


def test_proving_again_gives_no_more_hours(registrar: User, later: Later):
    client = client_of(registrar)
    for _time in range(17):
        later.by += 42 * 60
        client.post("/en/account/reauthenticate/", {"password": PASSWORD})
        assert client.get(PAGE).status_code == 200
    later.by += 10 * 60
    assert LONG in told(client)


@pytest.mark.parametrize(("hours", "said"), [(0.5, ""), (2, IDLE), (20, LONG)])
def test_position_that_is_given_holds_for_the_session_that_is_open(
    hours: float, said: str, officer: User, later: Later
):
    """At once: nothing of the position is done in a session that would be over with it."""
    client = client_of(officer)
    later.by = hours * HOUR
    assert client.get(PAGE).status_code == 200
    give(officer, Position.REGISTRAR)
    if said:
        assert said in told(client)
        assert client.get("/en/certificates/register/").url.startswith(LOGIN)
    else:
        assert client.get("/en/certificates/register/").status_code == 200
        later.by += 61 * 60
        assert IDLE in told(client)


def test_position_that_has_ended_ends_no_session(registrar: User, registrar2: User, later: Later):
    client = client_of(registrar)
    revoke_grant(grant=Grant.objects.get(person=registrar), reason="moved", by=None)
    assert client.get(PAGE).status_code == 200
    later.by = 20 * HOUR
    assert client.get(PAGE).status_code == 200


def test_emergency_access_counts_as_every_position(officer: User, later: Later):
    client = client_of(officer)
    call_command("break_glass", officer.email, reason="Order 12")
    later.by = 61 * 60
    assert IDLE in told(client)


def test_script_is_told_by_its_status(registrar: User, later: Later):
    """As for any session that has ended; a browser with answers keeps them and asks to sign in."""
    client = client_of(registrar)
    later.by = 2 * HOUR
    path = reverse("assessments:answers", args=["A" * 22, 1, 1])
    assert client.post(path, "{}", content_type="application/json").status_code == 401


def test_page_for_everybody_is_shown_to_who_was_signed_out(registrar: User, later: Later):
    client = client_of(registrar)
    later.by = 2 * HOUR
    page = client.get("/en/help/")
    assert page.status_code == 200 and LOGIN in page.text
    assert not signed_in(client)


def test_looking_costs_no_query_and_noting_one_a_minute(registrar: User, officer: User, later: Later):
    of_sessions = []
    for person in (officer, registrar):
        client = client_of(person)
        client.get(PAGE)
        with counted() as looking:
            client.get(PAGE)
        of_sessions.append(sum("session" in query["sql"] for query in looking))
    assert of_sessions[0] == of_sessions[1]
    later.by = session_limits.NOTED_EVERY + 1
    with counted() as noting:
        client.get(PAGE)
    with counted() as again:
        client.get(PAGE)
    # an update, and the savepoint around it
    assert (len(noting), len(again)) == (len(looking) + 3, len(looking))


def test_signing_in_again_leads_back_and_begins_anew(admin: User, later: Later):
    client = client_of(admin)
    later.by = 13 * HOUR
    assert client.get("/en/people/accounts/").url == f"{LOGIN}?next=/en/people/accounts/"
    answer = client.post(LOGIN, {"login": admin.email, "password": PASSWORD, "next": "/en/people/accounts/"})
    assert answer.url == "/en/people/accounts/"
    later.by += 59 * 60
    assert signed_in(client)

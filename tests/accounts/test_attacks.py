"""Attacks on signing in, from outside: guessing, planting, forging, leading astray."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail, signing
from django.test import Client

from accounts.actions.accounts import close_account
from accounts.actions.invitations import invite
from accounts.models import Invitation
from operations.models import AuditEntry
from operations.outbox import work_off
from people.models import User
from tests import factories
from tests.elearning.pages import tree, words
from tests.factories import PASSWORD, client_of, counted

LOGIN = "/az/account/login/"
AWAY = ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example/", "javascript:alert(1)"]


def tries(email: str, password: str, number: int = 1, **headers: str) -> list[bool]:
    """Did each come in?"""
    opened = []
    for _number in range(number):
        client = Client()
        client.post(LOGIN, {"login": email, "password": password}, **headers)
        opened.append("_auth_user_id" in client.session)
    return opened


# --- guessing ------------------------------------------------------------------------------------------------


def test_other_host_names_and_ports_do_not_begin_the_count_anew(officer):
    for port in range(9):
        tries(officer.email, "wrong", HTTP_HOST=f"localhost:{9000 + port}")
    assert tries(officer.email, PASSWORD, HTTP_HOST="localhost:9999") == [False]


def test_claimed_addresses_do_not_begin_the_count_anew(officer):
    for number in range(9):
        tries(officer.email, "wrong", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    assert tries(officer.email, PASSWORD, HTTP_X_FORWARDED_FOR="198.51.100.99") == [False]


def test_writing_the_address_otherwise_does_not_begin_the_count_anew(officer):
    for written in [officer.email, officer.email.upper(), f" {officer.email} "] * 3:
        tries(written, "wrong")
    assert tries(officer.email, PASSWORD) == [False]


def test_five_hundred_sign_ins_a_minute_from_one_address_pass(db):
    people = [
        factories.make_person(email=f"colleague{number}@agency.example", password=PASSWORD)
        for number in range(100)
    ]
    assert all(opened for person in people for opened in tries(person.email, PASSWORD, 5))


@pytest.fixture
def networks(settings):
    settings.AGENCY_NETWORKS = ["10.20.0.0/16", "2001:db8::/48"]


def test_whole_agency_with_wrong_passwords_does_not_shut_out_a_colleague(officer, networks):
    for number in range(120):
        tries(f"colleague{number}@agency.example", "wrong", REMOTE_ADDR="10.20.3.4")
    assert tries(officer.email, PASSWORD, REMOTE_ADDR="10.20.3.4") == [True]


def test_colleague_at_the_usual_computer_is_not_shut_out_where_no_network_is_named(officer):
    usual = Client()
    usual.post(LOGIN, {"login": officer.email, "password": PASSWORD})
    usual.post("/az/account/logout/")
    for number in range(120):
        tries(f"colleague{number}@agency.example", "wrong")
    assert tries(officer.email, PASSWORD) == [False]
    assert comes_in(usual, officer.email)


@pytest.mark.parametrize("named", [[], ["10.20.0.0/16"]])
def test_sixty_accounts_with_one_wrong_password_each_are_slowed(named, settings, db):
    """The passwords of those after the first are not looked at, right or wrong, however they are spaced."""
    settings.AGENCY_NETWORKS = named
    people = [
        factories.make_person(email=f"sprayed{number}@agency.example", password=PASSWORD)
        for number in range(60)
    ]
    outside = {"REMOTE_ADDR": "203.0.113.7"}
    for person in people[:20]:
        tries(person.email, "winter-2026-winter", **outside)
    assert [tries(person.email, PASSWORD, **outside) for person in people[20:]] == [[False]] * 40
    answer = Client().post("/en/account/login/", {"login": people[0].email, "password": "wrong"}, **outside)
    assert "Too many attempts. Wait a few minutes, then try again" in answer.text
    assert tries(people[0].email, PASSWORD, REMOTE_ADDR="203.0.113.8") == [True]
    assert tries(people[0].email, PASSWORD, REMOTE_ADDR="10.20.3.4") == [True]


def test_spray_that_takes_its_time_is_slowed_by_the_hour(officer, monkeypatch):
    moment = time.time()
    for number in range(100):
        monkeypatch.setattr(time, "time", lambda: moment + 10 * number)  # noqa: B023 - called before the next
        tries(f"somebody{number}@agency.example", "wrong")
    assert tries(officer.email, PASSWORD) == [False]


# --- a browser that knows the account ----------------------------------------------------------------------


@pytest.fixture
def usual(officer):
    """The browser with which the officer signed in before."""
    client = Client()
    client.post(LOGIN, {"login": officer.email, "password": PASSWORD})
    client.post("/az/account/logout/")
    return client


def comes_in(client: Client, login: str, password: str = PASSWORD, **headers: str) -> bool:
    client.post(LOGIN, {"login": login, "password": password}, **headers)
    return "_auth_user_id" in client.session


def test_stranger_does_not_shut_the_owner_out(usual, officer):
    tries(officer.email, "wrong", 12)
    assert tries(officer.email, PASSWORD) == [False]
    assert comes_in(usual, officer.email.upper())


def test_who_signs_in_by_number_is_not_shut_out_either(unit, role):
    person = factories.make_person(
        "Rzayev", "Elçin", password=PASSWORD, unit=unit, role=role, service_number="LAB-7788"
    )
    User.objects.filter(pk=person.pk).update(email=None)
    EmailAddress.objects.filter(user=person).delete()
    client = Client()
    assert comes_in(client, "LAB-7788")
    client.post("/az/account/logout/")
    tries("LAB-7788", "wrong", 12)
    assert tries("LAB-7788", PASSWORD) == [False]
    assert comes_in(client, "lab-7788")


def test_known_browser_guesses_no_more_than_a_stranger(usual, officer):
    assert [comes_in(usual, officer.email, "wrong") for _ in range(9)] == [False] * 9
    assert not comes_in(usual, officer.email)
    assert tries(officer.email, PASSWORD) == [True]  # and shuts nobody else out


def test_each_known_browser_is_counted_by_itself(usual, officer):
    other = Client()
    assert comes_in(other, officer.email)
    other.post("/az/account/logout/")
    for _number in range(9):
        comes_in(usual, officer.email, "wrong")
    assert comes_in(other, officer.email)


def test_browser_known_to_one_account_is_a_strangers_to_all_others(usual, officer2):
    tries(officer2.email, "wrong", 9)
    assert not comes_in(usual, officer2.email)


def test_forged_cookie_makes_no_browser_known(officer):
    tries(officer.email, "wrong", 9)
    client = Client()
    for value in (
        "WyJ4Il0:1:1",
        "",
        "[]",
        signing.dumps({"a": 1}),
        signing.dumps(7, salt="nisane_known"),
        signing.dumps([], salt="nisane_known"),
    ):
        client.cookies["nisane_known"] = value
        assert not comes_in(client, officer.email)


def test_nobody_outside_shuts_out_an_officer_inside(officer, networks):
    tries(officer.email, "wrong", 12, REMOTE_ADDR="203.0.113.7")
    assert tries(officer.email, PASSWORD, REMOTE_ADDR="203.0.113.7") == [False]
    assert tries(officer.email, PASSWORD, REMOTE_ADDR="10.20.3.4") == [True]
    assert tries(officer.email, PASSWORD, REMOTE_ADDR="2001:db8::17") == [True]


def test_address_outside_is_slowed_after_sixty_wrong_passwords_of_whomever(officer, networks):
    for number in range(60):
        tries(f"somebody{number}@agency.example", "wrong", REMOTE_ADDR="203.0.113.7")
    assert tries(officer.email, PASSWORD, REMOTE_ADDR="203.0.113.7") == [False]
    assert tries(officer.email, PASSWORD, REMOTE_ADDR="203.0.113.8") == [True]


def test_proxy_is_believed_only_where_it_is_configured(officer, networks, settings):
    inside = {"HTTP_X_FORWARDED_FOR": "10.20.3.4", "REMOTE_ADDR": "203.0.113.7"}
    tries(officer.email, "wrong", 9, REMOTE_ADDR="203.0.113.7")
    assert tries(officer.email, PASSWORD, **inside) == [False]
    settings.TRUSTED_PROXIES = 1
    assert tries(officer.email, PASSWORD, **inside) == [True]
    forged = {**inside, "HTTP_X_FORWARDED_FOR": "10.20.3.4, 203.0.113.7"}
    assert tries(officer.email, PASSWORD, **forged) == [False]


def test_asking_again_is_slowed_too(officer):
    client = client_of(officer, proved=0)
    page = "/az/account/reauthenticate/"
    for _number in range(9):
        client.post(page, {"password": "wrong"})
    assert client.post(page, {"password": PASSWORD, "next": "/az/"}).status_code != 302


@pytest.mark.parametrize("typed", ["again:{}", " AGAIN:{}", "again: {}"])
def test_nobody_shuts_out_who_is_asked_again(officer, typed):
    """The id stands in the addresses of pages that colleagues see."""
    tries(typed.format(officer.public_id), "wrong", 9)
    page, asked = "/az/account/reauthenticate/", client_of(officer, proved=0)
    assert asked.post(page, {"password": PASSWORD, "next": "/az/"}).status_code == 302


# --- leading astray ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("away", AWAY)
def test_no_page_of_the_door_leads_outside(officer, away):
    signed = Client().post(LOGIN, {"login": officer.email, "password": PASSWORD, "next": away})
    again = client_of(officer, proved=0).post(
        "/az/account/reauthenticate/", {"password": PASSWORD, "next": away}
    )
    out = client_of(officer).post("/az/account/logout/", {"next": away})
    assert [response.url for response in (signed, again, out)] == ["/az/", "/az/", "/az/"]


def test_page_after_the_second_step_is_ours(registrar):
    client = client_of(registrar, second_factor=False)
    client.get("//elsewhere.example/az/certificates/register/")
    assert not client.session.get("after_second_factor", "").startswith("//")


def test_letters_lead_here_whatever_host_was_asked(officer, settings):
    settings.ALLOWED_HOSTS = ["*"]
    Client().post("/az/account/password/reset/", {"email": officer.email}, HTTP_HOST="elsewhere.example")
    work_off(["accounts.reset_mail"])
    [message] = mail.outbox
    assert "elsewhere.example" not in message.body + message.alternatives[0][0]
    assert f"{settings.BASE_URL}/az/account/password/reset/key/" in message.body


def test_unknown_host_is_refused(db):
    assert Client().get(LOGIN, HTTP_HOST="elsewhere.example").status_code == 400


# --- forging --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "account/login/", "account/logout/", "account/password/reset/", "account/password/change/", "account/first/",
        "account/first/password/", "account/reauthenticate/", "account/second-step/totp/activate/",
        "account/second-step/authenticate/", "account/second-step/recovery-codes/generate/",
        "account/second-step/webauthn/login/", "account/sessions/", "people/invitations/new/", "people/invitations/act/",
    ],
)  # fmt: skip
def test_form_without_its_token_is_refused(coordinator, path):
    client = client_of(coordinator, enforce_csrf_checks=True)
    assert client.post(f"/az/{path}", {"password": PASSWORD}).status_code == 403


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(officer):
    client = Client()
    client.post(LOGIN, {"login": officer.email, "password": PASSWORD})
    kept = {name: (morsel["httponly"], morsel["samesite"]) for name, morsel in client.cookies.items()}
    assert kept.pop("sessionid") == (True, "Lax")
    assert set(kept.values()) <= {(True, "Lax"), ("", "")}


# --- telling nothing ---------------------------------------------------------------------------------------------------


@pytest.fixture
def alike(officer, unit, role, agency):
    """An account, one that was switched off, one entered and invited, and nobody."""
    off = factories.make_person("Abbasov", "Elşən", email="off@agency.example", password=PASSWORD)
    close_account(person=off, reason="test", by=None)
    invited = factories.make_person("Qasımova", "Lalə", email="invited@agency.example", unit=unit, role=role)
    invite(people=[invited], agency=agency, way=Invitation.Way.MAIL, by=None)
    return [officer.email, off.email, invited.email, "nobody@agency.example"]


def shown(path: str, **fields: str) -> tuple[int, str]:
    response = Client().post(path, fields, follow=True)
    return response.status_code, words(tree(response.content).find(".//main"))


def test_wrong_password_says_the_same_of_all(alike):
    assert len({shown(LOGIN, login=email, password="wrong-one-here") for email in alike}) == 1


def test_forgotten_password_says_the_same_of_all(alike):
    assert len({shown("/az/account/password/reset/", email=email) for email in alike}) == 1


def test_numbers_say_the_same_of_all(officer):
    numbers = ["LAB-0417", "LAB-9999", "x"]
    assert len({shown("/az/account/first/", number=number, code="0000 0000 0000") for number in numbers}) == 1
    assert len({shown(LOGIN, login=number, password=PASSWORD) for number in numbers}) == 1


# --- as much work, whoever it is ----------------------------------------------------------------------------------------


@pytest.fixture
def effort(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, int, int, str]]:
    """Of one request: the status, how many queries and password hashes it took, and what the page says."""
    hashes: list[str] = []
    encode = MD5PasswordHasher.encode

    def counting(self: Any, password: str, *more: Any, **others: Any) -> str:
        hashes.append(password)
        return encode(self, password, *more, **others)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)

    def asked(path: str, client: Client | None = None, **fields: str) -> tuple[int, int, int, str]:
        client = client or Client()
        hashes.clear()
        with counted() as queries:
            answer = client.post(path, fields)
        made, work = len(hashes), [one for one in queries.captured_queries if "SAVEPOINT" not in one["sql"]]
        shown = client.get(answer.url) if answer.status_code == 302 else answer
        return answer.status_code, len(work), made, words(tree(shown.content).find(".//main"))

    return asked


def test_wrong_password_takes_the_same_work(effort, alike):
    assert len({effort(LOGIN, login=email, password="wrong-one-here") for email in alike}) == 1


def test_forgotten_password_takes_the_same_work(effort, alike):
    assert len({effort("/az/account/password/reset/", email=email) for email in alike}) == 1


def test_numbers_take_the_same_work(effort, officer, unit):
    """One with an address, one without who signs in by it, one that nobody has."""
    bare = factories.make_person("Quliyeva", "Nərmin", password=PASSWORD, unit=unit, service_number="MIA 12")
    User.objects.filter(pk=bare.pk).update(email=None)
    numbers = ["LAB-0417", "MIA 12", "LAB-9999"]
    assert len({effort(LOGIN, login=number, password="wrong-one-here") for number in numbers}) == 1
    sheet = "/az/account/first/"
    assert len({effort(sheet, number=number, code="0000 0000 0000") for number in numbers}) == 1


def test_links_of_invitations_take_the_same_work(effort, alike):
    known = Invitation.objects.get().public_id
    answers = []
    for public_id in (known, "A" * 22):
        with counted() as queries:
            answer = Client().get(f"/az/account/invitation/{public_id}/{'0' * 40}/")
        answers.append((answer.status_code, len(queries), words(tree(answer.content).find(".//main"))))
    assert answers[0] == answers[1]


def passkey_of(handle: str) -> str:
    """Return what a browser would send for a key of this person; nobody has it."""

    def written(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    told = {"type": "webauthn.get", "challenge": written(b"x" * 32), "origin": "http://localhost:8000"}
    response = {
        "clientDataJSON": written(json.dumps(told).encode()), "signature": written(b"s"),
        "authenticatorData": written(bytes(32) + b"\x05" + bytes(4)), "userHandle": written(handle.encode()),
    }  # fmt: skip
    key = written(b"k" * 16)
    return json.dumps({"id": key, "rawId": key, "type": "public-key", "response": response})


def test_passkey_of_nobody_takes_the_same_work_as_a_wrong_one(effort, officer, outsider):
    def answer_to(handle: str) -> tuple[int, int, int, str]:
        client = Client()
        client.get("/az/account/second-step/webauthn/login/", headers={"accept": "application/json"})
        found = effort("/az/account/second-step/webauthn/login/", client, credential=passkey_of(handle))
        assert "_auth_user_id" not in client.session
        return found

    handles = [user_pk_to_url_str(officer), user_pk_to_url_str(outsider), "zzzzz"]
    answers = [answer_to(handle) for handle in handles]
    assert answers[0] == answers[1] == answers[2]
    for odd in ("zzzzzzzzzzzzzz", "%", "ə", ""):
        status, _queries, _hashes, page = answer_to(odd)
        assert (status, page) == (answers[0][0], answers[0][3])


# --- sessions -------------------------------------------------------------------------------------------------------------


def test_other_browsers_are_signed_out(officer):
    here, there = Client(), Client()
    for client in (here, there):
        client.post(LOGIN, {"login": officer.email, "password": PASSWORD})
    assert "2" in words(tree(here.get("/az/people/account/").content).find(".//main"))
    here.post("/az/account/sessions/")
    assert here.get("/az/people/account/").status_code == 200
    assert there.get("/az/people/account/").status_code == 302


def test_changed_password_ends_other_browsers(officer):
    there = Client()
    there.post(LOGIN, {"login": officer.email, "password": PASSWORD})
    new = "yaşıl-dəniz-on-iki"
    client_of(officer).post(
        "/az/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert there.get("/az/people/account/").status_code == 302
    assert AuditEntry.objects.filter(act="accounts.set_password", by=officer).count() == 1


def test_writing_the_number_otherwise_does_not_begin_the_count_anew(unit):
    bare = factories.make_person("Quliyeva", "Nərmin", password=PASSWORD, unit=unit, service_number="MIA 12")
    User.objects.filter(pk=bare.pk).update(email=None)
    assert tries("mia  12", PASSWORD) == [True]
    for written in ["MIA 12", "mia  12", " MIA   12 ", "mıa 12"] * 3:
        tries(written, "wrong")
    assert tries("MIA 12", PASSWORD) == [False]


@pytest.mark.parametrize("wanted", ["foo", "people:list", "javascript:alert(1)", "//elsewhere.example/"])
def test_door_of_the_authoring_pages_leads_to_them_alone(wanted, trainer):
    assert client_of(trainer).get(f"/cms/login/?next={wanted}").url == "/cms/"


def test_door_of_the_authoring_pages_takes_no_character_that_is_none(trainer):
    assert client_of(trainer).get("/cms/login/?next=%00").status_code == 400

"""Pages of signing in: plain words, errors tied to their fields, nothing given away."""

import re

import pytest
from django.core import mail
from django.test import Client

from operations.outbox import work_off
from tests.factories import PASSWORD

from .pages import loose_ends, tree, with_class, words


def post(path: str, **fields: str):
    return Client().post(path, fields, follow=True)


def told(response) -> list[str]:
    return [words(item) for item in with_class(tree(response.content), "errs")[0].iter("li")]


@pytest.mark.parametrize(
    "path", ["login", "password/reset", "password/reset/done", "inactive", "password/reset/key/done"]
)
@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_page_is_ours_and_tied_together(path, language, db):
    response = Client().get(f"/{language}/account/{path}/")
    page = tree(response.content)
    assert (response.status_code, page.get("lang"), len(with_class(page, "gate"))) == (200, language, 1)
    assert loose_ends(page) == []


def test_empty_sign_in_says_what_is_missing(db):
    assert told(post("/en/account/login/")) == ["Enter your e-mail address", "Enter your password"]


def test_half_an_address_is_told_how_a_whole_one_looks(db):
    response = post("/en/account/login/", login="aytən@", password="x")
    assert told(response) == ["Enter the address in full, for example ad.soyad@qurum.example"]


def test_wrong_password_and_unknown_address_get_the_same_words(officer):
    known = post("/az/account/login/", login="officer@agency.example", password="not-this-one")
    unknown = post("/az/account/login/", login="nobody@agency.example", password="not-this-one")
    assert told(known) == told(unknown) == ["Ünvan, nömrə və ya parol düzgün deyil"]


def test_error_page_of_sign_in_is_tied_together_and_says_so_in_its_title(db):
    page = tree(post("/en/account/login/").content)
    assert loose_ends(page) == []
    assert words(next(page.iter("title"))) == "Error: Sign in – Nişanə"


def test_sign_in_fields_are_known_to_password_managers(db):
    page = tree(Client().get("/en/account/login/").content)
    assert {field.get("name"): field.get("autocomplete") for field in page.iter("input") if field.get("autocomplete")} == {
        "login": "username", "password": "current-password",
    }  # fmt: skip
    assert [field.get("name") for field in page.iter("input") if field.get("placeholder")] == []


def test_signing_up_is_closed_in_words(db):
    page = tree(Client().get("/en/account/signup/").content)
    assert words(next(page.iter("h1"))) == "Accounts are opened by agencies"


def test_way_to_a_new_password_in_the_language_of_the_person(officer):
    officer.language = "ru"
    officer.save(update_fields=["language"])
    client = Client()
    client.post("/ru/account/password/reset/", {"email": "officer@agency.example"})
    work_off(["accounts.reset_mail"])
    assert mail.outbox[0].subject == "Новый пароль"
    link = re.search(r"https?://[^/]+(/\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True)
    assert words(next(tree(form.content).iter("h1"))) == "Задайте новый пароль"
    action = form.redirect_chain[-1][0]
    wrong = client.post(action, {"password1": "short", "password2": ""})
    assert loose_ends(tree(wrong.content)) == []
    done = client.post(action, {"password1": PASSWORD * 2, "password2": PASSWORD * 2}, follow=True)
    assert words(next(tree(done.content).iter("h1"))) == "Пароль изменён"


def test_used_link_says_so_and_offers_another(db):
    page = tree(Client().get("/en/account/password/reset/key/1-set-password/", follow=True).content)
    assert words(next(page.iter("h1"))) == "This link no longer works"


def test_unknown_address_is_answered_alike_and_not_written_to(db):
    response = post("/en/account/password/reset/", email="nobody@agency.example")
    assert words(next(tree(response.content).iter("h1"))) == "Check your e-mail"
    work_off(["accounts.reset_mail"])
    assert mail.outbox == []


def test_signing_out_is_asked_and_said(officer, client_of):
    client = client_of(officer)
    asked = tree(client.get("/en/account/logout/").content)
    assert words(next(asked.iter("h1"))) == "Sign out?"
    client.post("/en/account/logout/")
    page = tree(client.get("/en/help/").content)
    assert words(with_class(page, "said")[0]) == "You are signed out."


def test_page_of_allauth_that_is_not_ours_yet_stands_in_our_frame(officer, client_of):
    page = tree(client_of(officer).get("/az/account/reauthenticate/").content)
    assert (len(with_class(page, "mast")), len(list(page.iter("h1")))) == (1, 1)
    assert len(with_class(page, "btn")) == 1


def test_address_is_not_changed_by_oneself(officer, client_of):
    """Agencies enter addresses: the library's page for them is not there."""
    assert client_of(officer).get("/az/account/email/").status_code == 404

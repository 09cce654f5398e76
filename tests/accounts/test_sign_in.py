import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from operations.models import AuditEntry, Errand
from operations.outbox import work_off
from people.actions.grants import revoke_grant
from people.models import User
from tests.factories import PASSWORD, client_of

LOGIN = "/az/account/login/"


def sign_in(client: Client, email: str, password: str = PASSWORD, url: str = LOGIN, **more: str):
    return client.post(url, {"login": email, "password": password, **more})


def test_sign_in_leads_home(officer):
    response = sign_in(Client(), "officer@agency.example")
    assert (response.status_code, response.url) == (302, "/az/")


def test_sign_in_finds_address_regardless_of_case(officer):
    assert sign_in(Client(), "Officer@Agency.example").status_code == 302


def test_sign_in_refuses_wrong_password(officer):
    client = Client()
    assert sign_in(client, "officer@agency.example", "not-this-one").status_code == 200
    assert "_auth_user_id" not in client.session


def test_sign_in_refuses_who_is_switched_off(officer):
    User.objects.filter(pk=officer.pk).update(is_active=False)
    client = Client()
    sign_in(client, "officer@agency.example")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("browser", ["az", "en", "ru"])
def test_sign_in_keeps_the_language_of_the_page(officer, browser):
    client = Client(headers={"accept-language": browser})
    client.get("/en/account/login/")
    assert sign_in(client, "officer@agency.example", url="/en/account/login/").url == "/en/"


def test_sign_in_goes_where_the_person_was_going(officer):
    response = sign_in(Client(), "officer@agency.example", next="/en/certificates/")
    assert response.url == "/en/certificates/"


@pytest.mark.parametrize(
    "away", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"]
)
def test_sign_in_never_leads_outside(officer, away):
    assert sign_in(Client(), "officer@agency.example", next=away).url == "/az/"


def test_sign_in_changes_the_session(officer):
    client = Client()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key
    sign_in(client, "officer@agency.example")
    assert client.session.session_key != before
    assert client.session["_auth_user_id"] == str(officer.pk)


def test_tenth_wrong_password_of_one_account_is_slowed(officer):
    for _number in range(9):
        sign_in(Client(), "officer@agency.example", "not-this-one")
    client = Client()
    sign_in(client, "officer@agency.example")
    assert "_auth_user_id" not in client.session


def test_wrong_passwords_of_one_account_do_not_slow_another(officer, officer2):
    for _number in range(12):
        sign_in(Client(), "officer@agency.example", "not-this-one")
    assert sign_in(Client(), "officer2@agency.example").status_code == 302


def told(response) -> list[str]:
    return [str(error) for error in response.context["form"].non_field_errors()]


def test_sign_in_says_the_same_of_an_unknown_address(officer):
    wrong = sign_in(Client(), "officer@agency.example", "not-this-one")
    unknown = sign_in(Client(), "nobody@agency.example", "not-this-one")
    assert told(wrong) == told(unknown) != []


def test_slowing_says_the_same_of_an_unknown_address(officer):
    for email in ["officer@agency.example", "nobody@agency.example"]:
        for _number in range(9):
            sign_in(Client(), email, "not-this-one")
    wrong = sign_in(Client(), "officer@agency.example", "not-this-one")
    unknown = sign_in(Client(), "nobody@agency.example", "not-this-one")
    assert told(wrong) == told(unknown) != []


def test_reset_says_the_same_of_an_unknown_address(officer):
    answers = [
        Client().post("/az/account/password/reset/", {"email": email})
        for email in ["officer@agency.example", "nobody@agency.example"]
    ]
    assert [(answer.status_code, answer.url) for answer in answers] == [
        (302, "/az/account/password/reset/done/")
    ] * 2
    work_off(["accounts.reset_mail"])
    assert [message.to for message in mail.outbox] == [["officer@agency.example"]]


def reset_link(officer, language: str = "az") -> str:
    User.objects.filter(pk=officer.pk).update(language=language)
    Client().post("/en/account/password/reset/", {"email": officer.email})
    work_off(["accounts.reset_mail"])
    [message] = mail.outbox
    return next(line for line in message.body.splitlines() if line.startswith("http"))


def test_reset_mail_is_in_the_language_of_the_person_and_leads_here(officer, settings):
    assert reset_link(officer, "ru").startswith(f"{settings.BASE_URL}/ru/account/password/reset/key/")


def test_reset_link_sets_a_new_password_once(officer, settings):
    link = reset_link(officer).removeprefix(settings.BASE_URL)
    client = Client()
    form = client.get(link, follow=True).redirect_chain[-1][0]
    new = "yaşıl-dəniz-on-iki"
    assert client.post(form, {"password1": new, "password2": new}).status_code == 302
    assert sign_in(Client(), "officer@agency.example", new).status_code == 302
    again = Client().get(link, follow=True)
    assert again.context["token_fail"] is True
    entry = AuditEntry.objects.filter(act="accounts.set_password").latest("pk")
    assert (entry.by, entry.subject_id) == (officer, officer.public_id)


def test_no_secret_waits_in_the_database(officer):
    Client().post("/az/account/password/reset/", {"email": officer.email})
    assert Errand.objects.get(kind="accounts.reset_mail").payload == {"person": officer.public_id}


def test_nobody_signs_up(db):
    response = Client().post("/az/account/signup/", {"email": "new@agency.example", "password1": PASSWORD})
    assert response.status_code == 200
    assert User.objects.count() == 0


def test_sign_out_takes_a_post(officer):
    client = client_of(officer)
    client.get("/az/account/logout/")
    assert "_auth_user_id" in client.session
    assert client.post("/az/account/logout/").url == "/az/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("who", ["trainer", "officer"])
def test_sign_out_of_the_editor_keeps_cookie_and_session_together(who, request):
    """A link asks first; a POST ends the session on the server with the cookie."""
    client = client_of(request.getfixturevalue(who))
    key = client.session.session_key
    response = client.get("/cms/logout/")
    assert (response.status_code, response.url) == (302, "/az/account/logout/")
    assert settings.SESSION_COOKIE_NAME not in response.cookies
    asked = client.get(response.url)
    assert asked.status_code == 200 and "data-signout" in asked.text
    assert client.session.session_key == key and client.get("/az/certificates/").status_code == 200

    assert client.post("/cms/logout/").url == "/az/"
    assert not Session.objects.filter(session_key=key).exists()
    assert client.get("/az/certificates/").url.startswith(LOGIN)


@pytest.mark.parametrize("method", ["put", "delete", "options"])
def test_other_methods_of_the_editors_sign_out_change_nothing(method, trainer):
    client = client_of(trainer)
    response = getattr(client, method)("/cms/logout/")
    assert (response.status_code, settings.SESSION_COOKIE_NAME in response.cookies) == (405, False)
    assert "_auth_user_id" in client.session


def test_sign_in_needs_its_token(officer):
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, "officer@agency.example").status_code == 403


def test_cms_leads_a_stranger_to_our_sign_in(db):
    response = Client().get("/cms/", follow=True)
    with translation.override("az"):
        assert response.redirect_chain[-1][0] == f"{reverse('account_login')}?next=/cms/"


def test_cms_has_no_sign_in_of_its_own(trainer):
    response = Client().post("/cms/login/", {"username": "trainer@agency.example", "password": PASSWORD})
    assert response.status_code == 405


@pytest.mark.parametrize("person", ["officer", "outsider", "coordinator", "registrar", "admin"])
def test_cms_refuses_who_neither_teaches_nor_reviews(person, request):
    client = client_of(request.getfixturevalue(person))
    assert client.get("/cms/", follow=True).status_code == 403


@pytest.mark.parametrize("person", ["trainer", "reviewer"])
def test_cms_opens_to_who_teaches_or_reviews(person, request):
    assert client_of(request.getfixturevalue(person)).get("/cms/").status_code == 200


def test_cms_closes_with_the_grant(trainer):
    client = client_of(trainer)
    revoke_grant(grant=trainer.grants.get(), by=None)
    assert client.get("/cms/", follow=True).status_code == 403

"""A person hears of each change of the own sign-in, in the own language, as HTML and text."""

import re
import time

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation

from accounts.actions.second_factor import reset_second_factor
from accounts.mail_sign_in import CHANGES
from elearning.demo.code import code_at
from operations.models import Notice
from operations.notices import notify
from operations.outbox import work_off
from people.models import User
from tests.databases import really_committed
from tests.elearning.pages import tree, with_class, words
from tests.factories import PASSWORD, client_of

NEW = "yaşıl-dəniz-on-iki"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


@pytest.fixture(autouse=True)
def nobody_came_before(officer, officer2):
    User.objects.update(last_login=None)


def kinds() -> list[str]:
    return sorted(Notice.objects.filter(sent_at=None).values_list("kind", flat=True))


def sign_in(person: User, client: Client | None = None) -> Client:
    client = client or Client(headers={"user-agent": CHROME})
    client.post("/az/account/login/", {"login": person.email, "password": PASSWORD})
    return client


@pytest.mark.parametrize("language", ["az", "en", "ru"])
@pytest.mark.parametrize("change", CHANGES)
def test_each_change_is_told_in_the_persons_language(officer, change, language):
    User.objects.filter(pk=officer.pk).update(language=language)
    officer.refresh_from_db()
    notify(person=officer, kind=f"accounts.{change}", subject_id="1")
    work_off(["operations.mail"])
    [message] = mail.outbox
    [(html, kind)] = message.alternatives
    with translation.override(language):
        what = str(CHANGES[change])
        leads = {translation.gettext("New password"), translation.gettext("My account")}
    assert (message.to, kind, f'lang="{language}"' in html) == ([officer.email], "text/html", True)
    assert what in message.body
    assert what in html
    assert leads == set(re.findall(r"^(.+):\nhttp", message.body, re.MULTILINE))
    for secret in (officer.family_name, officer.given_name):
        assert secret not in message.subject


def test_first_sign_in_is_nothing_new_and_the_same_browser_neither(officer):
    client = sign_in(officer)
    client.post("/az/account/logout/")
    sign_in(officer, client)
    assert kinds() == []


def test_browser_that_is_new_to_the_person_is_told_in_words(officer):
    sign_in(officer)
    sign_in(officer)
    assert kinds() == ["accounts.new_device"]
    work_off(["operations.mail"])
    assert "Chrome, Windows" in mail.outbox[0].body


def test_browser_known_to_a_colleague_is_new_to_oneself(officer, officer2):
    sign_in(officer2)
    sign_in(officer)
    client = sign_in(officer2)
    client.post("/az/account/logout/")
    sign_in(officer, client)
    assert kinds() == ["accounts.new_device", "accounts.new_device"]


def test_made_up_cookie_does_not_make_a_browser_known(officer):
    sign_in(officer)
    client = Client()
    client.cookies["nisane_known"] = "WyJ4Il0:1:1"
    sign_in(officer, client)
    assert kinds() == ["accounts.new_device"]


def test_changed_password_is_told(officer):
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client_of(officer).post("/az/account/password/change/", sent).status_code == 302
    assert kinds() == ["accounts.password_changed"]


@really_committed
def test_factor_set_up_is_told(officer):
    client = client_of(officer)
    page = tree(client.get("/az/account/second-step/totp/activate/").content)
    secret = "".join(words(with_class(page, "key")[0]).split())
    client.post("/az/account/second-step/totp/activate/", {"code": code_at(secret, time.time())})
    assert kinds() == ["accounts.totp_activated"]


def test_reset_by_an_administrator_is_told(officer, admin):
    reset_second_factor(person=officer, by=admin)
    assert "accounts.second_factor_reset" in kinds()

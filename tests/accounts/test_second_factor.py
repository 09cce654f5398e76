"""Whoever acts for others shows a second factor; nothing of a position works without it."""

import base64
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.test import Client

from accounts.actions.second_factor import reset_second_factor, set_up_totp
from elearning.demo.code import PERIOD, code_at
from operations.models import AuditEntry, AuditValue
from people.models import User
from tests.databases import really_committed
from tests.elearning.pages import loose_ends, tree, with_class, words
from tests.factories import PASSWORD, Position, client_of, counted, give

SECRET = base64.b32encode(b"twenty bytes of key.").decode()
BEARERS = ["trainer", "reviewer", "coordinator", "registrar", "auditor", "admin"]
STEP = "/az/account/second-step/"


def sign_in(client: Client, email: str):
    return client.post("/az/account/login/", {"login": email, "password": PASSWORD})


def code(ago: int = 0) -> str:
    return code_at(SECRET, time.time() - ago * PERIOD)


def set_up(person: User) -> None:
    set_up_totp(person=person, secret=SECRET, by=None)


# --- who needs it ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", BEARERS)
def test_who_holds_a_position_is_led_to_set_it_up(who, request):
    person = request.getfixturevalue(who)
    client = Client()
    assert sign_in(client, person.email).url == "/az/"
    response = client.get("/az/")
    assert (response.status_code, response.url) == (302, f"{STEP}?next=/az/")


@pytest.mark.parametrize("who", ["officer", "duty_officer", "outsider"])
def test_others_are_not(who, request):
    client = client_of(request.getfixturevalue(who), second_factor=False)
    assert client.get("/az/").status_code == 200


def test_duty_officer_asks_without_it(duty_officer):
    assert client_of(duty_officer, second_factor=False).get("/az/desk/").status_code == 200


def test_duty_officer_who_is_a_trainer_too_does_not(duty_officer):
    client = client_of(duty_officer, second_factor=False)
    give(duty_officer, Position.TRAINER)
    assert client.get("/az/desk/").url == f"{STEP}?next=/az/desk/"


@pytest.mark.parametrize("path", ["/cms/", "/az/certificates/register/"])
def test_nothing_of_the_position_opens_without_it(path, trainer, registrar):
    person = trainer if path == "/cms/" else registrar
    assert client_of(person).get(path).status_code == 200
    assert client_of(person, second_factor=False).get(path).url == f"{STEP}?next={path}"


def test_grant_binds_a_browser_that_is_signed_in_already(officer):
    client = client_of(officer, second_factor=False)
    assert client.get("/az/").status_code == 200
    give(officer, Position.AUDITOR)
    assert client.get("/az/certificates/register/").status_code == 302


def test_script_is_told_in_json(registrar):
    client = client_of(registrar, second_factor=False, headers={"accept": "application/json"})
    response = client.post("/az/certificates/register/")
    assert (response.status_code, response.json()["error"]) == (403, "second factor needed")


@pytest.mark.parametrize(
    "path", ["help/", "privacy/", "account/logout/", "people/account/", "account/second-step/"]
)
def test_pages_of_help_and_of_the_account_stay_open(path, trainer):
    assert client_of(trainer, second_factor=False).get(f"/az/{path}").status_code == 200


def test_looking_for_it_costs_no_query(officer):
    numbers = []
    for shown in (True, False):
        client = client_of(officer, second_factor=shown)
        client.get("/en/privacy/")
        with counted() as queries:
            client.get("/en/privacy/")
        numbers.append(len(queries))
    assert numbers == [2, 2]  # session; person with the grants for the menu


# --- setting up an app ------------------------------------------------------------------------------------


def secret_on(page) -> str:
    return "".join(words(with_class(page, "key")[0]).split())


def activate(client: Client, secret: str, language: str = "az"):
    path = f"/{language}/account/second-step/totp/activate/"
    return client.post(path, {"code": code_at(secret, time.time())})


@really_committed
def test_app_is_set_up_shown_once_and_opens_what_one_was_on_the_way_to(registrar):
    client = client_of(registrar, second_factor=False)
    client.get("/en/certificates/register/")
    page = tree(client.get("/en/account/second-step/totp/activate/").content)
    assert loose_ends(page) == []
    assert len(list(page.iter("svg"))) >= 2
    response = client.post(
        "/en/account/second-step/totp/activate/", {"code": code_at(secret_on(page), time.time())}
    )
    assert response.url == "/en/account/second-step/recovery-codes/"
    codes = tree(client.get(response.url).content)
    assert len(with_class(codes, "codes")[0].findall("li")) == 10
    assert with_class(codes, "btn-w")[0].get("href") == "/en/certificates/register/"
    assert client.get("/en/certificates/register/").status_code == 200
    again = tree(client.get(response.url).content)
    assert with_class(again, "codes") == []


def test_drawing_needs_no_style(officer):
    html = client_of(officer).get("/az/account/second-step/totp/activate/").content.decode()
    assert re.findall(r"\sstyle=|<style|data:", html) == []


def test_wrong_code_sets_nothing_up(officer):
    client = client_of(officer)
    client.get(f"{STEP}totp/activate/")
    response = client.post(f"{STEP}totp/activate/", {"code": "000000"})
    assert words(with_class(tree(response.content), "errs")[0]).endswith(
        "Kod düzgün deyil və ya müddəti bitib"
    )
    assert Authenticator.objects.count() == 0


def test_setting_up_asks_again_who_one_is(officer):
    client = client_of(officer, proved=time.time() - 16 * 60)
    response = client.get(f"{STEP}totp/activate/")
    assert response.url == f"/az/account/reauthenticate/?next={STEP.replace('/', '%2F')}totp%2Factivate%2F"


@really_committed
def test_change_of_the_second_factor_leaves_a_trace(officer):
    client = client_of(officer)
    page = tree(client.get(f"{STEP}totp/activate/").content)
    activate(client, secret_on(page))
    entries = AuditEntry.objects.filter(act="accounts.second_factor", by=officer).order_by("pk")
    assert [entry.after for entry in entries] == [
        {"kind": "totp", "change": "added"},
        {"kind": "recovery_codes", "change": "added"},
    ]


def test_secret_is_not_readable_in_the_database(officer):
    set_up(officer)
    kept = Authenticator.objects.get(user=officer)
    assert SECRET not in str(kept.data)
    assert kept.wrap().validate_code(code())


# --- signing in with it -------------------------------------------------------------------------------------


def test_sign_in_asks_for_the_code_and_opens_after_it(trainer):
    set_up(trainer)
    client = Client()
    assert sign_in(client, trainer.email).url == f"{STEP}authenticate/"
    assert "_auth_user_id" not in client.session
    assert client.get("/cms/", follow=True).redirect_chain[-1][0] == f"{STEP}authenticate/"
    before = client.session.session_key
    assert client.post(f"{STEP}authenticate/", {"code": code()}).url == "/az/"
    assert client.session.session_key != before
    assert client.get("/cms/").status_code == 200


def test_code_is_typed_without_looking_for_its_field_and_an_error_is_read_first(trainer):
    set_up(trainer)
    client = Client()
    sign_in(client, trainer.email)
    assert "autofocus" in client.get(f"{STEP}authenticate/").content.decode()
    assert "autofocus" not in client.post(f"{STEP}authenticate/", {"code": "000000"}).content.decode()


def test_code_of_the_half_minute_before_is_right_and_an_older_one_is_not(trainer):
    set_up(trainer)
    client = Client()
    sign_in(client, trainer.email)
    assert client.post(f"{STEP}authenticate/", {"code": code(ago=3)}).status_code == 200
    assert client.post(f"{STEP}authenticate/", {"code": code(ago=1)}).status_code == 302


def test_code_opens_once(trainer):
    set_up(trainer)
    first, second, used = Client(), Client(), code()
    for client in (first, second):
        sign_in(client, trainer.email)
        client.post(f"{STEP}authenticate/", {"code": used})
    assert "_auth_user_id" in first.session
    assert "_auth_user_id" not in second.session


def test_code_opens_once_whichever_process_is_asked(trainer):
    """Without Redis each process has a memory of its own, and a restart forgets it: the database does not."""
    set_up(trainer)
    opened, used = [], code()
    for _process in range(2):
        cache.clear()
        client = Client()
        sign_in(client, trainer.email)
        client.post(f"{STEP}authenticate/", {"code": used})
        opened.append("_auth_user_id" in client.session)
    assert opened == [True, False]
    [app] = Authenticator.objects.filter(user=trainer, type=Authenticator.Type.TOTP)
    assert used not in str(app.data["used"])


def test_codes_cannot_be_guessed_through(trainer):
    set_up(trainer)
    client = Client()
    sign_in(client, trainer.email)
    for _number in range(9):
        client.post(f"{STEP}authenticate/", {"code": "000000"})
    assert client.post(f"{STEP}authenticate/", {"code": code()}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_recovery_code_opens_once(officer):
    client = client_of(officer)
    page = tree(client.get(f"{STEP}totp/activate/").content)
    activate(client, secret_on(page))
    shown = tree(client.get(f"{STEP}recovery-codes/").content)
    one = words(with_class(shown, "codes")[0].find("li"))
    opened = []
    for _number in range(2):
        other = Client()
        sign_in(other, officer.email)
        other.post(f"{STEP}authenticate/", {"code": one.replace(" ", "")})
        opened.append("_auth_user_id" in other.session)
    assert opened == [True, False]


# --- keeping it -----------------------------------------------------------------------------------------------


def test_who_needs_it_cannot_remove_the_last_one(trainer):
    set_up(trainer)
    client = client_of(trainer)
    page = tree(client.get(f"{STEP}totp/deactivate/").content)
    assert len(with_class(page, "errs")) == 1
    client.post(f"{STEP}totp/deactivate/")
    assert Authenticator.objects.filter(user=trainer).count() == 1


def test_who_does_not_need_it_may_remove_it(officer):
    set_up(officer)
    client = client_of(officer)
    assert client.post(f"{STEP}totp/deactivate/").status_code == 302
    assert Authenticator.objects.filter(user=officer).count() == 0


def test_who_has_removed_the_last_one_has_shown_none_when_a_position_comes(officer, agency):
    """Neither in the browser in which it was removed, nor in another one that had shown it."""
    set_up(officer)
    here, there = Client(), Client()
    codes = code(), code(-1)  # each opens once; the next one stays right when half a minute ends meanwhile
    for shown, client in zip(codes, (there, here), strict=True):
        sign_in(client, officer.email)
        client.post(f"{STEP}authenticate/", {"code": shown})
        assert client.get("/az/certificates/").status_code == 200
    assert here.post(f"{STEP}totp/deactivate/").status_code == 302
    give(officer, Position.COORDINATOR, agency=agency)
    assert here.get("/az/people/").url.startswith(STEP)
    assert there.get("/az/people/").url.startswith("/az/account/login/")


def test_administrator_resets_an_officers_after_a_lost_device_and_every_browser_is_signed_out(admin, officer):
    set_up(officer)
    client = Client()
    sign_in(client, officer.email)
    client.post(f"{STEP}authenticate/", {"code": code()})
    assert client.get("/az/certificates/").status_code == 200
    reset_second_factor(person=officer, by=admin, reason="lost telephone")
    assert Authenticator.objects.filter(user=officer).count() == 0
    assert client.get("/az/certificates/").url.startswith("/az/account/login/")


@pytest.mark.parametrize("who", ["coordinator", "registrar", "auditor", "outsider", "officer"])
def test_others_cannot_reset_it(who, request, officer):
    set_up(officer)
    with pytest.raises(PermissionDenied):
        reset_second_factor(person=officer, by=request.getfixturevalue(who))
    assert Authenticator.objects.filter(user=officer).count() == 1


# --- a browser that signed in before there was a second factor -------------------------------------------


@pytest.mark.parametrize(
    "page", ["webauthn/add/", "recovery-codes/", "recovery-codes/generate/", "totp/deactivate/", "webauthn/"]
)
def test_old_browser_with_the_password_alone_touches_no_factor(page, registrar):
    old = Client()
    sign_in(old, registrar.email)
    set_up(registrar)
    known = set(Authenticator.objects.values_list("pk", flat=True))
    assert old.get(STEP + page).url == f"{STEP}reauthenticate/?next={STEP}{page}"
    assert old.post(STEP + page).url == f"{STEP}reauthenticate/?next=/"
    assert set(Authenticator.objects.values_list("pk", flat=True)) == known
    assert old.post(f"{STEP}reauthenticate/", {"code": code()}).status_code == 302
    assert old.get(f"{STEP}webauthn/").status_code == 200


def test_administrator_removes_an_officers_by_page_with_a_reason(admin, officer):
    set_up(officer)
    client = client_of(admin)
    account = f"/en/people/accounts/{officer.public_id}/"
    assert "Remove the second step" in client.get(account).text
    assert "known telephone number" in client.get(f"{account}second-step/").text
    assert client.post(f"{account}second-step/", {"reason": "41-K"}).url == account
    assert not Authenticator.objects.filter(user=officer).exists()
    assert AuditValue.objects.get(entry__act="accounts.reset_second_factor", field="reason").after == "41-K"
    assert "Remove the second step" not in client.get(account).text


def test_nobody_removes_the_own_one_by_page(admin):
    set_up(admin)
    client = client_of(admin)
    account = f"/en/people/accounts/{admin.public_id}/"
    assert "Remove the second step" not in client.get(account).text
    assert client.post(f"{account}second-step/", {"reason": "41-K"}).status_code == 403
    assert Authenticator.objects.filter(user=admin).exists()

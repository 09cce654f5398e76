"""Redis away: what everybody reads and signing in go on; passwords are still counted, codes are not looked at."""

import base64
import time

import pytest
from django.test import Client

from accounts.actions.second_factor import set_up_totp
from elearning.demo.code import code_at
from people.models import User
from tests.certificates.issuing import make_certificate
from tests.elearning.pages import tree, words
from tests.factories import PASSWORD, client_of
from tests.redis_server import OwnRedis

LOGIN = "/az/account/login/"
SECRET = base64.b32encode(b"twenty bytes of key.").decode()
CANNOT = "Codes cannot be checked just now. Try again in a few minutes, or use a passkey."
pytestmark = pytest.mark.django_db


def sign_in(email: str, password: str = PASSWORD, client: Client | None = None) -> bool:
    client = client or Client()
    client.post(LOGIN, {"login": email, "password": password})
    return "_auth_user_id" in client.session


def test_certificates_are_checked_as_ever(own_redis: OwnRedis, keys: None, officer: User):
    certificate = make_certificate(officer)
    own_redis.stop()
    stranger = Client(headers={"Accept-Language": "en"})
    page = stranger.get(f"/c/{certificate.public_id}")
    assert page.status_code == 200 and "This certificate is valid" in words(tree(page.content))
    assert stranger.get(f"/c/{certificate.public_id}.json").status_code == 200
    assert stranger.get("/verify/").status_code == 200
    found = stranger.get("/verify/", {"q": certificate.short_code})
    assert found["Location"] == f"/c/{certificate.public_id}"


def test_people_sign_in_and_stay_signed_in(own_redis: OwnRedis, officer: User):
    before = client_of(officer)
    own_redis.stop()
    assert sign_in(officer.email)
    for path in ("/az/", "/az/courses/", "/az/people/account/"):
        assert before.get(path).status_code == 200


def test_wrong_passwords_are_counted_all_the_same(own_redis: OwnRedis, officer: User, officer2: User):
    own_redis.stop()
    assert [sign_in(officer.email, "wrong") for _ in range(9)] == [False] * 9
    assert not sign_in(officer.email)
    assert sign_in(officer2.email)


def test_codes_of_the_second_step_wait_and_say_so(own_redis: OwnRedis, registrar: User):
    """No wrong one is tried against a count of each process, and no right one is taken twice."""
    set_up_totp(person=registrar, secret=SECRET, by=None)
    own_redis.stop()
    client = Client()
    assert not sign_in(registrar.email, client=client)
    step = "/en/account/second-step/authenticate/"
    for code in ("000000", code_at(SECRET, time.time())):
        answer = client.post(step, {"code": code})
        assert answer.status_code == 200 and CANNOT in words(tree(answer.content))
        assert "_auth_user_id" not in client.session
    own_redis.start()
    client.post(step, {"code": code_at(SECRET, time.time())})
    assert "_auth_user_id" in client.session

"""Sessions: what the database does not hold any more is over at once."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore as DjangosStore
from django.contrib.sessions.models import Session

from operations import clock
from operations.sessions import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    store = SessionStore()
    store["place"] = "Gəncə"
    store.create()
    return str(store.session_key)


def test_session_is_read_as_django_reads_it(key: str):
    for kind in (SessionStore, DjangosStore):
        assert kind(key)["place"] == "Gəncə"


def test_one_query_reads_it(key: str, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert SessionStore(key).get("place")


def test_changed_session_is_read_as_it_is_now(key: str):
    assert SessionStore(key)["place"] == "Gəncə"
    other = DjangosStore(key)
    other["place"] = "Şəki"
    other.save()
    assert SessionStore(key)["place"] == "Şəki"


@pytest.mark.parametrize("strange", ["", "x", "Ə" * 40, "a" * 32, "x" * 4000])
def test_key_of_nobody_is_an_empty_session_without_key(strange: str):
    store = SessionStore(strange)
    assert store.get("place") is None
    assert store.session_key is None


def test_ended_session_is_empty_at_once(key: str):
    assert SessionStore(key)["place"]
    SessionStore(key).delete()
    assert SessionStore(key).get("place") is None


def test_session_that_ran_out_is_empty(key: str):
    now = clock.real_now()
    Session.objects.filter(pk=key).update(expire_date=now + timedelta(seconds=30))
    assert SessionStore(key).get("place") == "Gəncə"
    Session.objects.filter(pk=key).update(expire_date=now)
    store = SessionStore(key)
    assert store.get("place") is None and store.session_key is None

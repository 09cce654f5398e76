"""Delicate pages ask again who one is."""

import time
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from elearning.urls import urlpatterns as ours
from operations import clock
from people.requests import recently
from tests.factories import PASSWORD, client_of

urlpatterns = [*ours, path("delicate/", recently(lambda request: HttpResponse(request.method)))]
LONG_AGO = 15 * 60 + 1


@pytest.fixture(autouse=True)
def with_delicate_page(settings):
    settings.ROOT_URLCONF = __name__


def test_delicate_page_opens_after_signing_in(officer):
    assert client_of(officer).get("/delicate/").content == b"GET"


def test_stranger_is_led_to_sign_in(db):
    assert Client().get("/delicate/").url.endswith("/account/login/?next=/delicate/")


@pytest.mark.parametrize("method", ["get", "post"])
def test_page_asks_again_after_a_quarter_of_an_hour_and_goes_on(officer, method):
    client = client_of(officer, proved=time.time() - LONG_AGO)
    asked = getattr(client, method)("/delicate/")
    assert asked.url == "/az/account/reauthenticate/?next=%2Fdelicate%2F"
    done = client.post(asked.url, {"password": PASSWORD, "next": "/delicate/"}, follow=True)
    assert done.content == method.upper().encode()


def test_wrong_password_does_not_go_on(officer):
    client = client_of(officer, proved=time.time() - LONG_AGO)
    client.get("/delicate/")
    assert (
        client.post("/az/account/reauthenticate/", {"password": "x", "next": "/delicate/"}).status_code == 200
    )
    assert client.get("/delicate/").status_code == 302


def test_asking_again_never_leads_outside(officer):
    client = client_of(officer, proved=time.time() - LONG_AGO)
    answer = client.post(
        "/az/account/reauthenticate/", {"password": PASSWORD, "next": "https://elsewhere.example/"}
    )
    assert answer.url == "/az/"


def test_who_has_nothing_to_be_asked_for_signs_in_anew(officer):
    client = client_of(officer, proved=time.time() - LONG_AGO)
    officer.set_unusable_password()
    officer.save(update_fields=["password"])
    client = client_of(officer, proved=time.time() - LONG_AGO)
    assert client.get("/delicate/").status_code == 403


def test_form_sent_too_late_is_asked_about_and_done_at_its_own_address(officer, coordinator):
    """Typed text is not lost: after the password it is the next page, which goes to where the form went."""
    client = client_of(coordinator, proved=time.time() - LONG_AGO)
    address = f"/az/people/{officer.public_id}/leave/"
    day = f"{clock.today() + timedelta(days=30):%Y-%m-%d}"
    assert client.get(address).status_code == 200
    asked = client.post(address, {"first_day": day})
    sure = client.post(asked.url, {"password": PASSWORD, "next": address})
    assert f'action="{address}"' in sure.text and f'value="{day}"' in sure.text
    assert client.post(address, {"first_day": day, "sure": "1"}).status_code == 302
    assert officer.leaves.count() == 1

"""What was taken away holds at the very next request: nothing of session, person or grants is kept between two."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.actions.accounts import close_account, end_sessions
from operations import clock
from people.actions.grants import grant, revoke_grant
from people.models import Agency, Grant, User
from tests import factories

pytestmark = pytest.mark.django_db
AUDIT = "/en/people/audit/"  # for auditors and administrators


@pytest.fixture
def browser(auditor: User, client_of: Callable[..., Client]) -> Client:
    """Somebody who is reading just now."""
    client = client_of(auditor)
    assert client.get(AUDIT).status_code == 200
    return client


def is_signed_in(browser: Client) -> bool:
    return b"data-signout" in browser.get("/en/privacy/").content


def grant_of(person: User) -> Grant:
    return Grant.objects.live().get(person=person)


def test_revoked_grant(browser: Client, auditor: User):
    revoke_grant(grant=grant_of(auditor), by=None, reason="left")
    assert browser.get(AUDIT).status_code == 403
    assert is_signed_in(browser)


def test_grant_that_begins_and_ends(officer: User, client_of: Callable[..., Client]):
    begin, end = (clock.now() + timedelta(minutes=minutes) for minutes in (1, 2))
    grant(person=officer, position=Grant.Position.AUDITOR, starts_at=begin, ends_at=end, by=None)
    browser = client_of(officer)
    seen = []
    for instant in (begin - timedelta(seconds=1), begin, end - timedelta(seconds=1), end):
        with clock.at(instant):
            seen.append(browser.get(AUDIT).status_code)
    assert seen == [403, 200, 200, 403]


def test_new_grant(browser: Client, auditor: User, other_agency: Agency):
    revoke_grant(grant=grant_of(auditor), by=None, reason="left")
    assert browser.get(AUDIT).status_code == 403
    factories.give(auditor, "administrator")
    assert browser.get("/en/people/accounts/").status_code == 200


def test_closed_account(browser: Client, auditor: User):
    close_account(person=auditor, reason="left", by=None)
    assert not is_signed_in(browser)
    assert browser.get(AUDIT).status_code == 302


def test_signed_out_everywhere(browser: Client, auditor: User):
    end_sessions(auditor, None, "lost telephone")
    assert not is_signed_in(browser)


def test_one_session_ended_elsewhere(browser: Client, auditor: User, client_of: Callable[..., Client]):
    other = client_of(auditor)
    Session.objects.filter(pk=browser.session.session_key).delete()
    assert not is_signed_in(browser)
    assert is_signed_in(other)

"""Accounts: closed, opened again, signed out everywhere."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from accounts.actions.accounts import close_account, open_account, sign_out_everywhere
from operations import clock
from operations.models import AuditEntry
from people.models import User
from people.permissions import positions_of
from tests.factories import client_of

MINE = "/en/certificates/"


def is_in(client: Client) -> bool:
    return client.get(MINE).status_code == 200


def test_closed_account_is_signed_out_and_acts_in_no_position(admin, trainer):
    client = client_of(trainer)
    assert is_in(client)
    close_account(person=trainer, reason="left", by=admin)
    trainer.refresh_from_db()
    assert not is_in(client) and positions_of(trainer) == frozenset()


def test_opened_again_it_holds_its_positions_but_not_its_old_sessions(admin, trainer):
    client = client_of(trainer)
    close_account(person=trainer, reason="left", by=admin)
    open_account(person=trainer, reason="came back", by=admin)
    trainer.refresh_from_db()
    assert positions_of(trainer) == {"trainer"}
    assert not is_in(client) and is_in(client_of(trainer))


def test_signing_out_ends_every_session_and_no_other_persons(admin, officer, officer2):
    clients = [client_of(officer), client_of(officer), client_of(officer2)]
    sign_out_everywhere(person=officer, by=admin)
    assert [is_in(client) for client in clients] == [False, False, True]
    officer.refresh_from_db()
    fresh = client_of(officer)
    assert is_in(fresh)
    sign_out_everywhere(person=officer, by=officer)
    assert not is_in(fresh)


def test_nobody_closes_their_own_account(admin):
    with pytest.raises(PermissionDenied):
        close_account(person=admin, reason="", by=admin)


@pytest.mark.parametrize(
    "who", ["coordinator", "registrar", "auditor", "trainer", "duty_officer", "officer2", "outsider"]
)
def test_only_administrators_do_it(request, who, officer):
    by = request.getfixturevalue(who)
    for act in (close_account, open_account, sign_out_everywhere):
        with pytest.raises(PermissionDenied):
            act(person=officer, reason="", by=by)
    assert User.objects.get(pk=officer.pk).signed_out_at is None


def test_erased_record_stays_closed(admin, officer):
    User.objects.filter(pk=officer.pk).update(is_active=False, erased_at=clock.now())
    with pytest.raises(ValidationError):
        open_account(person=officer, reason="", by=admin)


def test_each_change_leaves_one_entry(admin, officer):
    for _twice in range(2):
        close_account(person=officer, reason="left", by=admin)
    for _twice in range(2):
        open_account(person=officer, reason="back", by=admin)
    entries = AuditEntry.objects.filter(subject_id=officer.public_id, by=admin).order_by("pk")
    assert list(entries.values_list("act", "values__after")) == [
        ("accounts.close_account", "left"), ("accounts.open_account", "back"),
    ]  # fmt: skip

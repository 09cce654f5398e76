"""Two registrars and one administrator stay, whoever goes and however."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.actions.accounts import close_account
from operations.models import Proposal
from people.actions.grants import break_glass, revoke_grant
from people.permissions import positions_of
from privacy.actions.erasure import ErasureRefused, propose_erasure
from tests import factories
from tests.factories import Position, client_of, give

pytestmark = pytest.mark.usefixtures("english")

STAY = "At least 2 registrars must stay. Make another one first."


@pytest.fixture
def third(db):
    person = factories.make_person()
    give(person, Position.REGISTRAR)
    return person


def page(name, *parts):
    return reverse(name, args=parts)


def test_neither_of_two_registrars_is_ended_or_closed_by_page(admin, registrar, registrar2):
    grant = registrar.grants.get()
    for by, address in (
        (registrar2, page("people:grant_one", grant.public_id)),
        (admin, page("accounts:account_change", registrar.public_id, "close")),
    ):
        assert STAY in client_of(by).post(address, {"reason": "order 7"}).text
    registrar.refresh_from_db()
    assert positions_of(registrar) == {"registrar"}


def test_third_registrar_may_go(admin, registrar, registrar2, third):
    revoke_grant(grant=third.grants.get(), by=admin, reason="leaves")
    with pytest.raises(ValidationError):
        close_account(person=registrar, reason="leaves", by=admin)


def test_closed_or_limited_ones_do_not_count(admin, registrar, registrar2, third, agency, outsider):
    give(outsider, Position.REGISTRAR, agency=agency)
    close_account(person=third, reason="leaves", by=admin)
    with pytest.raises(ValidationError):
        revoke_grant(grant=registrar.grants.get(), by=admin)
    revoke_grant(grant=outsider.grants.get(), by=admin)  # is none of the two


def test_position_of_a_closed_account_ends_though_only_two_are_left(admin, registrar, registrar2, third):
    close_account(person=third, reason="leaves", by=admin)
    address = page("people:grant_one", third.grants.get().public_id)
    assert STAY not in client_of(registrar).post(address, {"reason": "order 7"}, follow=True).text
    assert third.grants.get().revoked_at is not None


def test_last_administrator_is_neither_ended_nor_closed(admin, admin2):
    revoke_grant(grant=admin2.grants.get(), by=admin)
    with pytest.raises(ValidationError, match="At least one administrator must stay"):
        person = factories.make_person()
        break_glass(person=person, reason="fire", by=None)
        close_account(person=admin, reason="x", by=person)


def test_erasure_of_one_who_must_stay_is_refused_in_words(admin, admin2, registrar, registrar2, third):
    propose_erasure(person=third, by=third)
    revoke_grant(grant=registrar2.grants.get(), by=admin)
    proposal = Proposal.objects.get()
    answer = client_of(admin).post(page("privacy:confirm_erasure", proposal.public_id), follow=True)
    assert STAY in answer.text
    proposal.refresh_from_db()
    assert proposal.outcome is None
    with pytest.raises(ErasureRefused):
        propose_erasure(person=registrar, by=registrar)
    assert STAY in client_of(registrar).post(page("privacy:erase_me"), follow=True).text


def test_others_go_as_before(admin, trainer, officer):
    revoke_grant(grant=trainer.grants.get(), by=admin)
    close_account(person=officer, reason="left", by=admin)
    assert positions_of(trainer) == frozenset()


def test_installation_may_end_the_last(registrar):
    revoke_grant(grant=registrar.grants.get(), by=None)
    assert positions_of(registrar) == frozenset()

"""A registrar or a rule owner is made by two people."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from operations import clock, proposals
from operations.models import AuditEntry, Notice
from people.actions import grants as grant_actions
from people.actions.registrars import (
    REGISTRAR,
    confirm_registrar,
    decline_registrar,
    propose_registrar,
    withdraw_registrar,
)
from people.permissions import holds_everywhere
from tests import factories
from tests.factories import Position


def propose(person, by, **more):
    return propose_registrar(person=person, reason="addition", by=by, **more)


def test_administrator_proposes_and_registrar_confirms(admin, registrar, outsider):
    grant = confirm_registrar(proposal=propose(outsider, admin), by=registrar)
    assert holds_everywhere(outsider, Position.REGISTRAR)
    assert (grant.granted_by, grant.confirmed_by, grant.reason) == (admin, registrar, "addition")


def test_registrar_proposes_and_administrator_confirms(admin, registrar, outsider):
    confirm_registrar(proposal=propose(outsider, registrar), by=admin)
    assert holds_everywhere(outsider, Position.REGISTRAR)


def test_two_administrators_make_no_registrar_while_there_is_one(admin, admin2, registrar, outsider):
    proposal = propose(outsider, admin)
    with pytest.raises(PermissionDenied):
        confirm_registrar(proposal=proposal, by=admin2)
    assert not holds_everywhere(outsider, Position.REGISTRAR)


def test_two_administrators_make_one_where_none_is_left(admin, admin2, registrar, outsider):
    grant_actions.revoke_grant(grant=registrar.grants.get(), by=None)
    confirm_registrar(proposal=propose(outsider, admin), by=admin2)
    assert holds_everywhere(outsider, Position.REGISTRAR)


def test_one_administrator_gives_no_rule_owner(admin, outsider):
    with pytest.raises(PermissionDenied):
        grant_actions.grant(person=outsider, position=Position.RULE_OWNER, reason="order 7", by=admin)
    page = f"/en/people/positions/give/{outsider.public_id}/"
    sent = {"position": "rule-owner", "area": "everywhere", "reason": "order 7", "sure": "1"}
    answer = factories.client_of(admin).post(page, sent)
    assert "Select a valid choice" in answer.text and not outsider.grants.exists()


@pytest.mark.parametrize(
    "language, ask, told",
    [
        ("az", "Təklif edilsin: tələblər üzrə məsul şəxs?", "başqa məsul şəxslə birlikdə"),
        ("en", "Propose as rule owner?", "together with another rule owner"),
        ("ru", "Предложить: ответственный за требования?", "вместе с другим ответственным за требования"),
    ],
)
def test_rule_owner_is_made_by_page_of_two(language, ask, told, admin, admin2, registrar, outsider):
    positions = f"/{language}/people/positions/"
    page = f"{positions}registrars/propose/{outsider.public_id}/?position=rule-owner"
    assert page in factories.client_of(admin).get(f"{positions}give/{outsider.public_id}/").text
    client = factories.client_of(admin)
    asked = client.post(page, {"reason": "addition"}).text
    assert ask in asked and "qeydiyyatçı lazımdır" not in asked  # the reason names no other position
    assert client.post(page, {"reason": "addition", "sure": "1"}).status_code == 302
    proposal = proposals.waiting(act=REGISTRAR).get()
    one = f"{positions}registrars/{proposal.public_id}/"
    assert factories.client_of(admin2).post(f"{one}confirm/").status_code == 403  # two administrators do not
    assert not holds_everywhere(outsider, Position.RULE_OWNER)
    client = factories.client_of(registrar)
    assert told in client.get(one).text
    client.post(f"{one}confirm/")
    assert holds_everywhere(outsider, Position.RULE_OWNER)
    assert not holds_everywhere(outsider, Position.REGISTRAR)
    made = outsider.grants.get()
    assert (made.granted_by, made.confirmed_by) == (admin, registrar)


def test_only_positions_that_two_give_are_proposed(admin, outsider):
    page = f"/en/people/positions/registrars/propose/{outsider.public_id}/?position=administrator"
    assert factories.client_of(admin).get(page).status_code == 404
    with pytest.raises(PermissionDenied):
        propose(outsider, admin, position=Position.ADMINISTRATOR)


def test_one_administrator_ends_a_rule_owner(admin, outsider):
    factories.give(outsider, Position.RULE_OWNER)
    grant_actions.revoke_grant(grant=outsider.grants.get(), reason="leaves", by=admin)
    assert not holds_everywhere(outsider, Position.RULE_OWNER)


def test_proposer_and_candidate_do_not_confirm(admin, registrar, registrar2, outsider):
    proposal = propose(outsider, registrar)
    factories.give(outsider, Position.TRAINER)
    for refused in (registrar, outsider):
        with pytest.raises(PermissionDenied):
            confirm_registrar(proposal=proposal, by=refused)
    with pytest.raises(PermissionDenied):
        propose(registrar2, registrar2)


@pytest.mark.parametrize("who", ["auditor", "coordinator", "trainer", "duty_officer", "officer", "outsider"])
def test_nobody_else_proposes_or_decides(request, who, admin, registrar, officer2):
    by = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        propose(officer2, by)
    proposal = propose(officer2, admin)
    for act in (confirm_registrar, decline_registrar):
        with pytest.raises(PermissionDenied):
            act(proposal=proposal, by=by)
    with pytest.raises(proposals.ProposalError):
        withdraw_registrar(proposal=proposal, by=by)


def test_proposer_who_lost_the_position_proposed_nothing(admin, admin2, registrar, outsider):
    proposal = propose(outsider, admin)
    grant_actions.revoke_grant(grant=admin.grants.get(), by=admin2)
    with pytest.raises(PermissionDenied):
        confirm_registrar(proposal=proposal, by=registrar)


def test_excluding_position_is_refused_at_once_and_at_the_end(admin, registrar, auditor, outsider):
    with pytest.raises(ValidationError):
        propose(auditor, admin)
    proposal = propose(outsider, admin)
    factories.give(outsider, Position.AUDITOR)
    with pytest.raises(ValidationError):
        confirm_registrar(proposal=proposal, by=registrar)
    proposal.refresh_from_db()
    assert proposal.outcome is None and not holds_everywhere(outsider, Position.REGISTRAR)


def test_trial_at_proposing_leaves_nothing(admin, outsider):
    propose(outsider, admin)
    assert outsider.grants.count() == 0
    assert not AuditEntry.objects.filter(act="people.grant", subject_id=outsider.public_id).exists()
    assert not Notice.objects.filter(person=outsider).exists()


def test_one_proposal_waits_for_each_person(admin, registrar, outsider):
    propose(outsider, admin)
    with pytest.raises(ValidationError):
        propose(outsider, registrar)


def test_position_begins_and_ends_as_proposed(admin, registrar, outsider):
    now = clock.now()
    proposal = propose(outsider, admin, starts_at=now + timedelta(days=2), ends_at=now + timedelta(days=9))
    confirm_registrar(proposal=proposal, by=registrar)
    held = []
    for days in (1, 2, 8, 9):
        with clock.at(now + timedelta(days=days)):
            held.append(holds_everywhere(outsider, Position.REGISTRAR))
    assert held == [False, True, True, False]


def test_decline_and_withdraw_leave_a_trace_and_give_nothing(admin, registrar, outsider, officer):
    decline_registrar(proposal=propose(outsider, admin), by=registrar)
    withdraw_registrar(proposal=propose(officer, admin), by=admin)
    acts = AuditEntry.objects.filter(act__endswith="_registrar").order_by("pk").values_list("act", flat=True)
    assert list(acts) == [
        "people.propose_registrar", "people.decline_registrar", "people.propose_registrar",
        "people.withdraw_registrar",
    ]  # fmt: skip
    assert not holds_everywhere(outsider, Position.REGISTRAR)


def test_proposal_expires(admin, registrar, outsider):
    proposal = propose(outsider, admin)
    with clock.at(clock.now() + timedelta(days=15)), pytest.raises(proposals.ProposalError):
        confirm_registrar(proposal=proposal, by=registrar)
    assert proposals.waiting(act=REGISTRAR).count() == 1


def test_the_other_eyes_are_told(admin, registrar, registrar2, auditor, outsider):
    proposal = propose(outsider, admin)
    told = Notice.objects.filter(kind="people.registrar_proposed").values_list("person", flat=True)
    assert set(told) == {registrar.pk, registrar2.pk, auditor.pk}
    confirm_registrar(proposal=proposal, by=registrar)
    told = Notice.objects.filter(kind="people.registrar_made").values_list("person", flat=True)
    assert set(told) == {admin.pk, registrar2.pk, auditor.pk}

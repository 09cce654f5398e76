"""The second step of who acts for others is removed by two people, and one administrator has no way around it."""

import base64
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils.translation import override

from accounts.actions.accounts import close_account
from accounts.actions.resets import confirm_reset, decline_reset, propose_reset, withdraw_reset
from accounts.actions.second_factor import reset_second_factor, set_up_totp
from accounts.permissions import RESET
from operations import clock, proposals
from operations.models import AuditEntry, Notice, Proposal
from people.actions.grants import grant, revoke_grant
from people.actions.registrars import propose_registrar
from tests import factories
from tests.elearning.pages import flat
from tests.factories import Position, client_of, give

pytestmark = pytest.mark.usefixtures("english")

SECRET = base64.b32encode(b"twenty bytes of key.").decode()
HOLDERS = ["trainer", "reviewer", "coordinator", "registrar2", "auditor"]


def page(name, *parts):
    return reverse(name, args=parts)


def secured(person):
    """The person, with a second step."""
    set_up_totp(person=person, secret=SECRET, by=None)
    return person


def propose(person, by):
    return propose_reset(person=person, reason="lost", by=by)


def stands(person):
    return Authenticator.objects.filter(user=person).exists()


@pytest.mark.parametrize("who", HOLDERS)
def test_one_administrator_alone_removes_no_holders(who, request, admin, registrar):
    person = secured(request.getfixturevalue(who))
    with pytest.raises(PermissionDenied):
        reset_second_factor(person=person, by=admin, reason="lost")
    client = client_of(admin)
    answer = client.post(page("accounts:account_change", person.public_id, "second-step"), {"reason": "lost"})
    assert answer.url == page("accounts:propose_reset", person.public_id) and stands(person)


def test_by_pages_one_proposes_and_another_confirms(admin, registrar, trainer):
    secured(trainer)
    holder = client_of(trainer)
    proposing, deciding = client_of(admin), client_of(registrar)
    assert "Propose to remove" in proposing.get(page("accounts:account_one", trainer.public_id)).text
    asked = page("accounts:propose_reset", trainer.public_id)
    assert "Choose a reason from the list." in proposing.post(asked, {}).text
    assert "Proposed." in proposing.post(asked, {"reason": "lost"}, follow=True).text
    assert stands(trainer) and holder.get("/en/certificates/").status_code == 200
    proposal = Proposal.objects.get(act=RESET)
    assert page("accounts:resets") in deciding.get(page("people:grants")).text
    assert page("accounts:resets") in proposing.get(page("accounts:accounts")).text
    for client, above in (
        (proposing, page("accounts:accounts")),
        (deciding, page("people:grants")),
    ):  # who sees no accounts
        for shown in (page("accounts:resets"), page("accounts:reset_proposal", proposal.public_id)):
            first = client.get(shown).context["crumbs"][0]["href"]
            assert first == above and client.get(first).status_code == 200
    assert page("accounts:reset_proposal", proposal.public_id) in deciding.get(page("accounts:resets")).text
    own = proposing.get(page("accounts:reset_proposal", proposal.public_id)).text
    assert "Withdraw my proposal" in own and "Confirm</button>" not in flat(own)
    assert "Confirm</button>" in flat(deciding.get(page("accounts:reset_proposal", proposal.public_id)).text)
    answer = deciding.post(page("accounts:decide_reset", proposal.public_id, "confirm"), follow=True)
    assert "The second step is removed." in answer.text and not stands(trainer)
    assert holder.get("/en/certificates/").status_code == 302
    entries = AuditEntry.objects.filter(subject_id=trainer.public_id, act__contains="reset").order_by("pk")
    assert [(entry.act, entry.by) for entry in entries] == [
        ("accounts.propose_reset", admin), ("accounts.confirm_reset", registrar),
        ("accounts.reset_second_factor", registrar),
    ]  # fmt: skip


def test_person_and_the_other_eyes_are_told(admin, admin2, registrar, registrar2, auditor, trainer):
    propose(secured(trainer), admin)
    told = Notice.objects.filter(kind="accounts.reset_proposed").values_list("person", flat=True)
    assert set(told) == {admin2.pk, registrar.pk, registrar2.pk, auditor.pk}
    assert Notice.objects.get(kind="accounts.own_reset_proposed").person == trainer
    confirm_reset(proposal=Proposal.objects.get(), by=registrar)
    assert Notice.objects.get(kind="accounts.second_factor_reset").person == trainer


def test_proposer_and_person_do_not_confirm(admin, registrar, registrar2):
    proposal = propose(secured(registrar2), admin)
    for by in (admin, registrar2):
        with pytest.raises(PermissionDenied):
            confirm_reset(proposal=proposal, by=by)
    with pytest.raises(PermissionDenied):
        propose(secured(admin), admin)
    decline_reset(proposal=proposal, by=registrar2)  # the person knows best
    assert stands(registrar2)


def test_administrator_makes_no_second_one_to_confirm(admin, registrar, trainer, outsider):
    """Administrators give the position of administrator alone: two of them may be one person."""
    grant(person=outsider, position=Position.ADMINISTRATOR, by=admin)
    proposal = propose(secured(trainer), admin)
    with pytest.raises(PermissionDenied):
        confirm_reset(proposal=proposal, by=outsider)
    with pytest.raises(ValidationError):  # nor without a registrar
        revoke_grant(grant=registrar.grants.get(), by=outsider)
    assert stands(trainer)


def test_two_administrators_do_it_where_no_registrar_is_left(admin, admin2, trainer):
    confirm_reset(proposal=propose(secured(trainer), admin), by=admin2)
    assert not stands(trainer)


@pytest.mark.parametrize("by", ["end", "close", "coming"])
def test_no_way_around_by_ending_closing_or_being_early(by, admin, registrar, trainer, outsider):
    person = secured(trainer)
    if by == "end":
        revoke_grant(grant=trainer.grants.get(), by=admin)
    elif by == "close":
        close_account(person=trainer, reason="x", by=admin)
    else:
        person = secured(outsider)
        later = clock.now() + timedelta(days=1)
        grant(person=person, position=Position.AUDITOR, starts_at=later, by=admin)
    person.refresh_from_db()
    with pytest.raises(PermissionDenied):
        reset_second_factor(person=person, by=admin)
    assert stands(person)


def test_duty_officers_and_officers_takes_one(admin, registrar, duty_officer, officer):
    for person in (secured(duty_officer), secured(officer)):
        reset_second_factor(person=person, by=admin, reason="lost")
        assert not stands(person)
        with pytest.raises(PermissionDenied):
            propose(person, admin)


def test_refused_in_words(admin, admin2, registrar, trainer, reviewer):
    with pytest.raises(ValidationError, match="no second step"):
        propose(trainer, admin)
    propose(secured(trainer), admin)
    with pytest.raises(ValidationError, match="already waiting"):
        propose(trainer, admin2)
    with pytest.raises(ValidationError, match="reason"):
        propose_reset(person=secured(reviewer), reason="", by=admin)


def test_declined_withdrawn_and_expired_change_nothing(admin, registrar, trainer):
    secured(trainer)
    decline_reset(proposal=propose(trainer, admin), by=registrar)
    with pytest.raises(proposals.ProposalError):
        withdraw_reset(proposal=(proposal := propose(trainer, admin)), by=registrar)
    withdraw_reset(proposal=proposal, by=admin)
    late = propose(trainer, admin)
    with clock.at(clock.now() + timedelta(days=3, seconds=1)):
        with pytest.raises(proposals.ProposalError):
            confirm_reset(proposal=late, by=registrar)
        said = (
            client_of(registrar)
            .post(page("accounts:decide_reset", late.public_id, "confirm"), follow=True)
            .text
        )
    assert "has passed" in said and stands(trainer)


def test_proposer_who_lost_the_position_proposed_nothing(admin, admin2, registrar, trainer):
    proposal = propose(secured(trainer), admin)
    revoke_grant(grant=admin.grants.get(), by=admin2)
    with pytest.raises(PermissionDenied):
        confirm_reset(proposal=proposal, by=registrar)


@pytest.mark.parametrize("who", ["auditor", "coordinator", "reviewer", "duty_officer", "officer", "outsider"])
def test_nobody_else_proposes_or_decides(who, request, admin, registrar, trainer, officer2):
    by = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        propose(secured(trainer), by)
    proposal = propose(trainer, admin)
    client = client_of(by)
    for method in (confirm_reset, decline_reset):
        with pytest.raises(PermissionDenied):
            method(proposal=proposal, by=by)
    for address in (page("accounts:resets"), page("accounts:reset_proposal", proposal.public_id)):
        assert client.get(address).status_code == 403
    assert client.get(page("accounts:propose_reset", trainer.public_id)).status_code == 403


def test_other_proposals_are_not_decided_as_this_one(admin, registrar, outsider):
    other = propose_registrar(person=outsider, reason="addition", by=admin)
    with pytest.raises(PermissionDenied):
        confirm_reset(proposal=other, by=registrar)
    assert client_of(registrar).get(page("accounts:reset_proposal", other.public_id)).status_code == 404


def test_waiting_list_takes_as_many_queries_for_three_as_for_one(admin, registrar):
    client, counts = client_of(registrar), []
    for number in (1, 2):
        for _more in range(number):
            person = factories.make_person()
            give(person, Position.TRAINER)
            propose(secured(person), admin)
        with factories.counted() as queries:
            assert client.get(page("accounts:resets")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_position_is_not_given_to_who_never_signed_in(admin, registrar, unit):
    """Whoever entered the address, or printed the first code, could come in as the holder."""
    newcomer = factories.make_person(unit=unit)
    answer = client_of(admin).post(
        page("people:give_to", newcomer.public_id),
        {"position": "trainer", "area": "everywhere", "reason": "7"},
    )
    assert "This person has never signed in." in answer.text
    with pytest.raises(ValidationError):
        propose_registrar(person=newcomer, reason="addition", by=registrar)
    grant(person=newcomer, position=Position.DUTY_OFFICER, unit=unit, by=admin)
    factories.came_in(newcomer)
    grant(person=newcomer, position=Position.TRAINER, by=admin)
    assert newcomer.grants.count() == 2


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_pages_and_letters_open_in_each_language(language, admin, registrar, trainer):
    trainer.language = language
    trainer.save()
    proposal = propose(secured(trainer), admin)
    client = client_of(registrar)
    with override(language):
        for name, parts in (("accounts:resets", ()), ("accounts:reset_proposal", (proposal.public_id,))):
            assert client.get(page(name, *parts)).status_code == 200
        assert client_of(admin).get(page("accounts:propose_reset", trainer.public_id)).status_code == 200

"""Revocation by two: what it changes at once, who may not, what is left behind."""

import json
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client

from certificates import actions_acts, read_model
from certificates.actions_life import REVOKE
from certificates.acts import ActRefused
from certificates.checking import examine_kept
from certificates.models import Certificate, CertificateEvent
from certificates.signals import certificate_changed
from certificates.state import State, state_at
from operations import audit, clock
from operations.models import AuditEntry, Errand, Proposal
from operations.notices import Rhythm
from operations.outbox import work_off
from operations.proposals import ProposalError
from people.actions.grants import revoke_grant
from people.models import User
from tests import factories
from tests.databases import on_postgresql, really_committed

from .issuing import Kind, ahead, happen, make_certificate

pytestmark = pytest.mark.django_db
COMPLAINT = CertificateEvent.Reason.COMPLAINT


@pytest.fixture
def proposal(certificate: Certificate, registrar: User) -> Proposal:
    return actions_acts.propose(act=REVOKE, certificate=certificate, reason=COMPLAINT, by=registrar)


def acts() -> list[tuple[str, str, str]]:
    entries = AuditEntry.objects.filter(subject_kind="certificate").order_by("pk")
    return [(entry.act, entry.by.email if entry.by else "", entry.reason) for entry in entries]


def state_of(certificate: Certificate) -> State | None:
    """As the public page verifies it: None where it could not be checked."""
    found = read_model.read(certificate.public_id)
    assert found is not None
    return (held := examine_kept(found).certificate_state) and held.state


def test_a_merged_record_is_no_second_person(
    certificate: Certificate, proposal: Proposal, registrar: User, registrar2: User
):
    factories.merged(registrar, into=registrar2)
    with pytest.raises(PermissionDenied):
        actions_acts.confirm(proposal=Proposal.objects.get(pk=proposal.pk), by=registrar2)
    assert state_of(certificate) == State.VALID


def test_proposer_who_turned_out_to_be_the_holder_leaves_only_to_decline(
    certificate: Certificate,
    proposal: Proposal,
    officer: User,
    registrar: User,
    registrar2: User,
    client_of: Any,
):
    """The holder's record was merged into the proposer's after it was proposed."""
    factories.merged(officer, into=registrar)
    proposal = Proposal.objects.get(pk=proposal.pk)
    with pytest.raises(ActRefused):
        actions_acts.confirm(proposal=proposal, by=registrar2)
    client = client_of(registrar2, headers={"Accept-Language": "en"})
    page = client.get(f"/en/certificates/register/proposals/{proposal.public_id}/").content.decode()
    assert "it can only be declined" in page and "/decline/" in page and "/confirm/" not in page
    actions_acts.decline(proposal=proposal, by=registrar2)
    assert state_of(certificate) == State.VALID


def test_proposer_who_is_no_registrar_any_more_leaves_only_to_decline(
    certificate: Certificate, proposal: Proposal, registrar: User, registrar2: User, client_of: Any
):
    revoke_grant(grant=registrar.grants.get(), by=None)
    proposal = Proposal.objects.get(pk=proposal.pk)
    with pytest.raises(ActRefused):
        actions_acts.confirm(proposal=proposal, by=registrar2)
    client = client_of(registrar2, headers={"Accept-Language": "en"})
    page = client.get(f"/en/certificates/register/proposals/{proposal.public_id}/").content.decode()
    assert "it can only be declined" in page and "/decline/" in page and "/confirm/" not in page
    actions_acts.decline(proposal=proposal, by=registrar2)
    assert state_of(certificate) == State.VALID


# --- proposing ---------------------------------------------------------------------------------------


def test_a_proposal_changes_nothing(certificate: Certificate, proposal: Proposal):
    assert state_of(certificate) == State.VALID
    assert (proposal.act, proposal.subject_id, proposal.reason_category, proposal.payload) == (
        "certificates.revoke", certificate.public_id, COMPLAINT, {"reach": "qualification"},
    )  # fmt: skip
    assert acts() == [("certificates.propose_revocation", "registrar@agency.example", COMPLAINT)]


def test_a_proposal_waits_for_fourteen_days(certificate: Certificate, registrar: User):
    with clock.at(clock.now()):
        proposal = actions_acts.propose(act=REVOKE, certificate=certificate, reason=COMPLAINT, by=registrar)
    assert proposal.expires_at - proposal.proposed_at == timedelta(days=14)


def test_only_registrars_propose(
    certificate: Certificate, officer2: User, coordinator: User, duty_officer: User, auditor: User, admin: User,
    trainer: User, outsider: User,
):  # fmt: skip
    for person in (officer2, coordinator, duty_officer, auditor, admin, trainer, outsider):
        with pytest.raises(PermissionDenied):
            actions_acts.propose(act=REVOKE, certificate=certificate, reason=COMPLAINT, by=person)
    assert Proposal.objects.count() == 0


def test_registrar_of_one_agency_does_not_propose(certificate: Certificate, officer2: User):
    factories.give(officer2, factories.Position.REGISTRAR, agency=factories.make_agency())
    with pytest.raises(PermissionDenied):
        actions_acts.propose(act=REVOKE, certificate=certificate, reason=COMPLAINT, by=officer2)


def test_registrar_does_not_propose_about_an_own_certificate(certificate: Certificate, officer: User):
    factories.give(officer, factories.Position.REGISTRAR)
    with pytest.raises(PermissionDenied):
        actions_acts.propose(act=REVOKE, certificate=certificate, reason=COMPLAINT, by=officer)


def test_nothing_is_proposed_twice(
    certificate: Certificate, proposal: Proposal, registrar: User, registrar2: User
):
    for person in (registrar, registrar2):
        with pytest.raises(ActRefused):
            actions_acts.propose(act=REVOKE, certificate=certificate, reason=COMPLAINT, by=person)


def test_what_ran_out_or_was_declined_is_proposed_anew(
    certificate: Certificate, proposal: Proposal, registrar: User, registrar2: User
):
    with clock.at(ahead(days=15)):
        second = actions_acts.propose(act=REVOKE, certificate=certificate, reason=COMPLAINT, by=registrar)
        actions_acts.decline(proposal=second, by=registrar2)
        actions_acts.propose(act=REVOKE, certificate=certificate, reason=COMPLAINT, by=registrar2)
    assert Proposal.objects.count() == 3


@pytest.mark.parametrize("kind", [Kind.REVOKED, Kind.VOIDED])
def test_what_is_revoked_is_not_revoked_again(certificate: Certificate, registrar: User, kind: str):
    happen(certificate, kind)
    with pytest.raises(ActRefused):
        actions_acts.propose(act=REVOKE, certificate=certificate, reason=COMPLAINT, by=registrar)


def test_reason_is_one_of_the_categories(certificate: Certificate, registrar: User):
    with pytest.raises(ActRefused):
        actions_acts.propose(act=REVOKE, certificate=certificate, reason="because", by=registrar)


# --- deciding ----------------------------------------------------------------------------------------


def test_confirmed_by_a_second_registrar_it_is_revoked_at_once(
    certificate: Certificate, proposal: Proposal, registrar2: User
):
    event = actions_acts.confirm(proposal=proposal, by=registrar2)
    assert (event.kind, event.reason, event.by, event.proposal) == (
        Kind.REVOKED, COMPLAINT, registrar2, proposal,
    )  # fmt: skip
    assert state_of(certificate) == State.REVOKED
    proposal.refresh_from_db()
    assert (proposal.outcome, proposal.decided_by) == ("confirmed", registrar2)
    assert acts()[1:] == [("certificates.revoke", "registrar2@agency.example", COMPLAINT)]
    assert all(audit.stands(entry) for entry in AuditEntry.objects.all())


def test_page_and_signed_list_turn_with_the_confirmation(
    certificate: Certificate, proposal: Proposal, registrar2: User
):
    stranger = Client(headers={"Accept-Language": "en"})
    before = json.loads(stranger.get("/status/1").content)["credentialSubject"]["encodedList"]
    actions_acts.confirm(proposal=proposal, by=registrar2)
    assert "has been revoked" in stranger.get(f"/c/{certificate.public_id}").content.decode()
    after = json.loads(stranger.get("/status/1").content)["credentialSubject"]["encodedList"]
    assert before != after


def test_proposer_and_holder_and_others_do_not_confirm(
    certificate: Certificate, proposal: Proposal, registrar: User, officer: User, officer2: User,
    coordinator: User, auditor: User, admin: User, outsider: User,
):  # fmt: skip
    factories.give(officer, factories.Position.REGISTRAR)  # the holder, a registrar too
    for person in (registrar, officer, officer2, coordinator, auditor, admin, outsider):
        for decide in (actions_acts.confirm, actions_acts.decline):
            with pytest.raises(PermissionDenied):
                decide(proposal=proposal, by=person)
    assert state_of(certificate) == State.VALID
    assert CertificateEvent.objects.count() == 0


def test_proposer_who_lost_the_grant_leaves_the_decision_to_others(
    certificate: Certificate, proposal: Proposal, registrar: User, registrar2: User
):
    revoke_grant(grant=registrar2.grants.get(), by=None)
    with pytest.raises(PermissionDenied):
        actions_acts.confirm(proposal=proposal, by=registrar2)


def test_confirmed_twice_is_confirmed_once(
    certificate: Certificate, proposal: Proposal, registrar2: User, admin: User
):
    third = factories.make_person()
    factories.give(third, factories.Position.REGISTRAR)
    actions_acts.confirm(proposal=proposal, by=registrar2)
    for person in (registrar2, third):
        with pytest.raises(ProposalError):
            actions_acts.confirm(proposal=Proposal.objects.get(), by=person)
    assert CertificateEvent.objects.count() == 1


def test_expired_proposal_is_not_confirmed(certificate: Certificate, proposal: Proposal, registrar2: User):
    with clock.at(proposal.expires_at), pytest.raises(ProposalError):
        actions_acts.confirm(proposal=proposal, by=registrar2)
    assert state_of(certificate) == State.VALID


def test_declined_it_stays_valid(certificate: Certificate, proposal: Proposal, registrar2: User):
    actions_acts.decline(proposal=proposal, by=registrar2)
    with pytest.raises(ProposalError):
        actions_acts.confirm(proposal=proposal, by=registrar2)
    assert state_of(certificate) == State.VALID
    assert acts()[-1] == ("certificates.decline_revocation", "registrar2@agency.example", COMPLAINT)


def test_only_the_proposer_withdraws(
    certificate: Certificate, proposal: Proposal, registrar: User, registrar2: User, outsider: User
):
    for person in (registrar2, outsider):
        with pytest.raises(ProposalError):
            actions_acts.withdraw(proposal=proposal, by=person)
    actions_acts.withdraw(proposal=proposal, by=registrar)
    with pytest.raises(ProposalError):
        actions_acts.confirm(proposal=proposal, by=registrar2)
    assert acts()[-1] == ("certificates.withdraw_revocation", "registrar@agency.example", COMPLAINT)


def test_proposal_of_another_kind_is_not_decided_here(
    certificate: Certificate, registrar: User, registrar2: User
):
    other = Proposal.objects.create(
        act="people.grant", subject_id=certificate.public_id, reason_category=COMPLAINT, proposed_by=registrar,
        proposed_at=clock.now(), expires_at=ahead(days=1),
    )  # fmt: skip
    for decide, person in (
        (actions_acts.confirm, registrar2),
        (actions_acts.decline, registrar2),
        (actions_acts.withdraw, registrar),
    ):
        with pytest.raises(PermissionDenied):
            decide(proposal=other, by=person)


def test_other_apps_are_told_within_the_transaction(
    certificate: Certificate, proposal: Proposal, registrar2: User
):
    def refuse(sender: Any, certificate: Certificate, event: CertificateEvent, **kwargs: Any) -> None:
        assert event.certificate == certificate
        raise RuntimeError("somebody further right fails")

    certificate_changed.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            actions_acts.confirm(proposal=proposal, by=registrar2)
    finally:
        certificate_changed.disconnect(refuse)
    assert state_of(certificate) == State.VALID
    assert Proposal.objects.get().outcome is None


def test_revoked_in_the_past_by_a_moved_clock_it_is_revoked_since_then(
    keys: None, officer: User, outsider: User, officer2: User
):
    then = clock.now() - timedelta(days=20)
    certificate = make_certificate(officer, at=then - timedelta(days=100))
    with clock.at(then):
        for person in (officer2, outsider):
            factories.give(person, factories.Position.REGISTRAR)
        proposal = actions_acts.propose(act=REVOKE, certificate=certificate, reason=COMPLAINT, by=officer2)
        actions_acts.confirm(proposal=proposal, by=outsider)
    assert state_of(certificate) == State.REVOKED
    certificate = Certificate.objects.get()
    assert state_at(certificate).since == then
    assert state_at(certificate, then - timedelta(seconds=1)).state == State.VALID


# --- the holder is told ------------------------------------------------------------------------------

SUBJECTS = {
    "az": ("Sertifikatınız hazırdır", "Sertifikatınızla bağlı bildiriş"),
    "en": ("Your certificate is ready", "A notice about a certificate of yours"),
    "ru": ("Ваш сертификат готов", "Уведомление о вашем сертификате"),
}


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_holder_is_told_in_their_language_and_the_subject_says_nothing(
    keys: None, officer: User, registrar: User, registrar2: User, language: str
):
    User.objects.filter(pk=officer.pk).update(language=language, notice_rhythm=Rhythm.AT_ONCE)
    certificate = make_certificate(User.objects.get(pk=officer.pk))
    proposal = actions_acts.propose(act=REVOKE, certificate=certificate, reason=COMPLAINT, by=registrar)
    actions_acts.confirm(proposal=proposal, by=registrar2)
    work_off(["operations.mail"])
    letters = [message for message in mail.outbox if message.to == ["officer@agency.example"]]
    others = {address for message in mail.outbox for address in message.to} - {"officer@agency.example"}
    assert others == {registrar2.email}  # for whom it waited
    assert tuple(message.subject for message in letters) == SUBJECTS[language]
    link = f"http://localhost:8000/{language}/certificates/"
    for message in letters:
        bodies = [message.body, *(part.content for part in message.alternatives)]  # type: ignore[attr-defined]
        assert len(bodies) == 2
        for body in bodies:
            assert link in body
            assert certificate.short_code not in body
            assert "C1-LAB" not in body


def test_notice_goes_out_with_the_revocation_or_not_at_all(
    certificate: Certificate, proposal: Proposal, registrar2: User
):
    work_off(["operations.mail"])
    with clock.at(proposal.expires_at), pytest.raises(ProposalError):
        actions_acts.confirm(proposal=proposal, by=registrar2)
    assert Errand.objects.filter(kind="operations.mail").exclude(state=Errand.State.DONE).count() == 0


# --- together ----------------------------------------------------------------------------------------


@on_postgresql
@really_committed
def test_confirmed_by_several_at_once_there_is_one_event(keys: None):
    registrars = [factories.make_person() for _number in range(4)]
    for person in registrars:
        factories.give(person, factories.Position.REGISTRAR)
    certificate = make_certificate(factories.make_person())
    proposal = actions_acts.propose(act=REVOKE, certificate=certificate, reason=COMPLAINT, by=registrars[0])
    outcomes: list[str] = []
    start = Barrier(3)

    def confirm(person: User) -> None:
        start.wait()
        try:
            actions_acts.confirm(proposal=Proposal.objects.get(pk=proposal.pk), by=person)
            outcomes.append("revoked")
        except ProposalError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=confirm, args=[person]) for person in registrars[1:]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "refused", "revoked"]
    assert CertificateEvent.objects.count() == 1
    assert state_of(certificate) == State.REVOKED

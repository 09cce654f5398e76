"""Corrections that break off, and several people who decide at once."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from certificates import actions_acts, actions_corrections, issuing
from certificates.actions_life import REVOKE
from certificates.acts import ActRefused
from certificates.models import Award, Certificate, CertificateEvent, Reservation
from certificates.state import State
from operations import clock
from operations.models import AuditEntry, Notice, Proposal
from operations.proposals import ProposalError
from people.models import User
from tests import factories
from tests.databases import on_postgresql, really_committed

from .correcting import name, propose, state
from .issuing import ago, make_certificate

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", [1, 2])
def test_what_breaks_off_has_changed_nothing_and_is_done_again(
    keys: None,
    officer: User,
    coordinator: User,
    registrar: User,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
):
    """At the file of the first certificate, and at that of the second, when the first one is made."""
    first = make_certificate(officer, at=ago(days=700))
    make_certificate(officer, first_day=clock.first_day(first.valid_to), way="renewal")
    proposal = propose(officer, coordinator)
    counted = (Award, Reservation, Certificate, CertificateEvent, AuditEntry, Notice)
    before = [model.objects.count() for model in counted]
    really, calls = issuing.print_document, iter(range(1, 9))

    def print_document(certificate: Certificate, **more: Any) -> Any:
        if next(calls) == number:
            raise OSError("no room on the disk")
        return really(certificate, **more)

    monkeypatch.setattr(issuing, "print_document", print_document)
    with pytest.raises(OSError):
        actions_corrections.confirm_correction(proposal=Proposal.objects.get(), by=registrar)
    assert [model.objects.count() for model in counted] == before
    assert (name(officer), Proposal.objects.get().outcome) == ("Məmmədova Aytən Kamran qızı", None)
    assert state(first).state == State.VALID
    monkeypatch.setattr(issuing, "print_document", really)
    assert len(actions_corrections.confirm_correction(proposal=proposal, by=registrar)) == 2
    assert (state(first).state, name(officer)) == (State.SUPERSEDED, "Həsənova Aytən Kamran qızı")


def at_once(*decisions: Callable[[], object]) -> list[str]:
    """Return in words what came of each."""
    outcomes: list[str] = []
    start = Barrier(len(decisions))

    def perform(decide: Callable[[], object]) -> None:
        start.wait()
        try:
            decide()
            outcomes.append("done")
        except (ActRefused, ProposalError):
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=perform, args=[decide]) for decide in decisions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.fixture
def registrars(keys: None) -> list[User]:
    people = [factories.make_person() for _number in range(3)]
    for person in people:
        factories.give(person, factories.Position.REGISTRAR)
    return people


@on_postgresql
@really_committed
def test_confirmed_by_two_at_once_it_is_done_once(registrars: list[User]):
    first, second, third = registrars
    person = factories.make_person(father_name="Kamran qızı")
    certificate = make_certificate(person)
    propose(person, first)

    def by(registrar: User) -> Callable[[], object]:
        return lambda: actions_corrections.confirm_correction(proposal=Proposal.objects.get(), by=registrar)

    assert at_once(by(second), by(third)) == ["done", "refused"]
    assert (Certificate.objects.count(), CertificateEvent.objects.count()) == (2, 1)
    assert state(certificate).state == State.SUPERSEDED


@on_postgresql
@really_committed
def test_revoked_and_corrected_at_once_nothing_valid_is_left(registrars: list[User]):
    """Whichever comes first: a revocation that was decided is not got round by a new certificate."""
    first, second, third = registrars
    person = factories.make_person()
    make_certificate(person)
    correction = propose(person, first)
    with clock.at(clock.now() + timedelta(seconds=1)):
        revocation = actions_acts.propose(
            act=REVOKE, certificate=Certificate.objects.get(), reason="issued-in-error", by=first
        )
    outcomes = at_once(
        lambda: actions_corrections.confirm_correction(proposal=correction, by=second),
        lambda: actions_acts.confirm(proposal=revocation, by=third),
    )
    states = [state(each).state for each in Certificate.objects.order_by("pk")]
    assert (outcomes, states) == (["done", "refused"], [State.REVOKED])

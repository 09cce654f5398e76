"""Events: recorded in one place, signed, chained, and refused by the database where nobody confirmed them."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from certificates import read_model
from certificates.credentials.event import verify_event
from certificates.event_proofs import facts_of, hold
from certificates.models import Certificate, CertificateEvent
from certificates.recording import record_event
from certificates.signing import keyring
from operations import canonical, clock
from operations.identity import pseudonym
from operations.models import Proposal
from people.models import User
from tests.databases import on_postgresql, really_committed
from tests.factories import confirmed

from .issuing import Kind, ago, ahead, happen, make_certificate, unfinished, without_guards

pytestmark = pytest.mark.django_db


def record(certificate: Certificate, kind: str = Kind.REVOKED, **more: Any) -> CertificateEvent:
    given: dict[str, Any] = {"reason": "complaint", "effective_at": clock.now(), "by": None}
    if kind == Kind.REVOKED:
        given["reach"] = "certificate"
    with transaction.atomic():
        return record_event(certificate, kind=Kind(kind), **given | more)


def holds(certificate: Certificate) -> bool:
    found = read_model.read(certificate.public_id)
    assert found is not None
    return hold(found.public_id, found.events)


def test_event_is_signed_as_it_is_kept(certificate: Certificate, registrar: User):
    until = ahead(days=3)
    decided = confirmed("certificates.suspend_longer", certificate.public_id)
    event = record(certificate, Kind.SUSPENDED, until=until, by=registrar, proposal=decided)
    found = read_model.read(certificate.public_id)
    assert found is not None
    signed = verify_event(event.statement, keyring=keyring(), base_url="http://localhost:8000")
    assert signed == facts_of(certificate.public_id, found.events[0])
    assert (signed.until, signed.by, signed.proposal) == (
        until, pseudonym(registrar.public_id), decided.public_id,
    )  # fmt: skip
    assert registrar.public_id not in str(event.statement)


def test_events_are_numbered_and_chained(certificate: Certificate):
    events = [happen(certificate, kind) for kind in (Kind.SUSPENDED, Kind.REVOKED, Kind.ERASED)]
    assert [event.number for event in events] == [1, 2, 3]
    assert [event.previous_sha256 for event in events] == [
        "", *(canonical.sha256(event.statement) for event in events[:2]),
    ]  # fmt: skip
    assert holds(certificate)


def test_one_decision_may_take_several_certificates(certificate: Certificate):
    decided = confirmed("certificates.revoke", certificate.public_id)
    both = [record(each, proposal=decided) for each in (certificate, unfinished(certificate))]
    assert {event.proposal for event in both} == {decided}


@pytest.mark.parametrize("number", [1, 3])
def test_recording_takes_constant_queries(
    certificate: Certificate, number: int, django_assert_num_queries: Any
):
    for _place in range(number):
        happen(certificate, Kind.SUSPENDED)
    certificate = Certificate.objects.get(pk=certificate.pk)
    with django_assert_num_queries(5):  # with those of the savepoint
        record(certificate)


UNFIT: list[tuple[str, dict[str, Any]]] = [
    (Kind.REVOKED, {"reach": None}),
    (Kind.ENDED, {"reach": "certificate"}),
    (Kind.SUSPENDED, {}),
    (Kind.SUSPENDED, {"until": ago(seconds=1)}),
    (Kind.REVOKED, {"until": ahead(days=1)}),
    (Kind.SUPERSEDED, {}),
    (Kind.REINSTATED, {}),
]


@pytest.mark.parametrize("kind, more", UNFIT)
def test_unfit_event_is_refused(certificate: Certificate, kind: str, more: dict[str, Any]):
    with pytest.raises(ValueError, match="a |what "):
        record(certificate, kind, **more)
    assert not CertificateEvent.objects.exists()


def test_certificate_does_not_succeed_itself(certificate: Certificate):
    with pytest.raises(ValueError, match="another certificate"):
        record(certificate, Kind.SUPERSEDED, successor=certificate)


@pytest.mark.parametrize("kind", [Kind.SUPERSEDED, Kind.ERASED])
def test_nothing_undoes_what_cannot_be_undone(certificate: Certificate, kind: str):
    event = happen(certificate, kind)
    decided = confirmed("certificates.reinstate", certificate.public_id)
    with pytest.raises(ValueError, match="nothing undoes"):
        record(certificate, Kind.REINSTATED, undoes=event, proposal=decided)


def test_event_of_another_certificate_is_not_undone(certificate: Certificate):
    event = happen(unfinished(certificate), Kind.REVOKED)
    decided = confirmed("certificates.reinstate", certificate.public_id)
    with pytest.raises(ValueError, match="another certificate"):
        record(certificate, Kind.REINSTATED, undoes=event, proposal=decided)


# --- what both databases refuse ------------------------------------------------------------------------


def waiting(certificate: Certificate, registrar: User) -> Proposal:
    now = clock.now()
    return Proposal.objects.create(
        act="certificates.reinstate", subject_id=certificate.public_id, reason_category="complaint",
        proposed_by=registrar, proposed_at=now, expires_at=now + timedelta(days=1),
    )  # fmt: skip


def written(certificate: Certificate, **columns: Any) -> None:
    """As in SQL: without `record_event`."""
    given: dict[str, Any] = {
        "number": certificate.events.count() + 1, "reason": "complaint", "effective_at": clock.now(),
        "recorded_at": clock.now(), "statement": {},
    }  # fmt: skip
    given["previous_sha256"] = "0" * 64 if given["number"] > 1 else ""
    with transaction.atomic():
        CertificateEvent.objects.create(certificate=certificate, **given | columns)


@pytest.mark.parametrize("proposal", ["none", "waiting", "declined"])
def test_database_refuses_a_reinstatement_that_nobody_confirmed(
    certificate: Certificate, registrar: User, registrar2: User, proposal: str
):
    revoked = happen(certificate, Kind.REVOKED)
    decision = waiting(certificate, registrar) if proposal != "none" else None
    if decision and proposal == "declined":
        decision.outcome, decision.decided_by, decision.decided_at = "declined", registrar2, clock.now()
        decision.save()
    with pytest.raises(IntegrityError, match="certificateevent_(confirmed|undoes)"):
        written(certificate, kind="reinstated", undoes=revoked, proposal=decision)
    if decision is not None:
        with pytest.raises(ValueError, match="confirmed"):
            record(certificate, Kind.REINSTATED, undoes=revoked, proposal=decision)


def test_database_refuses_a_reinstatement_by_what_two_decided_otherwise(certificate: Certificate):
    revoked = happen(certificate, Kind.REVOKED)
    decision = confirmed("certificates.revoke", certificate.public_id)
    with pytest.raises(IntegrityError, match="certificateevent_confirmed"):
        written(certificate, kind="reinstated", undoes=revoked, proposal=decision)


def test_database_refuses_a_reinstatement_by_what_two_decided_about_another(
    certificate: Certificate, officer: User, officer2: User
):
    """Neither about somebody else's certificate of the qualification, nor about one of another qualification."""
    revoked = happen(certificate, Kind.REVOKED)
    others = make_certificate(officer2), make_certificate(officer, qualification="C2-LAB")
    for other in others:
        decision = confirmed("certificates.reinstate", other.public_id)
        with pytest.raises(IntegrityError, match="certificateevent_confirmed"), transaction.atomic():
            written(certificate, kind="reinstated", undoes=revoked, proposal=decision)


@pytest.mark.parametrize(
    "columns, refused",
    [
        ({"kind": "revoked"}, "reach"),
        ({"kind": "suspended"}, "until"),
        ({"kind": "ended", "until": ahead(days=9)}, "until"),
        ({"kind": "superseded"}, "successor"),
        ({"kind": "ended", "number": 3}, "follows"),
        ({"kind": "ended", "number": 1, "previous_sha256": "0" * 64}, "follows"),
    ],
)
def test_database_refuses_events_out_of_shape(
    certificate: Certificate, columns: dict[str, Any], refused: str
):
    with pytest.raises(IntegrityError, match=f"certificateevent_{refused}"):
        written(certificate, **columns)


def test_database_refuses_a_number_twice(certificate: Certificate):
    happen(certificate, Kind.ENDED)
    with pytest.raises(IntegrityError):
        written(certificate, kind="ended", number=1, previous_sha256="")


# --- what the reader refuses ---------------------------------------------------------------------------


def test_event_written_in_sql_is_not_genuine(certificate: Certificate):
    written(certificate, kind="ended")
    assert not holds(certificate)


def test_event_of_another_certificate_is_not_genuine(certificate: Certificate):
    other = unfinished(certificate)
    theirs = happen(other, Kind.ENDED)
    with without_guards():
        CertificateEvent.objects.filter(pk=theirs.pk).update(certificate=certificate)
    assert not holds(certificate)


def test_gap_is_not_genuine(certificate: Certificate):
    events = [happen(certificate, Kind.SUSPENDED) for _place in range(3)]
    for missing in events[:2]:
        with transaction.atomic():
            with without_guards():
                CertificateEvent.objects.filter(pk=missing.pk)._raw_delete("default")  # type: ignore[attr-defined]
            assert not holds(certificate)
            transaction.set_rollback(True)
    assert holds(certificate)


def test_reinstatement_whose_proposal_was_changed_is_not_genuine(certificate: Certificate):
    happen(certificate, Kind.REVOKED)
    proposal = happen(certificate, Kind.REINSTATED).proposal
    assert proposal is not None
    assert holds(certificate)
    with without_guards():
        Proposal.objects.filter(pk=proposal.pk).update(outcome="declined")
    assert not holds(certificate)


# --- together ------------------------------------------------------------------------------------------


@on_postgresql
@really_committed
def test_events_recorded_at_once_follow_each_other(keys: None, officer: User):
    certificate = make_certificate(officer)
    failures: list[BaseException] = []

    def end() -> None:
        try:
            record(certificate, Kind.ENDED)
        except BaseException as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=end) for _number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(certificate.events.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert holds(certificate)

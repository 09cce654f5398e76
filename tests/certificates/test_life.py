"""The life of a certificate: suspension by one, everything else by two; what reaches the whole qualification."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from certificates import actions_acts, actions_appeals, actions_life, barring, chains, lists
from certificates.actions_life import READMIT, REINSTATE, REVOKE, SUSPEND_LONGER, VOID
from certificates.acts import ActRefused
from certificates.models import Certificate, CertificateEvent, Complaint, EventAppeal, Readmission, StatusList
from certificates.register import in_state
from certificates.state import State, state_at
from certificates.views import rows_of_holder
from operations import clock
from operations.models import AuditEntry, Notice, Proposal
from operations.outbox import work_off
from operations.proposals import ProposalError
from people.models import User
from tests import factories

from .issuing import ahead, happen, make_certificate, unfinished

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
WHAT: dict[str, dict[str, Any]] = {
    REVOKE: {"reason": "complaint"},
    SUSPEND_LONGER: {"reason": "inquiry", "last_day": date(2027, 6, 1)},
    REINSTATE: {"reason": "not-borne-out"},
    VOID: {"reason": "issued-in-error"},
    READMIT: {"reason": "time-passed", "first_day": date(2027, 6, 1)},
}


def by_two(certificate: Certificate, act: str, first: User, second: User, **more: Any) -> Any:
    proposal = actions_acts.propose(act=act, certificate=certificate, by=first, **WHAT[act] | more)
    return actions_acts.confirm(proposal=Proposal.objects.get(pk=proposal.pk), by=second)


def fresh(certificate: Certificate) -> Certificate:
    return Certificate.objects.get(pk=certificate.pk)


def state(certificate: Certificate, instant: Any = None, **more: Any) -> State:
    return state_at(fresh(certificate), instant, **more).state


def suspend(certificate: Certificate, by: User, days: int = 7) -> CertificateEvent:
    return actions_life.suspend(
        certificate=certificate, reason="inquiry", last_day=clock.today() + timedelta(days=days), by=by
    )


# --- suspension --------------------------------------------------------------------------------------


def test_one_registrar_suspends_until_the_end_of_a_day_and_it_ends_by_itself(
    certificate: Certificate, registrar: User
):
    event = suspend(certificate, registrar)
    assert event.until == clock.end_of(clock.today() + timedelta(days=7))
    assert (state(certificate), state(certificate, event.until)) == (State.SUSPENDED, State.VALID)
    assert state(certificate, event.until - timedelta(microseconds=1)) == State.SUSPENDED
    assert list(in_state(Certificate.objects.all(), State.SUSPENDED, clock.now())) == [certificate]
    entry = AuditEntry.objects.get(act="certificates.suspend")
    assert (entry.by, entry.reason, entry.after["event"]) == (registrar, "inquiry", event.public_id)


def test_the_list_is_signed_again_when_the_suspension_ends(certificate: Certificate, registrar: User):
    event = suspend(certificate, registrar, days=1)
    found = StatusList.objects.get(purpose="suspension")
    place = certificate.reservation.suspension_index
    assert event.until is not None
    assert (found.due_at, place in lists.verified(found).marked()) == (event.until, True)
    with clock.at(event.until):
        assert lists.sign_due(clock.now()) >= 1
        found.refresh_from_db()
        assert place not in lists.verified(found).marked()


@pytest.mark.parametrize(("days", "refused"), [(30, False), (31, True), (-1, True)])
def test_one_registrar_suspends_for_thirty_days_at_most(
    certificate: Certificate, registrar: User, days: int, refused: bool
):
    if not refused:
        suspend(certificate, registrar, days)
        return
    with pytest.raises(ActRefused):
        suspend(certificate, registrar, days)
    assert state(certificate) == State.VALID


def test_again_within_ninety_days_it_takes_two(certificate: Certificate, registrar: User, registrar2: User):
    event = suspend(certificate, registrar, days=1)
    assert event.until is not None
    shortly_before = clock.at(event.until + timedelta(days=90) - timedelta(seconds=1))
    with shortly_before, pytest.raises(ActRefused, match="two registrars"):
        suspend(fresh(certificate), registrar2)
    with clock.at(event.until + timedelta(days=5)):
        by_two(fresh(certificate), SUSPEND_LONGER, registrar, registrar2)
        assert state(certificate) == State.SUSPENDED
    with clock.at(event.until + timedelta(days=90)):
        suspend(make_certificate(factories.make_person()), registrar2)


def test_longer_it_takes_two_and_a_year_at_most(certificate: Certificate, registrar: User, registrar2: User):
    event = by_two(certificate, SUSPEND_LONGER, registrar, registrar2)
    assert (event.until, event.proposal.proposed_by) == (clock.end_of(date(2027, 6, 1)), registrar)
    other = make_certificate(factories.make_person())
    with pytest.raises(ActRefused, match="year"):
        actions_acts.propose(
            act=SUSPEND_LONGER, certificate=other, reason="inquiry", by=registrar,
            last_day=clock.today() + timedelta(days=366),
        )  # fmt: skip


def test_lifted_early_by_two(certificate: Certificate, registrar: User, registrar2: User):
    suspended = suspend(certificate, registrar)
    event = by_two(certificate, REINSTATE, registrar, registrar2)
    assert (event.undoes, state(certificate)) == (suspended, State.VALID)
    found = StatusList.objects.get(purpose="suspension")
    assert certificate.reservation.suspension_index not in lists.verified(found).marked()


# --- reinstatement and void --------------------------------------------------------------------------


def test_a_reinstatement_undoes_exactly_what_it_named(
    certificate: Certificate, registrar: User, registrar2: User
):
    revoked = by_two(certificate, REVOKE, registrar, registrar2)
    event = by_two(certificate, REINSTATE, registrar2, registrar)
    assert (event.undoes, state(certificate)) == (revoked, State.VALID)
    by_two(certificate, VOID, registrar, registrar2)
    assert (state(certificate), state(certificate, certificate.valid_from)) == (State.VOID, State.VOID)
    by_two(certificate, REINSTATE, registrar2, registrar)
    assert state(certificate) == State.VALID


def test_what_came_between_is_not_undone(certificate: Certificate, registrar: User, registrar2: User):
    suspend(certificate, registrar)
    proposal = actions_acts.propose(act=REINSTATE, certificate=certificate, by=registrar, **WHAT[REINSTATE])
    by_two(certificate, REVOKE, registrar, registrar2)
    with pytest.raises(ActRefused):
        actions_acts.confirm(proposal=proposal, by=registrar2)
    assert state(certificate) == State.REVOKED


# --- reach -------------------------------------------------------------------------------------------


def test_reach_is_preset_by_the_reason_and_may_be_chosen(
    certificate: Certificate, registrar: User, registrar2: User
):
    reaches = {}
    for reason in ("critical-error", "complaint", "left-service", "exam-irregularity", "issued-in-error"):
        made = actions_acts.propose(act=REVOKE, certificate=certificate, reason=reason, by=registrar)
        reaches[reason] = made.payload["reach"]
        actions_acts.withdraw(proposal=made, by=registrar)
    assert reaches == {
        "critical-error": "qualification", "complaint": "qualification", "left-service": "qualification",
        "exam-irregularity": "certificate", "issued-in-error": "certificate",
    }  # fmt: skip
    event = by_two(certificate, REVOKE, registrar, registrar2, reach="certificate")
    assert event.reach == "certificate"
    assert barring.bars_of_person(certificate.award.person_id) == {}


@pytest.mark.parametrize("reason", ["person-asked", "law-changed", "renewed", "because"])
def test_nobody_is_revoked_for_these(certificate: Certificate, registrar: User, reason: str):
    with pytest.raises(ActRefused):
        actions_acts.propose(act=REVOKE, certificate=certificate, reason=reason, by=registrar)


def test_all_of_the_qualification_takes_older_ones_along_and_reinstated_all_come_back(
    keys: None, officer: User, registrar: User, registrar2: User
):
    older = make_certificate(officer, at=clock.now() - timedelta(days=400))
    newer = make_certificate(officer)
    other = make_certificate(officer, qualification="C2-MIG")
    event = by_two(newer, REVOKE, registrar, registrar2)
    assert [state(each) for each in (older, newer, other)] == [State.REVOKED, State.REVOKED, State.VALID]
    assert event.certificate == newer
    assert set(barring.bars_of_person(officer.pk)) == {"C1-LAB"}
    by_two(newer, REINSTATE, registrar, registrar2)
    assert [state(each) for each in (older, newer)] == [State.VALID, State.VALID]
    assert barring.bars_of_person(officer.pk) == {}


def test_a_merged_record_is_barred_with_its_person(
    certificate: Certificate, officer: User, officer2: User, registrar: User, registrar2: User
):
    by_two(certificate, REVOKE, registrar, registrar2)
    factories.merged(officer, into=officer2)
    assert set(barring.bars_of_person(officer2.pk)) == {"C1-LAB"}


def test_readmitted_it_opens_on_the_day_and_what_was_revoked_stays(
    certificate: Certificate, officer: User, registrar: User, registrar2: User
):
    with pytest.raises(ActRefused, match="Only after"):
        by_two(certificate, READMIT, registrar, registrar2)
    by_two(certificate, REVOKE, registrar, registrar2)
    first_day = clock.today() + timedelta(days=10)
    by_two(certificate, READMIT, registrar, registrar2, first_day=first_day)
    opens = clock.start_of(first_day)
    [bar] = barring.bars_of([officer.pk], clock.now()).values()
    assert (bar.opens_at, bar.stands(opens - timedelta(seconds=1)), bar.stands(opens)) == (opens, True, False)
    assert state(certificate, opens) == State.REVOKED
    assert Notice.objects.filter(kind="certificates.readmitted", person=officer).count() == 1
    with clock.at(opens), pytest.raises(ActRefused, match="Readmitted"):
        by_two(certificate, READMIT, registrar, registrar2)


def test_readmission_that_has_not_begun_is_replaced_by_a_later_decision(
    certificate: Certificate, officer: User, registrar: User, registrar2: User
):
    by_two(certificate, REVOKE, registrar, registrar2)
    for days in (1800, 10):
        first_day = clock.today() + timedelta(days=days)
        by_two(certificate, READMIT, registrar, registrar2, first_day=first_day)
    [bar] = barring.bars_of([officer.pk], clock.now()).values()
    assert bar.opens_at == clock.start_of(first_day)


def test_taken_away_again_an_earlier_readmission_counts_no_more(
    certificate: Certificate, officer: User, registrar: User, registrar2: User
):
    by_two(certificate, REVOKE, registrar, registrar2)
    by_two(certificate, READMIT, registrar, registrar2, first_day=clock.today())
    assert barring.bars_of_person(officer.pk) == {}
    with clock.at(ahead(days=2)):
        second = make_certificate(officer)
        by_two(second, REVOKE, registrar, registrar2)
        assert set(barring.bars_of_person(officer.pk)) == {"C1-LAB"}


@pytest.mark.parametrize("decided", ["no", "otherwise", "about another"])
def test_the_database_refuses_a_readmission_that_nobody_confirmed(
    certificate: Certificate, officer: User, officer2: User, registrar: User, decided: str
):
    """Nor does a decision of two about something else stand for it, nor one about somebody else."""
    proposal = actions_acts.propose(act=VOID, certificate=certificate, by=registrar, **WHAT[VOID])
    if decided == "otherwise":
        proposal = factories.confirmed(VOID, certificate.public_id)
    if decided == "about another":
        proposal = factories.confirmed(READMIT, make_certificate(officer2).public_id)
    with pytest.raises(IntegrityError, match="readmission_confirmed"), transaction.atomic():
        Readmission.objects.create(
            person=officer, qualification=certificate.qualification_version.qualification, reason="time-passed",
            opens_at=clock.now(), recorded_at=clock.now(), proposal=proposal,
        )  # fmt: skip


# --- who ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", [REVOKE, SUSPEND_LONGER, VOID])
def test_an_act_takes_two_registrars_who_are_not_the_holder(
    certificate: Certificate, officer: User, registrar: User, registrar2: User, coordinator: User, auditor: User,
    outsider: User, act: str,
):  # fmt: skip
    for person in (officer, coordinator, auditor, outsider):
        with pytest.raises(PermissionDenied):
            actions_acts.propose(act=act, certificate=certificate, by=person, **WHAT[act])
        with pytest.raises(PermissionDenied):
            suspend(certificate, person)
    factories.give(officer, factories.Position.REGISTRAR)
    with pytest.raises(PermissionDenied):
        actions_acts.propose(act=act, certificate=certificate, by=officer, **WHAT[act])
    proposal = actions_acts.propose(act=act, certificate=certificate, by=registrar, **WHAT[act])
    for person in (registrar, officer, coordinator, auditor, outsider):
        with pytest.raises((PermissionDenied, ProposalError)):
            actions_acts.confirm(proposal=proposal, by=person)
    assert state(certificate) == State.VALID
    factories.merged(registrar, into=registrar2)
    with pytest.raises(PermissionDenied):
        actions_acts.confirm(proposal=Proposal.objects.get(pk=proposal.pk), by=registrar2)


POSSIBLE = {
    State.VALID: {REVOKE, SUSPEND_LONGER, VOID},
    State.SUSPENDED: {REVOKE, REINSTATE, VOID},
    State.REVOKED: {REINSTATE, VOID, READMIT},
    State.VOID: {REINSTATE},
    State.EXPIRED: {REVOKE, VOID},
}


@pytest.mark.parametrize("wanted", POSSIBLE)
def test_what_is_possible_in_which_state(
    keys: None, officer: User, registrar: User, registrar2: User, wanted: State
):
    certificate = make_certificate(officer, at=clock.now() - timedelta(days=2))
    if wanted is State.SUSPENDED:
        suspend(certificate, registrar)
    if wanted in (State.REVOKED, State.VOID):
        by_two(certificate, REVOKE if wanted is State.REVOKED else VOID, registrar, registrar2)
    with clock.at(certificate.valid_to if wanted is State.EXPIRED else clock.now()):
        assert state(certificate) == wanted
        possible = set()
        for act, what in WHAT.items():
            what = {**what, **({"last_day": clock.today()} if "last_day" in what else {})}
            what = {**what, **({"first_day": clock.today()} if "first_day" in what else {})}
            try:
                actions_acts.propose(act=act, certificate=fresh(certificate), by=registrar, **what)
            except ActRefused:
                continue
            possible.add(act)
    assert possible == POSSIBLE[wanted]


# --- who is told -------------------------------------------------------------------------------------


def told(kind: str) -> set[User]:
    return {notice.person for notice in Notice.objects.filter(kind=f"certificates.{kind}")}


def test_holder_coordinator_and_duty_officer_are_told_of_a_loss_and_the_second_registrar_of_what_waits(
    certificate: Certificate, officer: User, coordinator: User, coordinator_other: User, duty_officer: User,
    duty_officer_other: User, registrar: User, registrar2: User,
):  # fmt: skip
    actions_acts.propose(act=REVOKE, certificate=certificate, by=registrar, **WHAT[REVOKE])
    assert told("waits") == {registrar2}
    suspend(certificate, registrar2)
    assert (told("suspended"), told("changed"), told("lost")) == ({officer}, {coordinator}, {duty_officer})
    by_two(certificate, REINSTATE, registrar, registrar2)
    assert (told("reinstated"), Notice.objects.filter(kind="certificates.lost").count()) == ({officer}, 1)


@pytest.mark.parametrize(("act", "kind"), [(REVOKE, "revoked"), (VOID, "voided")])
def test_one_decision_about_several_certificates_is_one_letter_to_each(
    certificate: Certificate, officer: User, coordinator: User, duty_officer: User, registrar: User,
    registrar2: User, act: str, kind: str,
):  # fmt: skip
    earlier = unfinished(certificate)
    if act == VOID:
        happen(earlier, CertificateEvent.Kind.SUPERSEDED, successor=certificate)
    event = by_two(certificate, act, registrar, registrar2)
    assert CertificateEvent.objects.filter(kind=event.kind).count() == 2
    letters = Notice.objects.filter(subject_id=event.public_id).values_list("kind", "person", "threshold")
    assert set(letters) == {
        (f"certificates.{kind}", officer.pk, "2"), ("certificates.changed", coordinator.pk, ""),
        ("certificates.lost", duty_officer.pk, ""),
    }  # fmt: skip
    assert not Notice.objects.filter(subject_id=earlier.events.latest("number").public_id).exists()
    User.objects.filter(pk=officer.pk).update(language="en")
    work_off()
    bodies = [each.body for each in mail.outbox if each.subject == "A notice about a certificate of yours"]
    assert [body.count("2 of your certificates were") for body in bodies] == [1]


# --- complaints and appeals --------------------------------------------------------------------------


def test_a_complaint_is_upheld_by_another_who_proposes_the_revocation(
    certificate: Certificate, registrar: User, registrar2: User, outsider: User, officer: User
):
    made = actions_appeals.record_complaint(
        certificate=certificate, category="conduct", reference="DƏMX/2026-118", by=registrar
    )
    assert told("complaint") == {registrar2}
    factories.give(officer, factories.Position.REGISTRAR)
    for person in (registrar, officer, outsider):
        with pytest.raises(PermissionDenied):
            actions_appeals.decide_complaint(complaint=made, outcome="upheld", by=person)
    actions_appeals.decide_complaint(complaint=made, outcome="upheld", by=registrar2)
    proposal = Proposal.objects.get()
    assert (proposal.act, proposal.reason_category, proposal.proposed_by, proposal.payload) == (
        REVOKE, "complaint", registrar2, {"reach": "qualification"},
    )  # fmt: skip
    with pytest.raises(ValidationError):
        actions_appeals.decide_complaint(complaint=made, outcome="dismissed", by=registrar2)
    actions_acts.confirm(proposal=proposal, by=registrar)
    assert state(certificate) == State.REVOKED


@pytest.mark.parametrize("reference", ["", "a" * 41, "Məmmədova Aytən", "x;y", "-7", "a@b"])
def test_a_reference_is_a_number_of_a_file_and_nothing_else(
    certificate: Certificate, registrar: User, reference: str
):
    with pytest.raises(ValidationError):
        actions_appeals.record_complaint(
            certificate=certificate, category="conduct", reference=reference, by=registrar
        )
    assert Complaint.objects.count() == 0


def appeal(event: CertificateEvent, by: User) -> EventAppeal:
    return actions_appeals.appeal(event=event, category="facts", text="It was not me.", by=by)


def test_the_holder_appeals_once_and_a_registrar_who_had_no_part_decides(
    certificate: Certificate, officer: User, officer2: User, registrar: User, registrar2: User, outsider: User
):
    third = factories.make_person()
    factories.give(third, factories.Position.REGISTRAR)
    event = by_two(certificate, REVOKE, registrar, registrar2)
    for person in (officer2, outsider, registrar):
        with pytest.raises(PermissionDenied):
            appeal(event, person)
    made = appeal(event, officer)
    with pytest.raises(ValidationError):
        appeal(event, officer)
    for person in (registrar, registrar2, officer, outsider):
        with pytest.raises(PermissionDenied):
            actions_appeals.decide_appeal(appeal=made, outcome="upheld", by=person)
    actions_appeals.decide_appeal(appeal=made, outcome="upheld", by=third)
    assert (state(certificate), told("appeal_decided")) == (State.REVOKED, {officer})
    actions_acts.confirm(proposal=Proposal.objects.get(act=REINSTATE), by=registrar)
    assert state(certificate) == State.VALID


def test_who_had_a_part_in_it_is_not_asked_to_answer_unless_there_is_nobody_else(
    certificate: Certificate, officer: User, registrar: User, registrar2: User
):
    event = by_two(certificate, REVOKE, registrar, registrar2)
    appeal(event, officer)
    assert told("appeal") == {registrar, registrar2}
    third = factories.make_person()
    factories.give(third, factories.Position.REGISTRAR)
    other = by_two(make_certificate(person := factories.make_person()), REVOKE, registrar, registrar2)
    made = appeal(other, person)
    letters = Notice.objects.filter(kind="certificates.appeal", subject_id=made.public_id)
    assert [letter.person for letter in letters] == [third]


@pytest.mark.parametrize("act", [REVOKE, VOID])
def test_against_one_decision_about_two_certificates_one_appeal_is_open(
    certificate: Certificate, officer: User, registrar: User, registrar2: User, act: str
):
    other = make_certificate(officer)
    if act == VOID:
        happen(other, CertificateEvent.Kind.SUPERSEDED, successor=certificate)
    event = by_two(certificate, act, registrar, registrar2)
    with_it = other.events.latest("number")
    assert with_it.proposal == event.proposal
    rows = rows_of_holder(officer, list(chains.with_neighbours(Certificate.objects.with_all())))
    offered = {row["certificate"].pk: [event for event, _words, _day in row["appealable"]] for row in rows}
    assert offered == {certificate.pk: [event], other.pk: []}
    with pytest.raises(ValidationError, match="no appeal is open"):
        appeal(with_it, officer)
    assert appeal(event, officer).event == event


def test_an_appeal_is_open_for_fourteen_days(certificate: Certificate, officer: User, registrar: User):
    event = suspend(certificate, registrar, days=30)
    end = event.recorded_at + timedelta(days=14)
    with clock.at(end), pytest.raises(ValidationError):
        appeal(event, officer)
    with clock.at(end - timedelta(seconds=1)):
        appeal(event, officer)

"""Corrections of a holder's name or agency: one act of two, at one instant, over all that the holder holds."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from certificates import (
    actions_acts,
    actions_appeals,
    actions_corrections,
    actions_life,
    chains,
    corrections,
    expiry,
    making,
    proving,
)
from certificates.actions_life import REINSTATE, REVOKE, VOID
from certificates.acts import ActRefused
from certificates.checking import examine
from certificates.holding import awards_of
from certificates.models import (
    Award,
    AwardInDoubt,
    Certificate,
    CertificateEvent,
    NameCorrection,
)
from certificates.renewing import opening_days
from certificates.scheduled import remind
from certificates.state import State
from operations import clock
from operations.models import AuditEntry, Notice, Proposal
from operations.outbox import work_off
from operations.proposals import ProposalError
from people.actions.postings import post
from people.models import User
from people.renaming import NameChange
from tests import factories

from .correcting import NAMES, corrected, is_reported, name, propose, state
from .issuing import ago, ahead, happen, make_award, make_certificate, without_guards

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
MOMENT = timedelta(microseconds=1)
SECOND = timedelta(seconds=1)


def examined(certificate: Certificate) -> State | None:
    """Return the state that its public page shows: None where something does not verify."""
    found = examine(Certificate.objects.to_examine().get(pk=certificate.pk)).certificate_state
    return found.state if found else None


# --- what a confirmation does -------------------------------------------------------------------------


def test_confirmed_it_renames_issues_anew_and_supersedes_at_one_instant(
    certificate: Certificate, officer: User, coordinator: User, registrar: User
):
    [new] = corrected(officer, coordinator, registrar)
    old = Certificate.objects.to_examine().get(pk=certificate.pk)
    event = old.events.get()
    decided_at = Proposal.objects.get().decided_at
    assert (event.kind, event.reason, event.successor, event.by) == ("superseded", "name", new, registrar)
    assert event.effective_at == event.recorded_at == decided_at == new.issued_at == new.award.awarded_at
    assert (new.valid_from, new.valid_to) == (old.valid_from, old.valid_to)
    assert (new.edition, new.legal_baseline) == (old.edition, old.legal_baseline)
    assert name(officer) == "Həsənova Aytən Kamran qızı"
    assert new.bearer.names["Latn"] == "Həsənova Aytən Kamran qızı"
    assert new.bearer.agency == old.bearer.agency
    assert old.bearer.names["Latn"] == "Məmmədova Aytən Kamran qızı"
    assert proving.prove(new) == proving.Outcomes(credential="genuine", document="genuine")
    assert (examined(old), examined(new)) == (State.SUPERSEDED, State.VALID)


def test_its_award_says_what_it_corrects_and_rests_on_the_same_evidence(
    certificate: Certificate, officer: User, coordinator: User, registrar: User
):
    [new] = corrected(officer, coordinator, registrar)
    first, second = Award.objects.order_by("pk")
    proposal = Proposal.objects.get()
    assert second.cause == f"proposal:{proposal.public_id}:{certificate.public_id}"
    assert second.evidence == {
        **first.evidence, "corrects": certificate.public_id, "earned_by": first.cause,
        "earned_at": first.awarded_at.isoformat(),
    }  # fmt: skip
    assert (second.person, second.days, second.earned_at) == (officer, first.days, first.awarded_at)
    made = making.of_certificate(Certificate.objects.to_examine().get(pk=new.pk))
    old = making.of_certificate(Certificate.objects.to_examine().get(pk=certificate.pk))
    assert (made.facts.criteria, made.facts.first_day) == (old.facts.criteria, old.facts.first_day)


def test_second_by_second_around_the_confirmation(
    certificate: Certificate, officer: User, coordinator: User, registrar: User
):
    at = ahead(hours=3)
    proposal = propose(officer, coordinator)
    with clock.at(at):
        [new] = actions_corrections.confirm_correction(proposal=proposal, by=registrar)
    with clock.at(at + timedelta(minutes=1)):
        before = [state(certificate, instant).state for instant in (at - SECOND, at - MOMENT)]
        after = [state(certificate, instant).state for instant in (at, at + MOMENT, at + SECOND)]
        assert (before, after) == ([State.VALID] * 2, [State.SUPERSEDED] * 3)
        around = (at - SECOND, at - MOMENT, at, at + SECOND)
        assert [state(new, instant).state for instant in around] == [State.VALID] * 4
        assert state(certificate, at, known_at=at - MOMENT).state == State.VALID
        assert state(certificate, certificate.valid_to).state == State.SUPERSEDED
        assert state(new, certificate.valid_to - MOMENT).state == State.VALID
        assert state(new, certificate.valid_to).state == State.EXPIRED


def test_the_list_of_revocations_reports_the_old_one_alone(
    certificate: Certificate, officer: User, coordinator: User, registrar: User
):
    [new] = corrected(officer, coordinator, registrar)
    reported = [
        is_reported(each, purpose) for each in (certificate, new) for purpose in ("revocation", "suspension")
    ]
    assert reported == [True, False, False, False]


def test_all_current_certificates_of_the_holder_are_corrected_at_once_and_stay_one_chain(
    keys: None, officer: User, coordinator: User, registrar: User
):
    first = make_certificate(officer, at=ago(days=700))
    renewal = make_certificate(officer, first_day=clock.first_day(first.valid_to), way="renewal")
    other = make_certificate(officer, qualification="C1-POL")
    news = corrected(officer, coordinator, registrar)
    assert [each.qualification_version.qualification.code for each in news] == ["C1-LAB", "C1-POL", "C1-LAB"]
    assert [state(each).state for each in (first, renewal, other)] == [State.SUPERSEDED] * 3
    assert [state(each).state for each in news] == [State.VALID, State.VALID, State.NOT_YET]
    assert (renewal.renews, news[2].renews) == (first, news[0])
    assert Notice.objects.filter(kind="certificates.corrected").count() == 1
    assert chains.ends(Certificate.objects.with_all(), clock.now())[news[0].pk] == renewal.valid_to
    assert (opening_days(Certificate.objects.with_all(), clock.now()).keys(), list(expiry.ending(clock.now(), 90))) == (
        {news[1].pk}, [],
    )  # fmt: skip


def test_two_corrections_one_after_another(
    certificate: Certificate, officer: User, coordinator: User, registrar: User, registrar2: User
):
    [second] = corrected(officer, coordinator, registrar)
    [third] = corrected(officer, registrar, registrar2, family_name="Quliyeva")
    assert [state(each).state for each in (certificate, second, third)] == [
        State.SUPERSEDED, State.SUPERSEDED, State.VALID,
    ]  # fmt: skip
    assert third.award.evidence["corrects"] == second.public_id
    assert third.award.earned_at == certificate.award.awarded_at
    assert [examined(each) for each in (certificate, second, third)] == [
        State.SUPERSEDED, State.SUPERSEDED, State.VALID,
    ]  # fmt: skip
    assert third.bearer.names["Latn"] == name(officer) == "Quliyeva Aytən Kamran qızı"


def test_back_to_the_first_name(certificate: Certificate, officer: User, coordinator: User, registrar: User):
    corrected(officer, coordinator, registrar)
    [again] = corrected(officer, coordinator, registrar, family_name="Məmmədova")
    assert again.bearer.names == certificate.bearer.names
    assert (state(certificate).state, state(again).state) == (State.SUPERSEDED, State.VALID)


def test_the_agency_is_corrected_where_it_is_printed_wrongly(
    certificate: Certificate, officer: User, coordinator: User, registrar: User, agency: Any, other_agency: Any,
    other_unit: Any, role: Any,
):  # fmt: skip
    with pytest.raises(ActRefused, match="never served"):
        actions_corrections.propose_agency(certificate=certificate, agency=other_agency, by=coordinator)
    post(
        person=officer, unit=other_unit, role=role, service_number="MIG-7", valid_from=clock.now(), main=False,
        by=None,
    )  # fmt: skip
    proposal = actions_corrections.propose_agency(
        certificate=certificate, agency=other_agency, by=coordinator
    )
    [new] = actions_corrections.confirm_correction(proposal=proposal, by=registrar)
    assert new.bearer.agency == making.names_of_agency(other_agency) != certificate.bearer.agency
    assert new.bearer.names == certificate.bearer.names
    assert name(officer) == "Məmmədova Aytən Kamran qızı"
    assert certificate.events.get().reason == "agency"
    with pytest.raises(ActRefused, match="nothing to correct"):
        actions_corrections.propose_agency(certificate=new, agency=other_agency, by=coordinator)


# --- what had happened to the old one -----------------------------------------------------------------


def suspend(certificate: Certificate, by: User, days: int = 7) -> CertificateEvent:
    return actions_life.suspend(
        certificate=certificate, reason="name-check", last_day=clock.today() + timedelta(days=days), by=by
    )


def test_a_suspension_goes_along_until_its_end_and_is_lifted_by_two(
    certificate: Certificate, officer: User, coordinator: User, registrar: User, registrar2: User
):
    event = suspend(certificate, registrar)
    [new] = corrected(officer, coordinator, registrar)
    assert (state(certificate).state, state(new).state, state(new).until) == (
        State.SUPERSEDED, State.SUSPENDED, event.until,
    )  # fmt: skip
    assert (
        state(new, event.effective_at - MOMENT).state == state(certificate, event.effective_at - MOMENT).state
    )
    assert (is_reported(new, "suspension"), is_reported(certificate, "revocation")) == (True, True)
    assert (examined(new), examined(certificate)) == (State.SUSPENDED, State.SUPERSEDED)
    with clock.at(event.until):
        assert state(new).state == State.VALID
    with pytest.raises(ActRefused):
        actions_acts.propose(act=REINSTATE, certificate=certificate, reason="not-borne-out", by=registrar)
    proposal = actions_acts.propose(act=REINSTATE, certificate=new, reason="not-borne-out", by=registrar)
    actions_acts.confirm(proposal=proposal, by=registrar2)
    assert (state(new).state, is_reported(new, "suspension")) == (State.VALID, False)
    with pytest.raises(ActRefused, match="two registrars"):
        suspend(Certificate.objects.get(pk=new.pk), registrar2)


def test_what_was_undone_before_stays_undone_and_past_instants_answer_alike(
    keys: None, officer: User, coordinator: User, registrar: User, registrar2: User
):
    certificate = make_certificate(officer, at=ago(days=20))
    suspended = happen(certificate, "suspended", at=ago(days=12), recorded_at=ago(days=12), until=ago(days=9))
    revoked = happen(certificate, "revoked", at=ago(days=6), recorded_at=ago(days=6))
    happen(certificate, "reinstated", at=ago(days=3), recorded_at=ago(days=3), undoes=revoked, by=registrar)
    assert suspended.until is not None
    [new] = corrected(officer, coordinator, registrar)
    for days in range(20):
        instant = ago(days=days, hours=1)
        assert state(new, instant).state == state(certificate, instant).state, days
    assert examined(new) == State.VALID


@pytest.mark.parametrize("kind", ["revoked", "voided", "ended"])
def test_what_is_over_for_good_is_not_corrected_and_nobody_is_held_to_it(
    certificate: Certificate, officer: User, coordinator: User, kind: str
):
    happen(certificate, kind)
    with pytest.raises(ActRefused, match="nothing to correct"):
        propose(officer, coordinator)
    assert corrections.look([officer]).change(officer, NAMES, coordinator) is NameChange.FREE


def test_an_expired_one_is_corrected_while_it_can_be_renewed(
    keys: None, officer: User, coordinator: User, registrar: User
):
    certificate = make_certificate(officer, at=ago(days=740))
    closes = clock.start_of(clock.first_day(certificate.valid_to) + timedelta(days=180))
    assert state(certificate).state == State.EXPIRED
    with clock.at(closes - SECOND):
        assert corrections.look([officer]).change(officer, NAMES, coordinator) is NameChange.PROPOSED
    with clock.at(closes):
        assert corrections.look([officer]).change(officer, NAMES, coordinator) is NameChange.FREE
    [new] = corrected(officer, coordinator, registrar)
    assert (state(new).state, new.valid_to) == (State.EXPIRED, certificate.valid_to)


def test_a_replaced_one_is_not_decided_about_any_more(
    certificate: Certificate, officer: User, coordinator: User, registrar: User
):
    [new] = corrected(officer, coordinator, registrar)
    for act, reason in ((REVOKE, "issued-in-error"), (VOID, "issued-in-error")):
        with pytest.raises(ActRefused, match="This certificate was replaced"):
            actions_acts.propose(act=act, certificate=certificate, reason=reason, by=registrar)
    assert actions_life._not_to_revoke(Certificate.objects.get(pk=new.pk)) == ""


def test_void_from_the_start_reaches_those_that_it_replaced_and_is_undone_with_them(
    certificate: Certificate, officer: User, coordinator: User, registrar: User, registrar2: User
):
    [second] = corrected(officer, coordinator, registrar)
    [third] = corrected(officer, coordinator, registrar, family_name="Quliyeva")
    all_of_them = (certificate, second, third)
    proposal = actions_acts.propose(act=VOID, certificate=third, reason="issued-in-error", by=registrar)
    actions_acts.confirm(proposal=proposal, by=registrar2)
    assert [state(each).state for each in all_of_them] == [State.VOID] * 3
    proposal = actions_acts.propose(act=REINSTATE, certificate=third, reason="decided-in-error", by=registrar)
    actions_acts.confirm(proposal=proposal, by=registrar2)
    assert [state(each).state for each in all_of_them] == [State.SUPERSEDED, State.SUPERSEDED, State.VALID]


def test_a_complaint_and_an_appeal_about_the_old_one_reach_the_new_one(
    certificate: Certificate, officer: User, coordinator: User, registrar: User, registrar2: User
):
    third = factories.make_person()
    factories.give(third, factories.Position.REGISTRAR)
    event = suspend(certificate, registrar)
    complaint = actions_appeals.record_complaint(
        certificate=certificate, category="conduct", reference="7/2026", by=registrar
    )
    [new] = corrected(officer, coordinator, registrar)
    carried = new.events.get()
    with pytest.raises(ValidationError, match="no appeal is open"):
        actions_appeals.appeal(event=carried, category="facts", text="It was not me.", by=officer)
    appeal = actions_appeals.appeal(event=event, category="facts", text="It was not me.", by=officer)
    actions_appeals.decide_appeal(appeal=appeal, outcome="upheld", by=third)
    actions_acts.confirm(proposal=Proposal.objects.get(act=REINSTATE), by=registrar2)
    assert state(new).state == State.VALID
    actions_appeals.decide_complaint(complaint=complaint, outcome="upheld", by=third)
    actions_acts.confirm(proposal=Proposal.objects.get(act=REVOKE), by=registrar2)
    assert (state(new).state, state(certificate).state) == (State.REVOKED, State.REVOKED)


# --- what must not be -------------------------------------------------------------------------------


def test_three_people_and_nobody_else(
    certificate: Certificate, officer: User, officer2: User, coordinator: User, coordinator_other: User, registrar: User,
    registrar2: User, auditor: User, outsider: User, duty_officer: User,
):  # fmt: skip
    for person in (officer, officer2, coordinator_other, auditor, outsider, duty_officer):
        with pytest.raises(PermissionDenied):
            propose(officer, person)
    proposal = propose(officer, registrar)
    for person in (registrar, officer, officer2, coordinator, coordinator_other, auditor, outsider):
        with pytest.raises((PermissionDenied, ProposalError)):
            actions_corrections.confirm_correction(proposal=proposal, by=person)
        with pytest.raises((PermissionDenied, ProposalError)):
            actions_corrections.decline_correction(proposal=proposal, by=person)
    for person in (registrar2, officer, coordinator, outsider):
        with pytest.raises(ProposalError):
            actions_corrections.withdraw_correction(proposal=proposal, by=person)
    assert (state(certificate).state, Proposal.objects.get().outcome) == (State.VALID, None)


def test_the_holder_may_do_neither_even_as_registrar_and_under_an_earlier_record(
    keys: None, registrar: User, registrar2: User, coordinator: User, unit: Any, role: Any
):
    gone = factories.make_person(unit=unit, role=role)
    make_certificate(gone)
    gone = factories.merged(gone, into=registrar)
    with pytest.raises(PermissionDenied):
        propose(registrar, registrar)
    proposal = propose(registrar, registrar2)
    with pytest.raises(PermissionDenied):
        actions_corrections.confirm_correction(proposal=proposal, by=registrar)


def test_declined_or_withdrawn_nothing_changes_and_it_can_be_proposed_anew(
    certificate: Certificate, officer: User, coordinator: User, registrar: User
):
    before = name(officer)
    actions_corrections.decline_correction(proposal=propose(officer, coordinator), by=registrar)
    assert Notice.objects.get(kind="certificates.correction_declined").person == coordinator
    proposal = propose(officer, coordinator)
    with pytest.raises(ActRefused, match="waits already"):
        propose(officer, registrar, family_name="Quliyeva")
    actions_corrections.withdraw_correction(proposal=proposal, by=coordinator)
    with pytest.raises(ProposalError):
        actions_corrections.confirm_correction(proposal=proposal, by=registrar)
    assert (name(officer), state(certificate).state, Certificate.objects.count()) == (before, State.VALID, 1)
    assert len(corrected(officer, coordinator, registrar)) == 1


def test_confirmed_twice_it_is_done_once(
    certificate: Certificate, officer: User, coordinator: User, registrar: User, registrar2: User
):
    proposal = propose(officer, coordinator)
    again = Proposal.objects.get(pk=proposal.pk)
    actions_corrections.confirm_correction(proposal=proposal, by=registrar)
    with pytest.raises(ProposalError):
        actions_corrections.confirm_correction(proposal=again, by=registrar2)
    assert (Certificate.objects.count(), CertificateEvent.objects.count()) == (2, 1)


def test_while_a_renewal_is_being_made_it_waits_and_then_corrects_both(
    keys: None, officer: User, coordinator: User, registrar: User
):
    first = make_certificate(officer, at=ago(days=700))
    proposal = propose(officer, coordinator)
    make_award(officer, first_day=clock.first_day(first.valid_to), way="renewal")
    with pytest.raises(ActRefused, match="being made"):
        actions_corrections.confirm_correction(proposal=Proposal.objects.get(pk=proposal.pk), by=registrar)
    work_off(["certificates.issue"])
    news = actions_corrections.confirm_correction(proposal=Proposal.objects.get(pk=proposal.pk), by=registrar)
    assert [state(each).state for each in news] == [State.VALID, State.NOT_YET]
    assert {each.bearer.names["Latn"] for each in news} == {"Həsənova Aytən Kamran qızı"}


def test_somebody_whose_first_certificate_is_being_made_is_held_to_the_name(
    keys: None, officer: User, coordinator: User, registrar: User
):
    make_award(officer)
    assert corrections.look([officer]).change(officer, NAMES, coordinator) is NameChange.PROPOSED
    proposal = propose(officer, coordinator)
    work_off(["certificates.issue"])
    [new] = actions_corrections.confirm_correction(proposal=proposal, by=registrar)
    assert new.bearer.names["Latn"] == "Həsənova Aytən Kamran qızı"


def test_what_waits_about_its_certificates_is_decided_first(
    certificate: Certificate, officer: User, coordinator: User, registrar: User, registrar2: User
):
    proposal = propose(officer, coordinator)
    other = actions_acts.propose(act=REVOKE, certificate=certificate, reason="complaint", by=registrar)
    with pytest.raises(ActRefused, match="that is decided first"):
        actions_corrections.confirm_correction(proposal=Proposal.objects.get(pk=proposal.pk), by=registrar2)
    actions_acts.decline(proposal=other, by=registrar2)
    AwardInDoubt.objects.create(
        award=certificate.award, marking="m", why=AwardInDoubt.Why.NOT_PASSED, raised_at=clock.now()
    )
    with pytest.raises(ActRefused, match="First registrars must decide"):
        actions_corrections.confirm_correction(proposal=Proposal.objects.get(pk=proposal.pk), by=registrar2)
    AwardInDoubt.objects.update(
        outcome="stays", reason="no-fault", decided_at=clock.now(), decided_by=registrar
    )
    assert (
        len(
            actions_corrections.confirm_correction(
                proposal=Proposal.objects.get(pk=proposal.pk), by=registrar2
            )
        )
        == 1
    )


@pytest.mark.parametrize("erased", [True, False])
def test_what_was_proposed_is_confirmed_as_it_was_or_not_at_all(
    certificate: Certificate, officer: User, coordinator: User, registrar: User, erased: bool
):
    proposal = propose(officer, coordinator)
    if erased:
        NameCorrection.objects.update(names=None, salt=None)
    else:
        with without_guards():
            NameCorrection.objects.update(names={"family_name": ["Məmmədova", "Əliyeva"]})
    with pytest.raises(ActRefused, match="has changed since"):
        actions_corrections.confirm_correction(proposal=proposal, by=registrar)
    assert name(officer) == "Məmmədova Aytən Kamran qızı"


def test_the_database_refuses_another_name_for_a_proposal(
    certificate: Certificate, officer: User, coordinator: User
):
    propose(officer, coordinator)
    with pytest.raises(Exception, match="append"), transaction.atomic():
        NameCorrection.objects.update(names={"family_name": ["Məmmədova", "Əliyeva"]})


def test_nothing_is_signed_anew_that_does_not_verify(
    keys: None, officer: User, coordinator: User, registrar: User
):
    certificate = make_certificate(officer, at=ago(days=30))
    proposal = propose(officer, coordinator)
    evidence = certificate.award.evidence | {"days": {"first": "2026-01-01", "last": "2036-01-01"}}
    with without_guards():
        Award.objects.filter(pk=certificate.award.pk).update(evidence=evidence)
    with pytest.raises(ActRefused, match="could not be checked"):
        actions_corrections.confirm_correction(proposal=proposal, by=registrar)
    assert (Certificate.objects.count(), name(officer)) == (1, "Məmmədova Aytən Kamran qızı")


def test_a_name_that_is_none_is_refused(certificate: Certificate, officer: User, coordinator: User):
    for wrong in ({"family_name": ""}, {"family_name": "Ə" * 61}, {"family_name": "Hаsənova"}):
        with pytest.raises(ValidationError):
            propose(officer, coordinator, **wrong)
    assert Proposal.objects.count() == 0


def test_after_fourteen_days_it_has_lapsed(
    certificate: Certificate, officer: User, coordinator: User, registrar: User
):
    proposal = propose(officer, coordinator)
    with clock.at(proposal.expires_at), pytest.raises(ProposalError):
        actions_corrections.confirm_correction(proposal=proposal, by=registrar)


# --- beside it --------------------------------------------------------------------------------------


def test_a_spelling_that_no_certificate_prints_is_free(
    certificate: Certificate, officer: User, coordinator: User
):
    seen = corrections.look([officer])
    assert seen.change(officer, {"family_name_latin": "Mammadova"}, coordinator) is NameChange.FREE
    assert seen.change(officer, {"father_name": "Kamal qızı"}, coordinator) is NameChange.PROPOSED
    assert seen.change(officer, {"father_name": "Kamal qızı"}, officer) is NameChange.OWN


def test_a_certificate_of_another_name_is_corrected_to_the_one_on_record(
    certificate: Certificate, officer: User, registrar: User, registrar2: User
):
    User.objects.filter(pk=officer.pk).update(family_name="Həsənova")
    [new] = corrected(officer, registrar, registrar2, family_name="Həsənova")
    assert making.is_named(User.objects.get(pk=officer.pk), new.bearer.names)
    assert AuditEntry.objects.filter(act="people.rename_person").count() == 0


def test_an_exam_shows_the_newest_of_what_it_earned(
    certificate: Certificate, officer: User, coordinator: User, registrar: User
):
    class Sat:
        person, public_id = officer, certificate.award.cause.split(":")[1]

    assert awards_of(Sat()) == [certificate.award]
    [new] = corrected(officer, coordinator, registrar)
    assert awards_of(Sat()) == [new.award]


def test_who_is_told_and_what_the_trail_keeps(
    certificate: Certificate, officer: User, coordinator: User, registrar: User, registrar2: User
):
    proposal = propose(officer, coordinator)
    told = Notice.objects.filter(kind="certificates.correction_waits").values_list("person", flat=True)
    assert {*told} == {registrar.pk, registrar2.pk}
    actions_corrections.confirm_correction(proposal=proposal, by=registrar)
    assert Notice.objects.get(kind="certificates.corrected").person == officer
    assert [*Notice.objects.filter(kind="certificates.changed").values_list("person", flat=True)] == [
        coordinator.pk
    ]
    assert Notice.objects.filter(kind="certificates.issued").count() == 1
    assert not Notice.objects.filter(kind="certificates.lost").exists()
    acts = AuditEntry.objects.order_by("pk").filter(act__regex="correct|rename")
    assert [(each.act, each.by, each.reason) for each in acts] == [
        ("certificates.propose_correction", coordinator, "name"),
        ("people.rename_person", registrar, "name"),
        ("certificates.correct", registrar, "name"),
    ]
    for entry in acts:
        assert "Həsənova" not in str([entry.before, entry.after])
    kept = acts[0].values.get()
    assert (kept.field, kept.before, kept.after) == ("family_name", "Məmmədova", "Həsənova")


def test_holder_who_was_told_that_it_ends_is_not_told_so_again_of_the_corrected_one(
    keys: None, officer: User, coordinator: User, registrar: User
):
    certificate = make_certificate(officer, first_day=clock.today())
    ends = certificate.valid_to
    for left in (80, 70):
        with clock.at(ends - timedelta(days=left)):
            remind(clock.now())
            if left == 80:
                [new] = corrected(officer, coordinator, registrar)
    with clock.at(ends - timedelta(days=20)):
        remind(clock.now())
    told = Notice.objects.filter(kind="certificates.ends").order_by("pk")
    assert list(told.values_list("subject_id", "threshold")) == [
        (certificate.public_id, "90"), (new.public_id, "30"),
    ]  # fmt: skip


def test_as_many_queries_for_three_people_than_for_one(
    keys: None, officer: User, officer2: User, outsider: User, coordinator: User
):
    people = [officer, officer2, outsider]
    for person in people:
        make_certificate(person)
    counts = []
    for some in (people[:1], people):
        with factories.counted() as queries:
            seen = corrections.look(some)
            for person in some:
                seen.change(person, NAMES, coordinator)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5

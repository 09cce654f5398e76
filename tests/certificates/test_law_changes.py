"""Changed rules end certificates on a day unless they are renewed: decided by two, told in time, to the second."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from certificates import actions_acts, actions_life, chains, expiry, law_changes, lists
from certificates import actions_law as actions
from certificates.actions_life import REINSTATE, REVOKE
from certificates.earning import opening
from certificates.holding import holdings_of
from certificates.law_changes import reminders
from certificates.models import Certificate, CertificateEvent, LawChange, LawChangeWithdrawal, StatusList
from certificates.register import in_state
from certificates.register_page import history_of
from certificates.rules import EarningWay, in_force
from certificates.scheduled import changed_rules, end_older, remind
from certificates.state import State, state_at
from clearance import actions as clearance
from clearance import evidence
from clearance.duty_state import functions_of
from operations import clock, proposals
from operations.models import AuditEntry, Notice, Proposal
from operations.outbox import work_off
from operations.proposals import ProposalError
from people.models import Agency, Posting, Unit, User
from tests import factories, tiny
from tests.elearning.pages import flat
from tests.factories import Position, client_of, confirmed, give

from .ending import DAY, MOMENT, announce, end_at, keep, newer_rules, propose
from .issuing import make_certificate
from .recognising import recognise

pytestmark = [pytest.mark.usefixtures("keys", "english")]


def page(name: str, *parts: str) -> str:
    return reverse(f"certificates:{name}", args=parts)


def fresh(certificate: Certificate) -> Certificate:
    return Certificate.objects.get(pk=certificate.pk)


def figure(certificate: Certificate) -> tuple[str, int]:
    """Return the public page as it is shown."""
    answer = Client().get(f"/c/{certificate.public_id}?lang=en")
    return answer.text.partition('<div class="verdict v-')[2].partition('"')[0], answer.status_code


def states(certificate: Certificate, instant: datetime) -> tuple[State, bool]:
    """By Python, and whether the database says the same."""
    with clock.at(instant):
        found = state_at(fresh(certificate)).state
        same = in_state(Certificate.objects.filter(pk=certificate.pk), found, instant).exists()
    return found, same


# --- the whole way ----------------------------------------------------------------------------------


def test_whole_way_by_pages(
    older: Certificate, curriculum: tiny.Curriculum, officer: User, owner: User, registrar: User, registrar2: User,
    coordinator: User, duty_officer: User, auditor: User,
):  # fmt: skip
    proposing, deciding, holder = map(client_of, (owner, registrar, officer))
    one = page("qualification", curriculum.qualification.public_id)
    address = page("propose_end", curriculum.qualification.public_id)
    assert address in proposing.get(one).text and address not in deciding.get(one).text
    day = clock.today() + 40 * DAY
    sent = {"last_day": f"{day:%d.%m.%Y}", "reason": "law"}
    newest = curriculum.qualification.versions.latest("number").number
    asked = flat(proposing.post(address, sent).text)
    for words in (
        "It concerns 1 person",
        f"rules older than version {newest}",
        "labour-inspection (en): 1",
        "Renewal opens",
    ):
        assert words in asked, words
    assert not Proposal.objects.exists()
    proposing.post(address, {**sent, "sure": "1"})
    proposal = Proposal.objects.get()
    shown = page("end_proposal", proposal.public_id)
    assert "1 proposal about certificates under older rules to decide" in deciding.get("/en/").text
    assert shown in deciding.get(one).text and shown in deciding.get(page("qualifications")).text
    assert address not in proposing.get(one).text
    assert "Confirm</button>" not in flat(proposing.get(shown).text)
    read = flat(deciding.get(shown).text)
    assert (
        "Confirm</button>" in read
        and "1 person holds one" in read
        and "labour-inspection (en)</dt><dd>1" in read
    )
    assert client_of(auditor).get(shown).status_code == 200
    deciding.post(page("decide_end", proposal.public_id, "confirm"))
    change = LawChange.objects.get()
    assert (change.ends_at, change.version.number) == (clock.end_of(day), newest)
    work_off()
    told = set(Notice.objects.exclude(kind="certificates.issued").values_list("kind", "person", "threshold"))
    assert told == {
        ("certificates.waits", registrar.pk, ""), ("certificates.waits", registrar2.pk, ""),
        ("certificates.rules_end", officer.pk, ""), ("certificates.rules_end_in_agency", coordinator.pk, ""),
    }  # fmt: skip
    home = flat(holder.get("/en/").text)
    assert "because its rules have changed, unless you renew it before" in home and "ends in 40 days" in home
    assert f"it ends after {day.day} " in flat(holder.get("/en/certificates/").text)
    assert figure(older) == ("valid", 200)
    assert f"it ends after {day.day} " in flat(Client().get(f"/c/{older.public_id}?lang=en").text)
    register = flat(deciding.get(page("one", older.public_id)).text)
    assert "Ends because its rules have changed" in register and f"it ends after {day.day} " in register
    assert f"end after {day.day} " in flat(deciding.get(one).text)
    end_at(change.ends_at)
    with clock.at(change.ends_at):
        assert figure(older) == ("ended", 200)
        event = CertificateEvent.objects.get()
        assert (event.kind, event.reason, event.effective_at, event.by, event.proposal) == (
            "ended", "law-changed", change.ends_at, None, proposal,
        )  # fmt: skip
        assert "you can appeal once" in holder.get("/en/certificates/").text
        after = set(
            Notice.objects.filter(created_at=change.ends_at).values_list("kind", "person", "threshold")
        )
        assert after == {
            ("certificates.ended", officer.pk, ""), ("certificates.rules_end_in_agency", coordinator.pk, "applied"),
            ("certificates.lost", duty_officer.pk, ""),
        }  # fmt: skip
        refused = clearance.decide(
            function=curriculum.desk_review, person=officer, instant=clock.now(), by=duty_officer
        )
        assert refused.answer == "not-cleared"


@pytest.mark.parametrize(
    "who", ["admin", "auditor", "coordinator", "trainer", "duty_officer", "officer", "outsider"]
)
def test_nobody_else_proposes_or_decides(
    who: str, request: pytest.FixtureRequest, older: Certificate, curriculum: tiny.Curriculum, owner: User,
    registrar: User,
):  # fmt: skip
    by = request.getfixturevalue(who)
    qualification = curriculum.qualification
    proposal = propose(qualification, owner)
    with pytest.raises(PermissionDenied):
        propose(qualification, by)
    for act in (actions.confirm_end, actions.decline_end):
        with pytest.raises((PermissionDenied, ValidationError)):
            act(proposal=proposal, by=by)
    client = client_of(by)
    assert client.get(page("propose_end", qualification.public_id)).status_code == 403
    assert client.get(page("end_proposal", proposal.public_id)).status_code == (
        200 if who in ("admin", "auditor") else 403
    )
    change = actions.confirm_end(proposal=proposal, by=registrar)
    with pytest.raises(PermissionDenied):
        actions.propose_keeping(change=change, reason="mistake", by=by)
    assert client.get(page("propose_keeping", qualification.public_id)).status_code == 403
    assert not CertificateEvent.objects.exists()


def test_rule_owners_do_not_confirm_and_registrars_do_not_propose(
    older: Certificate, curriculum: tiny.Curriculum, owner: User, registrar: User
):
    with pytest.raises(PermissionDenied):
        propose(curriculum.qualification, registrar)
    proposal = propose(curriculum.qualification, owner)
    other = factories.make_person()
    give(other, Position.RULE_OWNER)
    for person in (owner, other):
        with pytest.raises(PermissionDenied):
            actions.confirm_end(proposal=proposal, by=person)


def test_nobody_decides_about_their_own(
    older: Certificate, curriculum: tiny.Curriculum, owner: User, registrar: User, registrar2: User
):
    for person in (owner, registrar2):
        certificate = make_certificate(person)
        assert certificate.qualification_version.number < 99
    newer_rules(months=18)
    with pytest.raises(ValidationError, match="one of these certificates yourself"):
        propose(curriculum.qualification, owner)
    free = factories.make_person()
    give(free, Position.RULE_OWNER)
    proposal = propose(curriculum.qualification, free)
    waits = Notice.objects.filter(kind="certificates.waits").values_list("person", flat=True)
    assert list(waits) == [registrar.pk]
    with pytest.raises(ValidationError, match="one of these certificates yourself"):
        actions.confirm_end(proposal=proposal, by=registrar2)
    with pytest.raises(ValidationError, match="one of these certificates yourself"):
        actions.decline_end(proposal=proposal, by=registrar2)
    assert "certificates under older rules to decide" not in client_of(registrar2).get("/en/").text
    shown = client_of(registrar2).get(page("end_proposal", proposal.public_id)).text
    assert (
        "one of these certificates yourself" in shown
        and "</button>" not in flat(shown).partition("The decision of two")[2].partition("</section>")[0]
    )
    change = actions.confirm_end(proposal=proposal, by=registrar)
    withdrawal = actions.propose_keeping(change=change, reason="mistake", by=free)
    assert "Decline</button>" not in flat(
        client_of(registrar2).get(page("end_proposal", withdrawal.public_id)).text
    )
    with pytest.raises(ValidationError, match="one of these certificates yourself"):
        actions.decline_end(proposal=Proposal.objects.get(pk=withdrawal.pk), by=registrar2)
    with pytest.raises(ValidationError, match="one of these certificates yourself"):
        actions.confirm_keeping(proposal=Proposal.objects.get(pk=withdrawal.pk), by=registrar2)


def test_proposer_who_turned_out_to_hold_one_leaves_only_to_decline(
    older: Certificate, curriculum: tiny.Curriculum, officer: User, owner: User, registrar: User
):
    """A holder's record was merged into the proposer's after it was proposed."""
    proposal = propose(curriculum.qualification, owner)
    factories.merged(officer, into=owner)
    with pytest.raises(PermissionDenied):
        actions.confirm_end(proposal=Proposal.objects.get(pk=proposal.pk), by=registrar)
    client = client_of(registrar)
    assert "certificates under older rules to decide" not in client.get("/en/").text
    shown = client.get(page("end_proposal", proposal.public_id)).text
    assert "it can only be declined" in shown and "/decline" in shown and "/confirm" not in shown
    actions.decline_end(proposal=Proposal.objects.get(pk=proposal.pk), by=registrar)
    assert not LawChange.objects.exists()


@pytest.mark.parametrize(
    ("days", "reason", "words"),
    [(29, "law", "at least 30 days"), (-3, "law", "at least 30 days"), (40, "whim", "Choose a reason")],
)
def test_what_cannot_be_is_refused(
    older: Certificate, curriculum: tiny.Curriculum, owner: User, days: int, reason: str, words: str
):
    with pytest.raises(ValidationError, match=words):
        propose(curriculum.qualification, owner, days=days, reason=reason)


def test_only_where_somebody_holds_an_older_one_and_nothing_is_to_come(
    older: Certificate, curriculum: tiny.Curriculum, officer: User, owner: User, registrar: User
):
    other = newer_rules("C2-MIG")
    with pytest.raises(
        ValidationError, match="nobody holds a certificate under rules older than the present ones"
    ):
        propose(other, owner)
    proposal = propose(curriculum.qualification, owner, days=31)
    with pytest.raises(ValidationError, match="already waiting"):
        propose(curriculum.qualification, owner)
    with clock.at(clock.now() + 2 * DAY), pytest.raises(ValidationError, match="at least 30 days"):
        actions.confirm_end(proposal=proposal, by=registrar)
    actions.confirm_end(proposal=proposal, by=registrar)
    with pytest.raises(ValidationError, match="Withdraw that decision first"):
        propose(curriculum.qualification, owner)


def test_what_nothing_renews_does_not_end_unless_renewed(
    older: Certificate, curriculum: tiny.Curriculum, owner: User, registrar: User
):
    """Rules that only recognise other training: no letter promises a renewal that there is not."""
    proposal = propose(curriculum.qualification, owner)
    newer_rules(first=[], renewal=[], recognition=True)
    with pytest.raises(ValidationError, match="do not say what renews this"):
        actions.confirm_end(proposal=proposal, by=registrar)
    actions.withdraw_end(proposal=proposal, by=owner)
    with pytest.raises(ValidationError, match="do not say what renews this"):
        propose(curriculum.qualification, owner)


def test_declined_withdrawn_and_expired_end_nothing(
    older: Certificate, curriculum: tiny.Curriculum, owner: User, registrar: User
):
    declined = propose(curriculum.qualification, owner)
    actions.decline_end(proposal=declined, by=registrar)
    withdrawn = propose(curriculum.qualification, owner)
    actions.withdraw_end(proposal=withdrawn, by=owner)
    late = propose(curriculum.qualification, owner, days=90)
    with clock.at(clock.now() + 15 * DAY), pytest.raises(ProposalError):
        actions.confirm_end(proposal=late, by=registrar)
    assert not LawChange.objects.exists()
    assert end_at(clock.now() + 200 * DAY) == 0


# --- to the second ----------------------------------------------------------------------------------


def test_states_around_the_day(older: Certificate, curriculum: tiny.Curriculum, owner: User, registrar: User):
    change = announce(curriculum.qualification, owner, registrar)
    for before in (change.ends_at - 5 * DAY, change.ends_at - MOMENT):
        assert end_at(before) == 0
        assert states(older, before) == (State.VALID, True)
    assert end_at(change.ends_at) == 1
    assert states(older, change.ends_at - MOMENT) == (State.VALID, True)
    for after in (change.ends_at, change.ends_at + MOMENT, change.ends_at + 800 * DAY):
        assert states(older, after) == (State.ENDED, True)
    later = change.ends_at + DAY
    assert state_at(fresh(older), later, known_at=change.ends_at - MOMENT).state is State.VALID
    assert state_at(fresh(older), change.ends_at - MOMENT, known_at=later).state is State.VALID
    change.refresh_from_db()
    assert change.applied_at == change.ends_at


def test_after_downtime_it_is_late_and_effective_from_the_due_instant(
    older: Certificate,
    curriculum: tiny.Curriculum,
    officer: User,
    owner: User,
    registrar: User,
    duty_officer: User,
):
    change = announce(curriculum.qualification, owner, registrar)
    down = change.ends_at + 3 * DAY
    with clock.at(down):
        assert figure(older) == ("unknown", 503)  # neither valid nor, before it is signed, ended
        answer = clearance.decide(
            function=curriculum.desk_review, person=officer, instant=down, by=duty_officer
        ).answer
        assert answer == "not-cleared"
        [row] = evidence.certificates_of([officer], ["C1-LAB"], down)[officer.pk]
        assert (row.state, row.since) == ("ended", change.ends_at)
    assert end_at(down) == 1
    event = CertificateEvent.objects.get()
    assert (event.effective_at, event.recorded_at) == (change.ends_at, down)
    with clock.at(down):
        assert figure(older) == ("ended", 200)
        assert state_at(fresh(older), change.ends_at).state is State.ENDED


def test_monitoring_names_what_has_not_ended_in_time(
    older: Certificate, curriculum: tiny.Curriculum, owner: User, registrar: User
):
    change = announce(curriculum.qualification, owner, registrar)
    with clock.at(change.ends_at + timedelta(hours=1)):
        assert changed_rules() is None
    late = change.ends_at + timedelta(hours=2)
    with clock.at(late):
        assert changed_rules() == "C1-LAB: older certificates have not ended"
    end_at(late)
    with clock.at(late):
        assert changed_rules() is None


def test_twice_is_once_and_lists_are_signed_once(
    older: Certificate, curriculum: tiny.Curriculum, officer2: User, owner: User, registrar: User,
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    change = announce(curriculum.qualification, owner, registrar)
    signed: list[int] = []
    sign = lists.sign
    monkeypatch.setattr(lists, "sign", lambda row: (signed.append(row.number), sign(row))[1])
    assert end_at(change.ends_at + MOMENT) == 1
    assert sorted(signed) == sorted(StatusList.objects.values_list("number", flat=True))
    for again in (False, True):
        assert end_at(change.ends_at + DAY, again=again) == 0
    with clock.at(change.ends_at + 2 * DAY):
        end_older(clock.now())
    assert CertificateEvent.objects.count() == 1


def test_ended_sets_the_bit_of_revocations_alone(
    older: Certificate, curriculum: tiny.Curriculum, owner: User, registrar: User
):
    change = announce(curriculum.qualification, owner, registrar)
    kept = older.reservation

    def bits() -> tuple[bool, bool]:
        rows = (
            StatusList.objects.get(pk=kept.revocation_list_id),
            StatusList.objects.get(pk=kept.suspension_list_id),
        )
        marked = [lists.verified(row) for row in rows]
        return marked[0].is_marked(kept.revocation_index), marked[1].is_marked(kept.suspension_index)

    assert bits() == (False, False)
    end_at(change.ends_at)
    with clock.at(change.ends_at + MOMENT):
        assert bits() == (True, False)


def test_many_end_in_chunks_and_a_crash_between_two_doubles_nothing(
    older: Certificate,
    curriculum: tiny.Curriculum,
    owner: User,
    registrar: User,
    monkeypatch: pytest.MonkeyPatch,
):
    people = [factories.make_person() for _each in range(6)]
    made = [make_certificate(person) for person in people]
    newer_rules(months=18)
    change = announce(curriculum.qualification, owner, registrar)
    monkeypatch.setattr(actions, "AT_ONCE", 3)
    own, seen = actions._end, iter(range(10))

    def dying(*args: Any) -> int:
        if next(seen) == 1:
            raise KeyboardInterrupt
        return own(*args)

    monkeypatch.setattr(actions, "_end", dying)
    with pytest.raises(KeyboardInterrupt):
        end_at(change.ends_at)
    assert CertificateEvent.objects.count() == 3
    change.refresh_from_db()
    assert change.applied_at is None
    monkeypatch.setattr(actions, "_end", own)
    assert end_at(change.ends_at + DAY) == 4
    events = CertificateEvent.objects.values_list("certificate", "effective_at")
    assert sorted(events) == sorted((pk, change.ends_at) for pk in [older.pk, *(each.pk for each in made)])


# --- unless renewed ---------------------------------------------------------------------------------


def test_renewal_opens_at_once_and_the_next_begins_on_the_day_after(
    curriculum: tiny.Curriculum, officer: User, owner: User, registrar: User, duty_officer: User
):
    older = tiny.certify(curriculum, officer)
    newer_rules()
    [now] = in_force(clock.now(), ["C1-LAB"])
    assert opening(now.rules, holdings_of(officer.pk, clock.now())["C1-LAB"], clock.now()) is None
    change = announce(curriculum.qualification, owner, registrar, days=200)
    opened = opening(now.rules, holdings_of(officer.pk, clock.now())["C1-LAB"], clock.now())
    assert opened is not None and (opened.way, opened.end) == (EarningWay.RENEWAL, change.ends_at)
    home = flat(client_of(officer).get("/en/").text)
    assert "Renew your certificate" in home and "The rules of your certificate have changed." in home
    assert "unless you renew it before" in home and "/exam/" in home
    with clock.at(clock.now() + 10 * DAY):
        tiny.sit_exam(curriculum, officer)
        work_off()
    newer = Certificate.objects.latest("pk")
    assert (newer.award.evidence["way"], newer.renews, newer.qualification_version.number) == (
        "renewal",
        older,
        now.version.number,
    )
    assert newer.valid_from == change.ends_at
    with clock.at(clock.now() + 11 * DAY):
        held = list(Certificate.objects.held_by(officer).finished().with_all())
        assert chains.ends(held, clock.now()) == {older.pk: newer.valid_to}
        assert "The rules of your certificate have changed." not in client_of(officer).get("/en/").text
        assert "it ends after" not in client_of(officer).get("/en/certificates/").text
    assert end_at(change.ends_at) == 0
    for instant in (change.ends_at, change.ends_at + DAY):
        assert states(older, instant) == (State.VALID, True) == states(newer, instant)
        with clock.at(instant):
            decision = clearance.decide(
                function=curriculum.desk_review, person=officer, instant=instant, by=duty_officer
            )
            assert decision.answer == "cleared"


def test_renewal_that_is_still_being_made_counts(
    older: Certificate, curriculum: tiny.Curriculum, officer: User, owner: User, registrar: User
):
    change = announce(curriculum.qualification, owner, registrar)
    with clock.at(change.ends_at - MOMENT):
        tiny.sit_exam(curriculum, officer)
    with clock.at(change.ends_at):
        assert actions.end_due(by=None) == 0


def test_recognised_training_under_newer_rules_counts_as_renewed(
    older: Certificate,
    curriculum: tiny.Curriculum,
    officer: User,
    owner: User,
    registrar: User,
    registrar2: User,
):
    newer_rules(recognition=True)
    change = announce(curriculum.qualification, owner, registrar)
    recognise(officer, first=registrar, second=registrar2)
    assert list(law_changes.concerned(law_changes.of_change(change))) == []


def test_what_is_revoked_after_renewing_under_newer_rules_leaves_no_older_one_in_force(
    older: Certificate,
    curriculum: tiny.Curriculum,
    officer: User,
    owner: User,
    registrar: User,
    registrar2: User,
):
    change = announce(curriculum.qualification, owner, registrar)
    with clock.at(change.ends_at - DAY):
        tiny.sit_exam(curriculum, officer)
        work_off()
    end_at(change.ends_at)
    later = change.ends_at + 5 * DAY
    with clock.at(later):
        newer = Certificate.objects.latest("pk")
        proposal = actions_acts.propose(
            act=REVOKE, certificate=newer, reason="exam-irregularity", reach="certificate", by=registrar
        )
        actions_acts.confirm(proposal=proposal, by=registrar2)
    assert states(older, later - MOMENT) == (State.VALID, True) and states(older, later) == (
        State.ENDED,
        True,
    )
    assert end_at(later + DAY, again=True) == 0


def test_certificate_issued_late_under_older_rules_ends_with_the_others(
    older: Certificate, curriculum: tiny.Curriculum, officer2: User, owner: User, registrar: User
):
    from .issuing import make_award

    award = make_award(officer2)
    newer_rules(months=18)
    change = actions.confirm_end(proposal=propose(curriculum.qualification, owner), by=registrar)
    with clock.at(change.ends_at + DAY):
        actions.end_due(by=None)
        work_off()
        late = Certificate.objects.get(award=award)
        assert state_at(late).state is State.ENDED
        assert state_at(late).since == change.ends_at


def test_suspended_and_revoked_and_reinstated(
    older: Certificate,
    curriculum: tiny.Curriculum,
    officer2: User,
    owner: User,
    registrar: User,
    registrar2: User,
):
    """A suspended one ends too; a revoked one does not, and a reinstated one does once it stands again; what was ended
    and reinstated by two stays."""
    gone = make_certificate(officer2)
    newer_rules(months=18)
    change = announce(curriculum.qualification, owner, registrar)
    proposal = actions_acts.propose(act=REVOKE, certificate=gone, reason="complaint", by=registrar)
    actions_acts.confirm(proposal=proposal, by=registrar2)
    planned = [
        [row["at"] for row in history_of(certificate) if row["look"] == "plan"]
        for certificate in Certificate.objects.with_all().filter(pk__in=[older.pk, gone.pk]).order_by("pk")
    ]
    assert planned == [[change.ends_at], []]
    with clock.at(change.ends_at - 5 * DAY):
        actions_life.suspend(
            certificate=older, reason="inquiry", last_day=clock.today() + 20 * DAY, by=registrar
        )
    assert end_at(change.ends_at) == 1
    assert states(older, change.ends_at) == (State.ENDED, True)
    with clock.at(change.ends_at + 2 * DAY):
        for certificate in (gone, older):
            proposal = actions_acts.propose(
                act=REINSTATE, certificate=certificate, reason="decided-in-error", by=registrar
            )
            actions_acts.confirm(proposal=Proposal.objects.get(pk=proposal.pk), by=registrar2)
    assert states(gone, change.ends_at + 2 * DAY) == (State.ENDED, True)
    assert end_at(change.ends_at + 3 * DAY, again=True) == 0
    assert states(older, change.ends_at + 30 * DAY) == (State.VALID, True)


# --- withdrawn --------------------------------------------------------------------------------------


def test_two_withdraw_it_before_the_day_by_pages(
    older: Certificate,
    curriculum: tiny.Curriculum,
    officer: User,
    owner: User,
    registrar: User,
    coordinator: User,
):
    change = announce(curriculum.qualification, owner, registrar)
    proposing, deciding = client_of(owner), client_of(registrar)
    address = page("propose_keeping", curriculum.qualification.public_id)
    assert address in proposing.get(page("qualification", curriculum.qualification.public_id)).text
    assert "Propose that they stay?" in proposing.post(address, {"reason": "postponed"}).text
    proposing.post(address, {"reason": "postponed", "sure": "1"})
    proposal = Proposal.objects.latest("pk")
    assert "The certificates stay valid." in deciding.get(page("end_proposal", proposal.public_id)).text
    with clock.at(clock.now() + DAY):
        deciding.post(page("decide_end", proposal.public_id, "confirm"))
        work_off()
        told = Notice.objects.filter(kind="certificates.rules_end_withdrawn").values_list("person", flat=True)
        assert set(told) == {officer.pk, coordinator.pk}
        assert "it ends after" not in client_of(officer).get("/en/certificates/").text
        assert address not in proposing.get(page("qualification", curriculum.qualification.public_id)).text
    assert end_at(change.ends_at + DAY, again=True) == 0
    assert states(older, change.ends_at + DAY) == (State.VALID, True)
    assert figure(older) == ("valid", 200)
    assert propose(curriculum.qualification, owner).open  # another day may be proposed


def test_after_the_day_nothing_is_withdrawn(
    older: Certificate, curriculum: tiny.Curriculum, owner: User, registrar: User
):
    change = announce(curriculum.qualification, owner, registrar)
    proposal = actions.propose_keeping(change=change, reason="mistake", by=owner)
    with clock.at(change.ends_at - 13 * DAY):
        late = proposals.propose(
            act="certificates.keep_older", subject_id=proposal.subject_id, reason_category="mistake",
            payload=proposal.payload, by=owner, expires_at=change.ends_at + DAY,
        )  # fmt: skip
    with clock.at(change.ends_at):
        for act in (
            lambda: actions.propose_keeping(change=change, reason="mistake", by=owner),
            lambda: actions.confirm_keeping(proposal=late, by=registrar),
        ):
            with pytest.raises(ValidationError, match="That day has come"):
                act()
    keep_page = page("propose_keeping", curriculum.qualification.public_id)
    end_at(change.ends_at)
    with clock.at(change.ends_at + DAY):
        assert client_of(owner).get(keep_page).status_code == 404


# --- told in time -----------------------------------------------------------------------------------


def letters(person: User) -> list[tuple[str, str]]:
    kinds = Notice.objects.filter(person=person, kind__startswith="certificates.")
    return list(kinds.exclude(kind="certificates.issued").order_by("pk").values_list("kind", "threshold"))


def test_holders_and_coordinators_are_told_at_once_and_30_and_7_days_before(
    older: Certificate, curriculum: tiny.Curriculum, officer: User, owner: User, registrar: User, coordinator: User,
    coordinator_other: User,
):  # fmt: skip
    change = announce(curriculum.qualification, owner, registrar, days=100)
    for left in (95, 60, 30, 29, 7, 6, 1):
        with clock.at(change.ends_at - left * DAY):
            remind(clock.now())
            work_off()
    end = "certificates.rules_end"
    assert letters(officer) == [(end, ""), (end, "30"), (end, "7")]
    assert [each for each in letters(coordinator) if each[0] == f"{end}_in_agency"] == [
        (f"{end}_in_agency", ""), (f"{end}_in_agency", "30"), (f"{end}_in_agency", "7"),
    ]  # fmt: skip
    assert ("certificates.ending_in_agency") in {kind for kind, _threshold in letters(coordinator)}
    assert letters(coordinator_other) == []


def test_whoever_has_renewed_is_told_no_more_and_who_was_told_just_now_not_again(
    older: Certificate, curriculum: tiny.Curriculum, officer: User, owner: User, registrar: User
):
    change = announce(curriculum.qualification, owner, registrar, days=30)
    with clock.at(change.ends_at - 29 * DAY):
        assert list(reminders(clock.now())) == []
        tiny.sit_exam(curriculum, officer)
        work_off()
    with clock.at(change.ends_at - 6 * DAY):
        remind(clock.now())
        work_off()
    assert letters(officer) == [("certificates.rules_end", "")]


def test_list_of_what_ends_soon_has_it(
    older: Certificate,
    curriculum: tiny.Curriculum,
    officer: User,
    agency: Agency,
    owner: User,
    registrar: User,
):
    assert expiry.ending_in(agency, clock.now()) == []
    announce(curriculum.qualification, owner, registrar)
    [found] = expiry.ending_in(agency, clock.now())
    assert found == older
    assert list(expiry.holders_to_tell(clock.now())) == []  # another letter tells
    posting = Posting.objects.filter(user=officer)
    rows = list(evidence.with_leave(posting, clock.now()).select_related("agency", "unit", "role"))
    [duty] = functions_of(officer, rows)
    assert duty.cleared and duty.last_day == clock.today() + 40 * DAY


# --- guards -----------------------------------------------------------------------------------------


def test_database_refuses_what_two_did_not_decide(
    older: Certificate, curriculum: tiny.Curriculum, owner: User, registrar: User
):
    proposal = propose(curriculum.qualification, owner)
    row = {
        "qualification": curriculum.qualification, "version": curriculum.qualification.versions.latest("number"),
        "ends_at": clock.now() + 40 * DAY, "recorded_at": clock.now(), "proposal": proposal,
    }  # fmt: skip
    otherwise = confirmed("certificates.keep_older", curriculum.qualification.public_id)
    another = confirmed("certificates.end_older", "another qualification")
    for decision in (proposal, otherwise, another):
        with pytest.raises(IntegrityError, match="lawchange_confirmed"), transaction.atomic():
            LawChange.objects.create(**{**row, "proposal": decision})
    change = actions.confirm_end(proposal=proposal, by=registrar)
    for changed in (
        {"ends_at": change.ends_at - DAY}, {"version": older.qualification_version}, {"applied_at": clock.now()},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            LawChange.objects.filter(pk=change.pk).update(**changed)
    with pytest.raises(IntegrityError), transaction.atomic():
        LawChange.objects.all().delete()
    waiting = actions.propose_keeping(change=change, reason="mistake", by=owner)
    otherwise = confirmed("certificates.end_older", curriculum.qualification.public_id)
    another = confirmed(
        "certificates.keep_older", curriculum.qualification.public_id, change="another change"
    )
    for decision in (waiting, otherwise, another):
        with pytest.raises(IntegrityError, match="lawchangewithdrawal_confirmed"), transaction.atomic():
            LawChangeWithdrawal.objects.create(change=change, recorded_at=clock.now(), proposal=decision)


def test_trail_has_who_and_why(older: Certificate, curriculum: tiny.Curriculum, owner: User, registrar: User):
    change = announce(curriculum.qualification, owner, registrar)
    end_at(change.ends_at)
    subject = curriculum.qualification.public_id
    entries = AuditEntry.objects.filter(subject_id=subject, by__isnull=False) | AuditEntry.objects.filter(
        subject_id=subject, act="certificates.apply_end"
    )
    assert [(each.act, each.by) for each in entries.order_by("pk")] == [
        ("certificates.propose_end", owner), ("certificates.announce_end", registrar), ("certificates.apply_end", None),
    ]  # fmt: skip
    assert AuditEntry.objects.get(act="certificates.end_older").subject_id == older.public_id


def test_pages_and_the_end_ask_as_much_for_three_as_for_one(
    older: Certificate,
    curriculum: tiny.Curriculum,
    unit: Unit,
    other_unit: Unit,
    owner: User,
    registrar: User,
):
    first = propose(curriculum.qualification, owner)
    client = client_of(registrar)

    def queries() -> int:
        with factories.counted() as found:
            assert client.get(page("end_proposal", first.public_id)).status_code == 200
        return len(found)

    one = queries()
    for place in (unit, other_unit):
        made = make_certificate(factories.make_person(unit=place))
        assert made.qualification_version.number >= 1
    assert queries() == one


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_pages_open_in_each_language(
    language: str,
    older: Certificate,
    curriculum: tiny.Curriculum,
    officer: User,
    owner: User,
    registrar: User,
):
    proposal = propose(curriculum.qualification, owner)
    with translation.override(language):
        code = curriculum.qualification.public_id
        for address in (
            page("propose_end", code),
            page("end_proposal", proposal.public_id),
            page("qualification", code),
        ):
            assert client_of(owner).get(address).status_code == 200
        change = actions.confirm_end(proposal=proposal, by=registrar)
        assert client_of(owner).get(page("propose_keeping", code)).status_code == 200
        assert client_of(officer).get("/").status_code in (200, 302)
        keep(change, owner, registrar)

"""A *cleared* of the last day that would now be *not* is recalled. From outside."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from certificates import actions_acts
from certificates.actions_life import REVOKE
from certificates.corrections import CORRECT
from clearance import actions, actions_recall
from clearance.actions_rules import put_in_force
from clearance.models import Decision, DecisionRecall
from clearance.rules import normal
from operations import clock
from operations.models import Errand, Notice, Timetable
from operations.outbox import work_off
from operations.schedule import ring
from people.actions.postings import end_posting
from people.actions.renaming import rename_person
from people.models import User
from tests import factories, tiny
from tests.certificates.issuing import confirmed
from tests.databases import really_committed

pytestmark = pytest.mark.usefixtures("keys")


@pytest.fixture
def certificate(curriculum, officer):
    return tiny.certify(curriculum, officer)


@pytest.fixture
def cleared(curriculum, officer, duty_officer, certificate):
    return actions.decide(
        function=curriculum.desk_review, person=officer, instant=clock.now(), by=duty_officer
    )


@pytest.fixture
def revoke(certificate, registrar, registrar2, django_capture_on_commit_callbacks):
    def perform():
        with django_capture_on_commit_callbacks(execute=True):
            proposal = actions_acts.propose(
                act=REVOKE, certificate=certificate, reason="complaint", by=registrar
            )
            actions_acts.confirm(proposal=proposal, by=registrar2)
        work_off()

    return perform


def told() -> set[int]:
    return set(Notice.objects.filter(kind="clearance.recalled").values_list("person", flat=True))


def test_revocation_recalls_and_tells_each_once(
    cleared, revoke, duty_officer, shift_leader, coordinator, coordinator_other, client_of
):
    revoke()
    recalled = DecisionRecall.objects.get()
    assert (recalled.decision, recalled.answer) == (cleared, "not-cleared")
    assert told() == {duty_officer.pk, shift_leader.pk, coordinator.pk}
    page = client_of(duty_officer).get(f"/en/desk/{cleared.public_id}/")
    assert "Recalled: today the answer would be another one" in page.text
    assert "<h1>Recalled</h1>" in page.text and "was “Cleared”. Do not rely on it." in page.text
    assert "may do this now" not in page.text


def test_end_of_a_posting_recalls(cleared, officer, agency, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        end_posting(posting=officer.postings.get(), valid_to=clock.now(), by=None)
    with clock.at(clock.now() + timedelta(minutes=1)):
        work_off()
    assert DecisionRecall.objects.get().reasons[0]["code"] == "no-posting"


def test_recalled_twice_is_one_recall_and_one_notice(cleared, officer):
    end_the_posting(officer)
    with clock.at(clock.now() + timedelta(minutes=1)):
        found = actions_recall.evaluated_now(cleared)
        first = actions_recall.recall(decision=cleared, found=found, by=None)
        number = Notice.objects.count()
        second = actions_recall.recall(decision=cleared, found=found, by=None)
    assert (first.decision, second) == (cleared, None)
    assert (DecisionRecall.objects.count(), Notice.objects.count()) == (1, number)


def test_refusals_are_left(officer, officer2, duty_officer, certificate, revoke):
    tiny.refused(officer2, duty_officer)
    revoke()
    assert not DecisionRecall.objects.exists()


def test_what_has_not_changed_is_not_recalled(
    cleared, officer, officer2, agency, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        end_posting(posting=officer2.postings.get(), valid_to=clock.now(), by=None)
    work_off()
    assert not DecisionRecall.objects.exists()


def test_after_a_day_nothing_is_recalled(cleared, revoke):
    with clock.at(clock.now() + timedelta(hours=25)):
        revoke()
    assert not DecisionRecall.objects.exists()


def test_yes_for_a_duty_to_come_is_recalled_however_long_ago_it_was_asked(
    curriculum, officer, duty_officer, certificate, revoke, client_of
):
    now = clock.now()
    decision = actions.decide(
        function=curriculum.desk_review, person=officer, instant=now + timedelta(days=3), by=duty_officer
    )
    assert decision.answer == "cleared"
    with clock.at(now + timedelta(days=2)):
        revoke()
    assert DecisionRecall.objects.get().decision == decision
    assert told() >= {duty_officer.pk}


def test_database_keeps_recalls(cleared, revoke):
    revoke()
    with pytest.raises(DatabaseError), transaction.atomic():
        DecisionRecall.objects.update(answer="cleared")
    with pytest.raises(DatabaseError), transaction.atomic():
        DecisionRecall.objects.all().delete()


def test_stranger_is_told_nothing(cleared, revoke, outsider, officer2, client_of):
    factories.give(officer2, factories.Position.AUDITOR)
    revoke()
    assert told().isdisjoint({outsider.pk, officer2.pk})
    assert client_of(outsider).get(f"/en/desk/{cleared.public_id}/").status_code == 403


# --- without a signal: the pass that asks by level ----------------------------------------------------------------


def end_the_posting(officer):
    end_posting(posting=officer.postings.get(), valid_to=clock.now(), by=None)


def rename(officer):
    proposal = confirmed(CORRECT, officer.public_id)
    assert proposal.decided_by is not None
    rename_person(
        person=officer, names={"family_name": "Quliyeva"}, proposal=proposal, by=proposal.decided_by
    )


def ask_for_more(officer):
    function = Decision.objects.get().function
    put_in_force(
        function, normal(tiny.rules(roles=["LAB"], needs=["C1-LAB", "C2"])), valid_from=clock.now(), by=None
    )


def close_the_account(officer):
    User.objects.filter(pk=officer.pk).update(is_active=False)


@pytest.mark.parametrize(
    ("change", "reason"),
    [(end_the_posting, "no-posting"), (rename, "other-name"), (ask_for_more, "not-offered"),
     (close_the_account, "no-posting")],
)  # fmt: skip
def test_change_that_nobody_told_of_is_found_by_the_pass(cleared, officer, change, reason, shift_leader):
    change(officer)  # no signal: nothing is sent where a test commits nothing
    work_off()
    assert not DecisionRecall.objects.exists()
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert actions_recall.recheck_all(by=None) == 1
        work_off()
        assert reason in {each["code"] for each in DecisionRecall.objects.get().reasons}
        assert actions_recall.recheck_all(by=None) == 0
        work_off()
    assert (DecisionRecall.objects.count(), Notice.objects.filter(kind="clearance.recalled").count()) == (
        1, len(told()),
    )  # fmt: skip
    assert shift_leader.pk in told()


def test_pass_finds_nothing_where_nothing_has_changed(cleared, officer, officer2, curriculum, duty_officer):
    tiny.refused(officer2, duty_officer)
    assert actions_recall.recheck_all(by=None) == 0
    with clock.at(clock.now() + timedelta(hours=25)):
        end_the_posting(officer)
        assert actions_recall.recheck_all(by=None) == 0


def test_answer_that_ended_as_it_said_is_not_recalled_by_the_pass(
    curriculum, officer, duty_officer, certificate
):
    with clock.at(certificate.valid_to - timedelta(hours=2)):
        actions.decide(function=curriculum.desk_review, person=officer, instant=clock.now(), by=duty_officer)
    with clock.at(certificate.valid_to + timedelta(hours=2)):
        assert actions_recall.recheck_all(by=None) == 0


def test_pass_and_signal_together_tell_once(cleared, officer, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        end_the_posting(officer)
    with clock.at(clock.now() + timedelta(minutes=1)):
        actions_recall.recheck_all(by=None)
        actions_recall.recheck_all(by=None)
        assert Errand.objects.filter(kind=actions_recall.RECHECK, state="open").count() == 3
        work_off()
    people = Notice.objects.filter(kind="clearance.recalled").values_list("person", flat=True)
    assert len(people) == len(set(people)) and DecisionRecall.objects.count() == 1


def test_a_proof_that_says_otherwise_recalls_nothing(cleared, certificate):
    """The pass goes by rows at hand; what it suspects is proven before anybody is told."""
    errand = {f"run {cleared.public_id}": {"decision": cleared.public_id}}
    actions_recall.enqueue_all(actions_recall.RECHECK, errand)
    work_off()
    assert not DecisionRecall.objects.exists()


def test_many_go_in_chunks_with_as_many_queries_each(
    curriculum, officer, duty_officer, certificate, unit, role, monkeypatch
):
    people = [
        officer,
        *(factories.make_person(f"Quliyev{number}", unit=unit, role=role) for number in range(2)),
    ]
    for person in people[1:]:
        tiny.certify(curriculum, person)
    numbers = []
    for person in people:
        actions.decide(function=curriculum.desk_review, person=person, instant=clock.now(), by=duty_officer)
        with factories.counted() as queries:
            actions_recall.refused_now(Decision.objects.open_yeses().select_related("function"))
        numbers.append(len(queries))
    assert numbers[0] == numbers[1] == numbers[2]
    monkeypatch.setattr(actions_recall, "CHUNK", 1)
    for person in people:
        end_the_posting(person)
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert actions_recall.recheck_all(by=None) == 3
        work_off()
    assert DecisionRecall.objects.count() == 3


def test_timetable_has_the_pass(db):
    ring()
    assert Timetable.objects.filter(name="clearance.recheck_all").exists()


DIES_AFTER_THE_COMMIT = """
import os, signal, sys, django
django.setup()
from django.db import connection, transaction
connection.settings_dict["NAME"] = sys.argv[1]
from operations import clock
from people.actions.postings import end_posting
from people.models import Posting
with transaction.atomic():
    transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
    end_posting(posting=Posting.objects.get(user__public_id=sys.argv[2]), valid_to=clock.now(), by=None)
"""


@really_committed
def test_process_killed_between_commit_and_signal_loses_no_recall(
    keys, curriculum, officer, duty_officer, shift_leader
):
    tiny.certify(curriculum, officer)
    decision = actions.decide(
        function=curriculum.desk_review, person=officer, instant=clock.now(), by=duty_officer
    )
    command = [
        sys.executable,
        "-c",
        DIES_AFTER_THE_COMMIT,
        connection.settings_dict["NAME"],
        officer.public_id,
    ]
    died = subprocess.run(command, capture_output=True, text=True, check=False)
    assert died.returncode == -9, died.stderr
    assert officer.postings.known().get().valid_to is not None
    assert not Errand.objects.filter(kind=actions_recall.RECHECK).exists()
    actions_recall.recheck_all(by=None)
    work_off()
    assert DecisionRecall.objects.get().decision == decision
    assert shift_leader.pk in told()

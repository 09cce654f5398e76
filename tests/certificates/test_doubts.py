"""Certificates whose exam counts no longer as passed: none falls by itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.test import Client

from assessments import actions_appeals
from assessments.appeals import OtherWorth
from assessments.models import Attempt, Counts, WhyOtherwise
from certificates import actions_acts, actions_doubts, doubts
from certificates.actions_life import REVOKE
from certificates.models import Award, AwardInDoubt, Certificate
from certificates.state import State, state_at
from courses.assessment_state import assessment_states
from operations import clock
from operations.models import AuditEntry, Notice
from operations.outbox import work_off
from people.actions.grants import revoke_grant
from people.models import User
from tests import factories, tiny
from tests.elearning.pages import flat
from tests.factories import client_of
from tests.remembered import remembered

from .correcting import corrected

pytestmark = pytest.mark.usefixtures("keys")
TO_DECIDE = "/en/certificates/register/to-decide/"


def appealed(attempt: Attempt) -> Any:
    return actions_appeals.make_appeal(attempt=attempt, category="other", text="", by=attempt.person)


def annul(attempt: Attempt, assessor: User, assessor2: User) -> None:
    proposal = actions_appeals.propose_annulment(appeal=appealed(attempt), reason="irregular", by=assessor)
    actions_appeals.confirm_decision(proposal=proposal, by=assessor2)


def correct(attempt: Attempt, counts: Counts, assessor: User, assessor2: User, *ends: str) -> None:
    """Let the questions whose codes end so count otherwise."""
    codes = attempt.marking.marks.values_list("question_code", flat=True)
    questions = {code: OtherWorth(counts, WhyOtherwise.KEY) for code in codes if code.endswith(ends)}
    appeal = appealed(attempt)
    for by in (assessor, assessor2):
        actions_appeals.see_answers(appeal=appeal, by=by)
    proposal = actions_appeals.propose_correction(appeal=appeal, questions=questions, by=assessor)
    actions_appeals.confirm_decision(proposal=proposal, by=assessor2)


@pytest.fixture
def certificate(curriculum: Any, officer: User) -> Certificate:
    return tiny.certify(curriculum, officer)


@pytest.fixture
def attempt(certificate: Certificate) -> Attempt:
    return Attempt.objects.select_related("marking").get(public_id=certificate.award.cause.split(":")[1])


@pytest.fixture
@remembered
def doubt(attempt: Attempt, assessor: User, assessor2: User, registrar: User) -> AwardInDoubt:
    annul(attempt, assessor, assessor2)
    return AwardInDoubt.objects.get()


def test_a_fail_turned_into_a_pass_earns_by_the_same_door(
    curriculum: Any, officer: User, assessor: User, assessor2: User
) -> None:
    attempt = tiny.sit_exam(curriculum, officer, well=False)
    assert not Award.objects.exists()
    later = clock.now() + timedelta(days=3)
    with clock.at(later):
        correct(attempt, Counts.FULL, assessor, assessor2, "-q4")
        work_off(["certificates.issue"])
    award = Award.objects.get()
    assert (award.cause, award.awarded_at) == (f"attempt:{attempt.public_id}:C1-LAB", later)
    assert (award.evidence["shown"][0]["exam"]["marking"], award.certificate.issued_at) == (2, later)
    assert Notice.objects.filter(kind="certificates.issued", urgency="now").count() == 1
    assert not AwardInDoubt.objects.exists()


@pytest.mark.parametrize("how", ["annulled", "not-passed"])
def test_a_pass_taken_back_leaves_the_certificate_and_asks_the_registrars(
    certificate: Certificate, attempt: Attempt, assessor: User, assessor2: User, registrar: User, how: str
) -> None:
    if how == "annulled":
        annul(attempt, assessor, assessor2)
    else:
        correct(attempt, Counts.NOTHING, assessor, assessor2, "-q1", "-q4")
    doubt = AwardInDoubt.objects.get()
    assert (doubt.award, doubt.why, doubt.outcome) == (certificate.award, how, None)
    assert state_at(certificate).state is State.VALID
    assert Notice.objects.get(kind="certificates.in_doubt").person == registrar
    entry = AuditEntry.objects.get(act="certificates.doubt_award")
    assert (entry.reason, entry.subject_id) == (how, certificate.award.public_id)


def test_a_registrar_leaves_it_with_a_reason(doubt: AwardInDoubt, registrar: User, registrar2: User) -> None:
    decided = actions_doubts.leave_in_force(doubt=doubt, reason="no-fault", by=registrar)
    assert (decided.outcome, decided.reason, decided.decided_by) == ("stays", "no-fault", registrar)
    entry = AuditEntry.objects.get(act="certificates.leave_in_force")
    assert (entry.by, entry.reason) == (registrar, "no-fault")
    with pytest.raises(ValidationError):
        actions_doubts.leave_in_force(doubt=doubt, reason="no-fault", by=registrar2)


@pytest.mark.usefixtures("english")
def test_the_exam_waits_for_what_registrars_decide(
    doubt: AwardInDoubt, attempt: Attempt, officer: User, registrar: User
) -> None:
    state = assessment_states(officer.pk, [attempt.blueprint_id])[attempt.blueprint_id]
    assert "registrars decide whether your certificate stays" in str(state.closed_because)
    assert not state.can_start
    actions_doubts.leave_in_force(doubt=doubt, reason="no-fault", by=registrar)
    state = assessment_states(officer.pk, [attempt.blueprint_id])[attempt.blueprint_id]
    assert (state.closed_because, state.shut) == ("", True)


def test_public_page_says_that_it_stays_though_the_exam_counted_no_longer(
    doubt: AwardInDoubt, certificate: Certificate, registrar: User
) -> None:
    """Beside what was signed of the exam."""
    address, said = f"/c/{certificate.public_id}", "no longer counted as passed; a registrar decided on"
    visitor = Client(headers={"Accept-Language": "en"})
    before = flat(visitor.get(address).text)
    assert ("The case examination was passed" in before, said in before) == (True, False)
    actions_doubts.leave_in_force(doubt=doubt, reason="no-fault", by=registrar)
    assert said in flat(visitor.get(address).text)


@pytest.mark.parametrize("times", [1, 2])
def test_corrected_certificate_still_says_that_it_stays(
    doubt: AwardInDoubt, attempt: Attempt, officer: User, registrar: User, registrar2: User, times: int
) -> None:
    """On its public page and in the register; marked anew by the same marks, nobody is asked again."""
    actions_doubts.leave_in_force(doubt=doubt, reason="no-fault", by=registrar)
    for family_name in ("Həsənova", "Quliyeva")[:times]:
        [new] = corrected(officer, registrar, registrar2, family_name=family_name)
    said = "no longer counted as passed; a registrar decided on"
    assert said in flat(Client(headers={"Accept-Language": "en"}).get(f"/c/{new.public_id}").text)
    page = main_of(client_of(registrar2).get(f"/en/certificates/register/{new.public_id}/").text)
    assert "the certificate stays (the fault was not the person&#x27;s" in page
    actions_doubts.doubt_awards(attempt=Attempt.objects.get(pk=attempt.pk), by=None)
    assert not doubts.waiting().exists()


def main_of(html: str) -> str:
    """Return the page without the menu."""
    return flat(html).partition("<main")[2]


def test_page_of_the_certificate_says_what_waits_and_what_was_decided(
    doubt: AwardInDoubt, certificate: Certificate, registrar: User, auditor: User
) -> None:
    address = f"/en/certificates/register/{certificate.public_id}/"
    waiting = main_of(client_of(auditor).get(address).text)
    assert ("the exam was annulled after an appeal" in waiting, TO_DECIDE in waiting) == (True, True)
    actions_doubts.leave_in_force(doubt=doubt, reason="no-fault", by=registrar)
    decided = main_of(client_of(auditor).get(address).text)
    assert (
        "the certificate stays (the fault was not the person&#x27;s" in decided,
        TO_DECIDE in decided,
    ) == (True, False)
    assert registrar.get_short_name() in decided


def test_it_stays_for_no_reason_of_ones_own(doubt: AwardInDoubt, registrar: User) -> None:
    with pytest.raises(ValidationError):
        actions_doubts.leave_in_force(doubt=doubt, reason="whim", by=registrar)


def test_it_stays_for_no_reason_that_is_not_true(
    curriculum: Any, doubt: AwardInDoubt, certificate: Certificate, officer: User, registrar: User
) -> None:
    address = f"{TO_DECIDE}{doubt.public_id}/"
    offered = client_of(registrar).get(address).context["form"]["reason"].field.choices
    assert [value for value, _label in offered] == ["no-fault"]
    for reason in ("not-in-force", "another-pass"):
        assert client_of(registrar).post(address, {"reason": reason}).context["form"].errors
        with pytest.raises(ValidationError):
            actions_doubts.leave_in_force(doubt=doubt, reason=reason, by=registrar)
    with clock.at(certificate.valid_to):
        assert doubts.reasons_to_stay(doubt) == ["not-in-force", "no-fault"]
        tiny.sit_exam(curriculum, officer)
        assert doubts.reasons_to_stay(doubt) == ["not-in-force", "another-pass", "no-fault"]
        assert actions_doubts.leave_in_force(doubt=doubt, reason="another-pass", by=registrar).outcome


@pytest.mark.parametrize("cast", ["officer", "outsider", "assessor", "coordinator", "auditor", "admin"])
def test_nobody_else_leaves_it(doubt: AwardInDoubt, cast: str, request: pytest.FixtureRequest) -> None:
    by = request.getfixturevalue(cast)
    with pytest.raises(PermissionDenied):
        actions_doubts.leave_in_force(doubt=doubt, reason="no-fault", by=by)
    page = client_of(by).post(f"{TO_DECIDE}{doubt.public_id}/", {"reason": "no-fault", "sure": "1"})
    assert page.status_code == 403
    doubt.refresh_from_db()
    assert doubt.outcome is None


def test_nobody_decides_about_their_own(doubt: AwardInDoubt, officer: User, registrar: User) -> None:
    factories.merged(officer, into=registrar)
    with pytest.raises(PermissionDenied):
        actions_doubts.leave_in_force(doubt=doubt, reason="no-fault", by=registrar)


@pytest.mark.parametrize("cast", ["assessor", "assessor2"])
def test_who_marked_otherwise_does_not_leave_it(
    doubt: AwardInDoubt, registrar2: User, cast: str, request: pytest.FixtureRequest
) -> None:
    """Neither who proposed the annulment nor who confirmed it, once they have become registrars."""
    by = request.getfixturevalue(cast)
    revoke_grant(grant=by.grants.get(), by=None)
    factories.give(by, factories.Position.REGISTRAR)
    with pytest.raises(PermissionDenied, match="ballarını dəyişmiş və ya imtahanı ləğv etmiş"):
        actions_doubts.leave_in_force(doubt=doubt, reason="no-fault", by=by)
    client = client_of(by)
    page = flat(client.get(TO_DECIDE).text)
    assert ("Leave it in force" in page, "A registrar who had no part in it decides." in page) == (
        False,
        True,
    )
    answer = client.post(f"{TO_DECIDE}{doubt.public_id}/", {"reason": "no-fault", "sure": "1"})
    assert answer.status_code == 403
    actions_doubts.leave_in_force(doubt=doubt, reason="no-fault", by=registrar2)


def test_who_marked_otherwise_under_a_merged_record_does_not_leave_it(
    doubt: AwardInDoubt, assessor: User, registrar: User
) -> None:
    factories.merged(assessor, into=registrar)
    with pytest.raises(PermissionDenied):
        actions_doubts.leave_in_force(doubt=doubt, reason="no-fault", by=registrar)


def test_a_revocation_by_two_settles_it(
    doubt: AwardInDoubt, certificate: Certificate, registrar: User, registrar2: User
) -> None:
    proposal = actions_acts.propose(
        act=REVOKE, certificate=certificate, reason="exam-irregularity", by=registrar
    )
    doubt.refresh_from_db()
    assert doubt.outcome is None
    actions_acts.confirm(proposal=proposal, by=registrar2)
    doubt.refresh_from_db()
    assert (doubt.outcome, doubt.decided_by) == ("revoked", registrar2)
    assert state_at(Certificate.objects.get()).state is State.REVOKED


def test_what_is_revoked_already_waits_for_nobody(
    certificate: Certificate,
    attempt: Attempt,
    assessor: User,
    assessor2: User,
    registrar: User,
    registrar2: User,
) -> None:
    proposal = actions_acts.propose(act=REVOKE, certificate=certificate, reason="complaint", by=registrar)
    actions_acts.confirm(proposal=proposal, by=registrar2)
    annul(attempt, assessor, assessor2)
    assert not AwardInDoubt.objects.exists()


def test_what_was_decided_never_changes(doubt: AwardInDoubt, registrar: User) -> None:
    actions_doubts.leave_in_force(doubt=doubt, reason="no-fault", by=registrar)
    for change in (
        lambda: AwardInDoubt.objects.update(outcome="revoked"),
        lambda: AwardInDoubt.objects.update(outcome=None, reason=None, decided_at=None, decided_by=None),
        lambda: AwardInDoubt.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# --- pages --------------------------------------------------------------------------------------------


def test_the_register_leads_to_what_waits_and_each_to_both_ways(
    doubt: AwardInDoubt, certificate: Certificate, registrar: User, registrar2: User
) -> None:
    client = client_of(registrar)
    assert TO_DECIDE in main_of(client.get("/en/certificates/register/").text)
    page = flat(client.get(TO_DECIDE).text)
    assert "the exam was annulled after an appeal" in page
    there = f"/en/certificates/register/{certificate.public_id}/"
    assert f"{there}#revoke" in page and 'id="revoke"' in client.get(there).text
    address = f"{TO_DECIDE}{doubt.public_id}/"
    assert address in page
    assert set(client.post(address, {}).context["form"].errors) == {"reason"}
    asked = client.post(address, {"reason": "no-fault"})
    assert "the fault was not the person&#x27;s" in flat(asked.text)
    client.post(address, {"reason": "no-fault", "sure": "1"})
    assert "Nothing waits" in client.get(TO_DECIDE).text
    assert TO_DECIDE not in main_of(client.get("/en/certificates/register/").text)


def test_a_proposed_revocation_is_shown_instead(
    doubt: AwardInDoubt, certificate: Certificate, registrar: User
) -> None:
    proposal = actions_acts.propose(
        act=REVOKE, certificate=certificate, reason="exam-irregularity", by=registrar
    )
    page = client_of(registrar).get(TO_DECIDE).text
    assert proposal.public_id in page and f"{TO_DECIDE}{doubt.public_id}/" not in page


def test_an_auditor_reads_and_decides_nothing(doubt: AwardInDoubt, auditor: User) -> None:
    page = client_of(auditor).get(TO_DECIDE)
    assert page.status_code == 200
    assert doubt.public_id not in page.text


def test_the_person_reads_that_registrars_decide(
    doubt: AwardInDoubt, attempt: Attempt, officer: User
) -> None:
    page = flat(client_of(officer).get(f"/en/attempts/{attempt.public_id}/result/").text)
    assert "This exam does not count" in page
    assert "stays in force until registrars decide about it" in page
    assert ("registrars decide whether your certificate stays" in page, "Now, if you like" in page) == (
        True,
        False,
    )
    course = flat(client_of(officer).get("/en/courses/c1-lab/").text)
    assert "registrars decide whether your certificate stays" in course
    assert "Now test what you have learnt" not in course


def test_pages_of_a_holder_say_one_thing_once_it_is_left_in_force(
    doubt: AwardInDoubt, attempt: Attempt, officer: User, registrar: User
) -> None:
    """There is nothing to sit: neither does anything say that the exam was passed, nor that it waits."""
    actions_doubts.leave_in_force(doubt=doubt, reason="no-fault", by=registrar)
    client = client_of(officer)
    result = flat(client.get(f"/en/attempts/{attempt.public_id}/result/").text)
    assert ("it counts neither as passed nor as failed." in result, "sit the exam again" in result) == (
        True,
        False,
    )
    assert "When you can try again" not in result
    home = flat(client.get("/en/").text)
    assert ("You passed the exam" in home, "Not started" in home, "Not needed now" in home) == (
        False,
        False,
        True,
    )
    course = flat(client.get("/en/courses/c1-lab/").text)
    assert ("The examination is not needed now" in course, "Now test what you have learnt" in course) == (
        True,
        False,
    )
    exam = flat(client.get("/en/courses/c1-lab/recognise/exam/").text)
    assert ("You do not need this exam now" in exam, "/start/" in exam) == (True, False)


def test_queries_of_the_list_do_not_grow(
    doubt: AwardInDoubt, certificate: Certificate, registrar: User
) -> None:
    client = client_of(registrar)
    client.get(TO_DECIDE)
    with factories.counted() as one:
        client.get(TO_DECIDE)
    for number in (2, 3):
        tiny.more(certificate.award.person, number)
        award = Award.objects.latest("pk")
        AwardInDoubt.objects.create(award=award, marking=f"m{number}", why="annulled", raised_at=clock.now())
    client.get(TO_DECIDE)
    with factories.counted() as three:
        client.get(TO_DECIDE)
    assert len(three) == len(one)

"""Appeals: made once and in time; decided by assessors who had no part in the exam; two where marks change."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from assessments import actions, actions_appeals
from assessments.actions_admission import end_extra_time, give_extra_time
from assessments.actions_appeals import TELL_ASSESSORS
from assessments.appeals import OtherWorth
from assessments.models import (
    Appeal,
    AppealDecision,
    Attempt,
    Blueprint,
    Counts,
    Marking,
    ScenarioVersion,
    WhyOtherwise,
)
from assessments.permissions import can_decide_appeal, visible_appeals
from assessments.results import appeal_feedback, result_of
from operations import clock, proposals
from operations.models import AuditEntry, Notice, Proposal
from operations.outbox import work_off
from people.models import Agency, Role, Unit, User
from tests import factories
from tests.factories import Position, give

from .appealing import FULL, confirm, correct, fail, make_appeal, right_question
from .conftest import start
from .walking import answer_all, release, stage_code
from .walking import fail as closed_blank

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


# --- made ---------------------------------------------------------------------------------------------


def test_an_appeal_is_kept_traced_and_told(failed: Attempt, assessor: User, assessor2: User) -> None:
    appeal = make_appeal(failed)
    assert (appeal.category, appeal.text) == ("question", "Sual aydın deyildi")
    entry = AuditEntry.objects.get(act="assessments.appeal")
    assert (entry.by, entry.subject_id, entry.reason) == (failed.person, appeal.public_id, "question")
    assert "Sual" not in str(entry.after)
    work_off([TELL_ASSESSORS])
    told = Notice.objects.filter(kind__startswith="assessments.appeal").order_by("kind", "person")
    assert {(notice.kind.split(".")[1], notice.person_id) for notice in told} == {
        ("appeal_received", failed.person_id),
        ("appeal_waits", assessor.pk),
        ("appeal_waits", assessor2.pk),
    }


def test_who_appeals_waits_no_longer_for_three_assessors_than_for_one(
    exam: Blueprint, failed: Attempt, officer2: User, assessor: User
) -> None:
    other = fail(start(exam, officer2))
    assert failed.person != other.person  # both are loaded
    with factories.counted() as one:
        make_appeal(failed)
    for _number in range(2):
        give(factories.make_person(), Position.ASSESSOR)
    with factories.counted() as three:
        make_appeal(other)
    assert len(three) == len(one)
    work_off([TELL_ASSESSORS])
    assert Notice.objects.filter(kind="assessments.appeal_waits").count() == 1 + 3 + 2


def test_nobody_is_called_to_an_appeal_that_is_decided(appeal: Appeal, assessor: User) -> None:
    actions_appeals.uphold_result(appeal=appeal, words="so", by=assessor)
    work_off([TELL_ASSESSORS])
    assert not Notice.objects.filter(kind="assessments.appeal_waits").exists()


def test_the_whole_fourteenth_day_is_in_time_and_the_next_is_not(failed: Attempt, english: None) -> None:
    assert failed.closed_at is not None
    end = clock.start_of(clock.first_day(failed.closed_at) + 15 * DAY)
    with clock.at(end), pytest.raises(ValidationError, match="has passed"):
        make_appeal(failed)
    with clock.at(end - timedelta(seconds=1)):
        make_appeal(failed)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"category": "unknown"}, "category"),
        ({"text": "x" * 501}, "500"),
    ],
)
def test_what_is_no_appeal_is_refused(failed: Attempt, english: None, more: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        make_appeal(failed, **more)


def test_a_second_appeal_is_refused(appeal: Appeal, english: None) -> None:
    with pytest.raises(ValidationError, match="already"):
        make_appeal(appeal.attempt)
    with pytest.raises(DatabaseError), transaction.atomic():
        Appeal.objects.create(attempt=appeal.attempt, category="other", received_at=clock.now())


def test_neither_open_nor_practice_can_be_appealed(
    attempt: Attempt, practice: Blueprint, officer: User
) -> None:
    tried = start(practice, officer)
    tried = actions.close_attempt(attempt=tried, by=officer, confirmed=True)
    for each in (attempt, tried):
        with pytest.raises(ValidationError):
            make_appeal(each)


@pytest.mark.parametrize("cast", ["officer2", "coordinator", "assessor", "outsider"])
def test_nobody_appeals_for_somebody_else(failed: Attempt, cast: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(PermissionDenied):
        make_appeal(failed, by=request.getfixturevalue(cast))


def test_nobody_reads_a_key_while_they_sit_an_exam(
    appeal: Appeal, assessor: User, exam: Blueprint, english: None
) -> None:
    own = start(exam, assessor)
    with pytest.raises(ValidationError, match="First close the exam that you have begun"):
        actions_appeals.see_answers(appeal=appeal, by=assessor)
    assert not appeal.seen.exists()
    actions.close_attempt(attempt=own, by=assessor, confirmed=True)
    actions_appeals.see_answers(appeal=appeal, by=assessor)


def test_what_was_not_answered_cannot_count_in_full(
    attempt: Attempt, assessor: User, assessor2: User, english: None
) -> None:
    appeal = make_appeal(actions.close_attempt(attempt=attempt, by=attempt.person, confirmed=True))
    with pytest.raises(ValidationError, match="leave it out"):
        correct(appeal, assessor, **{right_question(attempt): FULL})
    left_out = OtherWorth(Counts.LEFT_OUT, WhyOtherwise.UNCLEAR)
    asked = appeal.attempt.marking.marks.values_list("question_code", flat=True)
    with pytest.raises(ValidationError, match="annul the exam instead"):
        correct(appeal, assessor, **dict.fromkeys(asked, left_out))
    proposal = correct(appeal, assessor, **{right_question(attempt): left_out})
    assert confirm(proposal, assessor2).outcome == "corrected"


# --- who may decide -----------------------------------------------------------------------------------


def test_assessors_of_the_agency_and_of_all_may_decide(
    appeal: Appeal, assessor: User, agency: Agency
) -> None:
    own = factories.make_person()
    give(own, Position.ASSESSOR, agency=agency)
    assert [can_decide_appeal(by, appeal) for by in (assessor, own)] == [True, True]


@pytest.mark.parametrize(
    "cast",
    [
        "officer",
        "officer2",
        "outsider",
        "coordinator",
        "duty_officer",
        "trainer",
        "reviewer",
        "registrar",
        "auditor",
        "admin",
    ],
)
def test_nobody_else_may(appeal: Appeal, cast: str, request: pytest.FixtureRequest) -> None:
    by = request.getfixturevalue(cast)
    assert not can_decide_appeal(by, appeal)
    assert not visible_appeals(by).exists()
    for act in (
        lambda: actions_appeals.see_answers(appeal=appeal, by=by),
        lambda: actions_appeals.uphold_result(appeal=appeal, words="so", by=by),
        lambda: actions_appeals.propose_annulment(appeal=appeal, reason="technical", by=by),
        lambda: correct(appeal, by),
        lambda: appeal_feedback(appeal, by, "az"),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_an_assessor_of_another_agency_may_not(appeal: Appeal, other_agency: Agency) -> None:
    other = factories.make_person()
    give(other, Position.ASSESSOR, agency=other_agency)
    assert not can_decide_appeal(other, appeal)


def test_never_ones_own_nor_of_ones_supervisors_or_of_whom_one_supervises(
    appeal: Appeal, assessor: User, officer: User
) -> None:
    give(officer, Position.ASSESSOR)
    assert not can_decide_appeal(officer, appeal)
    between = factories.make_person()
    User.objects.filter(pk=officer.pk).update(supervisor=between)
    User.objects.filter(pk=between.pk).update(supervisor=assessor)
    assert not can_decide_appeal(User.objects.get(pk=assessor.pk), appeal)
    User.objects.filter(pk=officer.pk).update(supervisor=None)
    assert can_decide_appeal(User.objects.get(pk=assessor.pk), appeal)
    User.objects.filter(pk=assessor.pk).update(supervisor=officer)
    assert not can_decide_appeal(User.objects.get(pk=assessor.pk), appeal)


def test_also_not_under_a_record_that_was_merged(appeal: Appeal, assessor: User, officer: User) -> None:
    factories.merged(officer, into=assessor)
    assert not can_decide_appeal(assessor, appeal)


def may_decide(by: User, appeal: Appeal, proposal: Proposal) -> list[bool]:
    """Of one's own and of what another proposed: see, uphold, correct, annul, confirm, decline."""
    acts = [
        lambda: actions_appeals.see_answers(appeal=appeal, by=by),
        lambda: actions_appeals.uphold_result(appeal=appeal, words="so", by=by),
        lambda: actions_appeals.propose_correction(appeal=appeal, questions={}, by=by),
        lambda: actions_appeals.propose_annulment(appeal=appeal, reason="technical", by=by),
        lambda: actions_appeals.confirm_decision(proposal=proposal, by=by),
        lambda: actions_appeals.decline_decision(proposal=proposal, by=by),
    ]
    found = []
    for act in acts:
        with transaction.atomic():
            try:
                act()
            except PermissionDenied:
                found.append(False)
            except ValidationError:
                found.append(True)
            else:
                found.append(True)
            transaction.set_rollback(True)
    return found


def publish_again(attempt: Attempt, by: User) -> None:
    """Another version of one of its cases."""
    drawn = attempt.cases.latest("position").version
    ScenarioVersion.objects.create(
        scenario=drawn.scenario, number=drawn.number + 1, format=drawn.format, sha256="0" * 64,
        content=drawn.content, recorded_by=by,
    )  # fmt: skip


@pytest.mark.parametrize(
    "part", ["none", "released", "extra time", "extra time that ended", "published", "of old record"]
)
def test_who_had_a_part_in_the_exam_decides_nothing_of_its_appeal(
    exam_of_four: Blueprint, used_up: User, assessor: User, assessor2: User, assessor3: User, part: str
) -> None:
    """The third released the exam, gave extra time, or published a case of it, also under a record merged into theirs."""
    by = factories.make_person() if part == "of old record" else assessor3
    if by != assessor3:
        give(by, Position.ASSESSOR)
    release(exam_of_four, used_up, by if part in ("released", "of old record") else assessor2)
    if part.startswith("extra time"):
        give_extra_time(person=used_up, percent=25, by=by)
    if part == "extra time that ended":
        end_extra_time(person=used_up, by=assessor)
    if by != assessor3:
        factories.merged(by, into=assessor3)
    attempt = closed_blank(exam_of_four, used_up)
    if part == "published":
        publish_again(attempt, by)
    appeal = make_appeal(attempt)
    first = factories.make_person()
    give(first, Position.ASSESSOR)
    code = appeal.attempt.marking.marks.values_list("question_code", flat=True)[0]
    proposal = correct(appeal, first, **{code: OtherWorth(Counts.LEFT_OUT, WhyOtherwise.KEY)})
    assert set(may_decide(assessor3, appeal, proposal)) == {part == "none"}
    assert visible_appeals(assessor3).exists() is (part == "none")
    pages = factories.client_of(assessor3)
    address = f"/en/assessor/appeals/{appeal.public_id}/"
    assert pages.get(address).status_code == (200 if part == "none" else 404)


# --- the answers --------------------------------------------------------------------------------------


def test_answers_open_to_who_said_that_they_open_them(
    appeal: Appeal, assessor: User, assessor2: User
) -> None:
    with pytest.raises(PermissionDenied):
        appeal_feedback(appeal, assessor, "en")
    for _click in range(2):
        actions_appeals.see_answers(appeal=appeal, by=assessor)
    [case] = appeal_feedback(appeal, assessor, "en")
    assert [question.prompt for question in case.stages[0].questions] == [
        f"question {stage_code(appeal.attempt)}-q{number}" for number in (1, 2, 3, 4)
    ]
    entry = AuditEntry.objects.get(act="assessments.see_answers")
    assert (entry.by, entry.subject_id) == (assessor, appeal.public_id)
    with pytest.raises(PermissionDenied):
        appeal_feedback(appeal, assessor2, "en")


def test_answers_close_with_the_decision_for_everybody(
    appeal: Appeal, assessor: User, assessor2: User, english: None
) -> None:
    actions_appeals.see_answers(appeal=appeal, by=assessor)
    actions_appeals.uphold_result(appeal=appeal, words="so", by=assessor)
    appeal = Appeal.objects.get()
    with pytest.raises(ValidationError, match="decided already"):
        actions_appeals.see_answers(appeal=appeal, by=assessor2)
    for by in (assessor, assessor2):
        with pytest.raises(PermissionDenied):
            appeal_feedback(appeal, by, "en")
    client = factories.client_of(assessor)
    address = f"/en/assessor/appeals/{appeal.public_id}/"
    assert client.get(f"{address}answers/").url == address
    assert client.post(f"{address}answers/", {"open": "1"}).url == address
    assert f"{address}answers/" not in client.get(address).text


# --- one assessor -------------------------------------------------------------------------------------


def test_the_result_stands_by_one_with_words(appeal: Appeal, assessor: User) -> None:
    decision = actions_appeals.uphold_result(appeal=appeal, words=" Qayda aydındır. ", by=assessor)
    assert (decision.outcome, decision.words, decision.decided_by) == ("stands", "Qayda aydındır.", assessor)
    assert Marking.objects.count() == 1
    assert Notice.objects.get(kind="assessments.appeal_decided").person == appeal.attempt.person
    entry = AuditEntry.objects.get(act="assessments.uphold_result")
    assert "Qayda" not in str([entry.before, entry.after, entry.reason])


@pytest.mark.parametrize("words", ["", "  ", "x" * 1001])
def test_it_does_not_stand_without_words(appeal: Appeal, assessor: User, words: str) -> None:
    with pytest.raises(ValidationError):
        actions_appeals.uphold_result(appeal=appeal, words=words, by=assessor)


def test_what_is_decided_is_not_decided_again(
    appeal: Appeal, assessor: User, assessor2: User, english: None
) -> None:
    actions_appeals.uphold_result(appeal=appeal, words="so", by=assessor)
    for act in (
        lambda: actions_appeals.uphold_result(appeal=appeal, words="so", by=assessor2),
        lambda: actions_appeals.propose_annulment(appeal=appeal, reason="technical", by=assessor2),
        lambda: correct(appeal, assessor2),
    ):
        with pytest.raises(ValidationError, match="decided already"):
            act()


# --- two assessors ------------------------------------------------------------------------------------


def test_nothing_changes_before_the_second_confirms(appeal: Appeal, assessor: User, assessor2: User) -> None:
    proposal = correct(appeal, assessor)
    assert Marking.objects.count() == 1
    work_off([TELL_ASSESSORS])
    assert Notice.objects.filter(kind="assessments.appeal_waits", person=assessor2).count() == 2
    assert Notice.objects.filter(kind="assessments.appeal_waits", person=assessor).count() == 1
    with pytest.raises(proposals.ProposalError):
        actions_appeals.confirm_decision(proposal=proposal, by=assessor)
    assert not AppealDecision.objects.exists()


def test_marks_are_corrected_by_two_who_have_seen_the_answers(
    appeal: Appeal, assessor: User, assessor2: User, english: None
) -> None:
    with pytest.raises(ValidationError, match="Open the answers first"):
        actions_appeals.propose_correction(
            appeal=appeal, questions={right_question(appeal.attempt): FULL}, by=assessor
        )
    proposal = correct(appeal, assessor)
    page = f"/en/assessor/appeals/proposals/{proposal.public_id}/"
    client = factories.client_of(assessor2)
    before = client.get(page).text
    assert (f"{page}confirm/" in before, f"{page}decline/" in before) == (False, True)
    with pytest.raises(ValidationError, match="Open the answers first"):
        actions_appeals.confirm_decision(proposal=proposal, by=assessor2)
    actions_appeals.see_answers(appeal=appeal, by=assessor2)
    assert f"{page}confirm/" in client.get(page).text
    assert actions_appeals.confirm_decision(proposal=proposal, by=assessor2).outcome == "corrected"


def test_a_correction_can_turn_a_fail_into_a_pass(appeal: Appeal, assessor: User, assessor2: User) -> None:
    decision = confirm(correct(appeal, assessor), assessor2)
    attempt = Attempt.objects.select_related("marking", "blueprint", "blueprint_version").get()
    assert (decision.outcome, attempt.passed, attempt.points) == ("corrected", True, 34)
    assert (attempt.marking.cause, attempt.marking.made_by, attempt.marking.proposal) == (
        "appeal", assessor2, decision.proposal,
    )  # fmt: skip
    assert result_of(attempt, "en").critical_errors == ()
    entry = AuditEntry.objects.get(act="assessments.decide_appeal")
    assert (entry.by, entry.reason, entry.before) == (assessor2, "unclear", {"marking": 1, "passed": False})
    assert entry.after == {
        "proposal": decision.proposal.public_id, "outcome": "corrected", "marking": 2, "passed": True,
    }  # fmt: skip
    assert Notice.objects.filter(kind="assessments.appeal_decided").count() == 1


def test_a_correction_can_turn_a_pass_into_a_fail(attempt: Attempt, assessor: User, assessor2: User) -> None:
    answer_all(attempt, q2=None, q3=None)
    attempt = actions.close_attempt(attempt=attempt, by=attempt.person, confirmed=True)
    assert attempt.passed is True
    appeal = make_appeal(attempt)
    nothing = OtherWorth(Counts.NOTHING, WhyOtherwise.KEY)
    proposal = correct(appeal, assessor, **{f"{stage_code(attempt)}-q1": nothing})
    confirm(proposal, assessor2)
    attempt.refresh_from_db()
    assert (attempt.passed, attempt.points) == (False, 16)


def test_an_annulled_exam_does_not_count_and_the_person_may_sit_again(
    appeal: Appeal, exam: Blueprint, officer: User, assessor: User, assessor2: User
) -> None:
    proposal = actions_appeals.propose_annulment(appeal=appeal, reason="technical", by=assessor)
    actions_appeals.confirm_decision(proposal=proposal, by=assessor2)
    attempt = Attempt.objects.select_related("blueprint", "blueprint_version", "marking").get()
    assert (attempt.passed, attempt.is_annulled, attempt.counts, attempt.again_from()) == (
        None,
        True,
        False,
        None,
    )
    assert attempt.marking.marks.count() == 0
    result = result_of(attempt, "en")
    assert (result.annulled, result.passed, result.parts, result.critical_errors) == (True, None, (), ())
    with clock.at(clock.now() + timedelta(days=600)):  # the one family of this exam may come again
        assert start(exam, officer) != attempt


def test_what_changes_nothing_or_was_not_asked_is_refused(appeal: Appeal, assessor: User) -> None:
    right = right_question(appeal.attempt)
    for questions in ({}, {"nowhere-q1": FULL}, {right: FULL}):
        with pytest.raises(ValidationError):
            actions_appeals.propose_correction(appeal=appeal, questions=questions, by=assessor)
    with pytest.raises(ValidationError):
        actions_appeals.propose_annulment(appeal=appeal, reason="whim", by=assessor)
    assert not Proposal.objects.exists()


def test_one_proposal_at_a_time_and_no_decision_beside_it(
    appeal: Appeal, assessor: User, assessor2: User, english: None
) -> None:
    proposal = correct(appeal, assessor)
    with pytest.raises(ValidationError, match="already waiting"):
        actions_appeals.propose_annulment(appeal=appeal, reason="technical", by=assessor2)
    with pytest.raises(ValidationError, match="second assessor"):
        actions_appeals.uphold_result(appeal=appeal, words="so", by=assessor2)
    actions_appeals.decline_decision(proposal=proposal, by=assessor2)
    actions_appeals.uphold_result(appeal=appeal, words="so", by=assessor2)
    assert AppealDecision.objects.get().outcome == "stands"


def test_the_proposer_takes_it_back(appeal: Appeal, assessor: User, assessor2: User) -> None:
    proposal = correct(appeal, assessor)
    with pytest.raises(proposals.ProposalError):
        actions_appeals.withdraw_decision(proposal=proposal, by=assessor2)
    actions_appeals.withdraw_decision(proposal=proposal, by=assessor)
    assert AuditEntry.objects.filter(act="assessments.withdraw_decision").count() == 1
    assert correct(appeal, assessor2).open


@pytest.mark.parametrize("cast", ["officer", "outsider", "registrar", "admin"])
def test_the_second_is_an_assessor_who_had_no_part(
    appeal: Appeal, assessor: User, cast: str, request: pytest.FixtureRequest
) -> None:
    proposal, by = correct(appeal, assessor), request.getfixturevalue(cast)
    for act in (actions_appeals.confirm_decision, actions_appeals.decline_decision):
        with pytest.raises(PermissionDenied):
            act(proposal=proposal, by=by)


def test_the_supervisor_of_the_person_is_no_second(
    appeal: Appeal, officer: User, assessor: User, assessor2: User
) -> None:
    proposal = correct(appeal, assessor)
    User.objects.filter(pk=officer.pk).update(supervisor=assessor2)
    with pytest.raises(PermissionDenied):
        actions_appeals.confirm_decision(proposal=proposal, by=assessor2)


def test_marks_made_again_meanwhile_stand_against_an_older_proposal(
    appeal: Appeal, assessor: User, assessor2: User, english: None
) -> None:
    from .test_markings import spoil

    proposal = correct(appeal, assessor)
    spoil(Attempt.objects.get())
    with pytest.raises(ValidationError, match="made again"):
        actions_appeals.confirm_decision(proposal=proposal, by=assessor2)
    assert not AppealDecision.objects.exists()


def test_appeals_and_decisions_never_change(appeal: Appeal, assessor: User) -> None:
    actions_appeals.see_answers(appeal=appeal, by=assessor)
    actions_appeals.uphold_result(appeal=appeal, words="so", by=assessor)
    for change in (
        lambda: Appeal.objects.update(category="other"),
        lambda: Appeal.objects.update(text="otherwise"),
        lambda: AppealDecision.objects.update(outcome="annulled"),
        lambda: AppealDecision.objects.all().delete(),
        lambda: appeal.seen.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    Appeal.objects.update(text=None)
    AppealDecision.objects.update(words=None)


def test_lists_ask_the_same_for_one_and_three(
    appeal: Appeal, exam: Blueprint, assessor: User, unit: Unit, role: Role
) -> None:
    client = factories.client_of(assessor)
    client.get("/en/assessor/appeals/")
    with factories.counted() as one:
        assert client.get("/en/assessor/appeals/").status_code == 200
    for number in range(2):
        person = factories.make_person(unit=unit, role=role, service_number=f"LAB-9{number}")
        make_appeal(fail(start(exam, person)))
    with factories.counted() as three:
        page = client.get("/en/assessor/appeals/")
    assert len(page.context["page"]) == 3
    assert len(three) == len(one)

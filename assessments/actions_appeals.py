"""Appeals against results of exams: made by the person, decided by assessors who had no part in it."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from operations import audit, clock, notices, proposals
from operations.models import Proposal
from operations.outbox import enqueue
from people.models import Grant, User

from . import markings
from .actions_admission import record_key_seen
from .actions_marks import point_at, said_of
from .appeals import DECIDE, OtherWorth, changes_of, is_open_to_appeal, preview_of, waiting_proposal
from .correcting import corrected
from .models import (
    AnswersSeen,
    Appeal,
    AppealDecision,
    Attempt,
    Counts,
    Marking,
    ScenarioFamily,
    Use,
    WhyOtherwise,
)
from .permissions import can_decide_appeal, can_take

MOST_TEXT, MOST_WORDS = 500, 1000
TELL_ASSESSORS = "assessments.tell_assessors"  # an errand
Outcome = AppealDecision.Outcome


# --- the person ---------------------------------------------------------------------------------------


@transaction.atomic
def make_appeal(*, attempt: Attempt, category: str, text: str, by: User) -> Appeal:
    """The person does not agree with the result of an exam: once, within 14 days of its closing.

    Person and assessors are told. ValidationError: too late, made already, practice or annulled.
    """
    attempt = markings.locked(attempt.pk)
    if not can_take(by, attempt):
        raise PermissionDenied(_("This attempt is not yours."))
    if category not in Appeal.Category.values or len(text) > MOST_TEXT:
        raise ValidationError(_("Choose a category, and write at most 500 characters."))
    if Appeal.objects.filter(attempt=attempt).exists():
        raise ValidationError(_("You have appealed against this result already."))
    if not is_open_to_appeal(attempt, clock.now()):
        raise ValidationError(_("The time to appeal against this result has passed."))
    appeal = Appeal.objects.create(
        attempt=attempt, category=category, text=text.strip() or None, received_at=clock.now()
    )
    audit.record(
        by=by, act="assessments.appeal", subject_kind="appeal", subject_id=appeal.public_id, reason=category,
        after={"attempt": attempt.public_id},
    )  # fmt: skip
    notices.notify(
        person=attempt.person.surviving, kind="assessments.appeal_received", subject_id=attempt.public_id
    )
    _tell_assessors(appeal, "received")
    return appeal


def _tell_assessors(appeal: Appeal, threshold: str, *, but: User | None = None) -> None:
    """Promise letters to those who may decide it. An errand finds them: how many there are is not the asker's wait."""
    key, asker = f"{appeal.public_id} {threshold}", but.pk if but else None
    enqueue(TELL_ASSESSORS, key, appeal=appeal.public_id, threshold=threshold, but=asker)


def tell_assessors(*, appeal: Appeal, threshold: str, but: int | None, by: None) -> None:
    """Write to every assessor who may decide it that something waits; to nobody once it is decided."""
    if appeal.is_decided:
        return
    holders = Grant.objects.live().filter(position=Grant.Position.ASSESSOR).values("person")
    for person in User.objects.active().filter(pk__in=holders).exclude(pk__in=[but] if but else []):
        if can_decide_appeal(person, appeal):
            notices.notify(
                person=person,
                kind="assessments.appeal_waits",
                subject_id=appeal.public_id,
                threshold=threshold,
            )


# --- one assessor -------------------------------------------------------------------------------------


@transaction.atomic
def see_answers(*, appeal: Appeal, by: User) -> AnswersSeen:
    """Open the answers and the key of the appeal's attempt to this assessor.

    That they saw them is kept, and no exam draws these families for them for twelve months. ValidationError: the appeal
    is decided, the assessor sits an exam just now.
    """
    _refuse_unless_may_decide(by, appeal)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # an exam begins before it or after it
    appeal = _undecided(appeal)
    if Attempt.objects.open().taken_by(by.pk).filter(blueprint__use=Use.EXAM).exists():
        raise ValidationError(
            _("First close the exam that you have begun: this page shows the answer key of an exam.")
        )
    seen, new = AnswersSeen.objects.get_or_create(appeal=appeal, by=by, defaults={"seen_at": clock.now()})
    if new:
        for family in ScenarioFamily.objects.filter(
            scenarios__versions__in=appeal.attempt.cases.values("version")
        ):
            record_key_seen(person=by, family=family, by=by)
        audit.record(
            by=by, act="assessments.see_answers", subject_kind="appeal", subject_id=appeal.public_id,
            after={"attempt": appeal.attempt.public_id},
        )  # fmt: skip
    return seen


@transaction.atomic
def uphold_result(*, appeal: Appeal, words: str, by: User) -> AppealDecision:
    """The result stands: one assessor says so, with words to the person.

    ValidationError: decided already, something waits for a second assessor, no words.
    """
    _refuse_unless_may_decide(by, appeal)
    appeal = _undecided(appeal)
    if waiting_proposal(appeal) is not None:
        raise ValidationError(
            _("A proposed decision waits for a second assessor. Confirm or decline it first.")
        )
    words = words.strip()
    if not words or len(words) > MOST_WORDS:
        raise ValidationError(_("Tell the person why, in at most 1,000 characters."))
    decision = AppealDecision.objects.create(
        appeal=appeal, outcome=Outcome.STANDS, words=words, decided_at=clock.now(), decided_by=by
    )
    audit.record(
        by=by, act="assessments.uphold_result", subject_kind="appeal", subject_id=appeal.public_id,
        after={"attempt": appeal.attempt.public_id},
    )  # fmt: skip
    _tell_decided(appeal)
    return decision


# --- two assessors ------------------------------------------------------------------------------------


@transaction.atomic
def propose_correction(*, appeal: Appeal, questions: Mapping[str, OtherWorth], by: User) -> Proposal:
    """The first of two: these questions, by code, count otherwise.

    ValidationError: answers not opened, decided, proposed already, nothing chosen, a question that was not asked, one not
    answered in full, more than half left out, nothing changes.
    """
    _refuse_unless_may_decide(by, appeal)
    appeal = _undecided(appeal)
    _refuse_unless_seen(by, appeal)
    marks = {each.mark.question_code: each for each in markings.kept_marks(_marking(appeal))}
    if not questions or not set(questions) <= set(marks):
        raise ValidationError(_("Choose at least one question whose marks change."))
    if any(each.counts is Counts.FULL and not marks[code].language for code, each in questions.items()):
        raise ValidationError(_("A question that was not answered cannot count in full: leave it out."))
    preview = preview_of(appeal.attempt, {code: each.counts for code, each in questions.items()})
    if preview.new_points_max * 2 < preview.points_max:
        raise ValidationError(_("More than half of the points would be left out: annul the exam instead."))
    if not preview.changes_anything:
        raise ValidationError(_("That would change nothing."))
    lines = [
        {"code": code, "worth": str(each.counts), "why": str(each.why)}
        for code, each in sorted(questions.items())
    ]
    return _propose(appeal, Outcome.CORRECTED, lines[0]["why"], lines, by)


@transaction.atomic
def propose_annulment(*, appeal: Appeal, reason: str, by: User) -> Proposal:
    """The first of two: the exam does not count, and the person may sit again.

    ValidationError: decided, proposed already, no reason from the list.
    """
    _refuse_unless_may_decide(by, appeal)
    appeal = _undecided(appeal)
    if reason not in WhyOtherwise.values:
        raise ValidationError(_("Choose a reason from the list."))
    return _propose(appeal, Outcome.ANNULLED, reason, [], by)


def _propose(
    appeal: Appeal, outcome: Outcome, reason: str, questions: list[dict[str, str]], by: User
) -> Proposal:
    if waiting_proposal(appeal) is not None:
        raise ValidationError(_("This is already waiting for a second person."))
    proposal = proposals.propose(
        act=DECIDE, subject_id=appeal.public_id, reason_category=reason, by=by,
        payload={"outcome": outcome, "marking": _marking(appeal).public_id, "questions": questions},
        expires_at=clock.now() + proposals.TIME_TO_DECIDE,
    )  # fmt: skip
    proposals.record("assessments.propose_decision", proposal, by=by, subject_kind="appeal")
    _tell_assessors(appeal, proposal.public_id[:20], but=by)
    return proposal


@transaction.atomic
def confirm_decision(*, proposal: Proposal, by: User) -> AppealDecision:
    """The second of two: the new marking counts from now on, and what hangs on it follows.

    ProposalError: one's own, decided, expired. ValidationError: the marks were made again meanwhile; they are corrected
    and who confirms has not opened the answers.
    """
    appeal = _of_proposal(proposal)
    _refuse_unless_may_decide(by, appeal)
    appeal = _undecided(appeal)
    before = _marking(appeal)
    if proposal.payload["marking"] != before.public_id:
        raise ValidationError(_("The marks were made again since this was proposed: decline it."))
    outcome = Outcome(proposal.payload["outcome"])
    if outcome is Outcome.CORRECTED:
        _refuse_unless_seen(by, appeal)
    proposals.confirm(proposal, by=by)
    after = _mark_otherwise(appeal.attempt, outcome, proposal, by)
    decision = AppealDecision.objects.create(
        appeal=appeal, outcome=outcome, decided_at=clock.now(), decided_by=by, proposal=proposal
    )
    audit.record(
        by=by, act=DECIDE, subject_kind="appeal", subject_id=appeal.public_id, reason=proposal.reason_category,
        before=said_of(before), after={"proposal": proposal.public_id, "outcome": outcome, **said_of(after)},
    )  # fmt: skip
    _tell_decided(appeal)
    return decision


def _mark_otherwise(attempt: Attempt, outcome: Outcome, proposal: Proposal, by: User) -> Marking:
    before, now = attempt.marking, clock.now()
    assert before is not None
    if outcome is Outcome.ANNULLED:
        after = markings.keep_annulment(attempt=attempt, at=now, by=by, proposal=proposal)
    else:
        marks = corrected(markings.kept_marks(before), changes_of(proposal))
        after = markings.keep(
            attempt=attempt, cause=Marking.Cause.APPEAL, marks=marks, at=now, formulas=before.formulas, by=by,
            proposal=proposal,
        )  # fmt: skip
    point_at(attempt, after)
    return after


@transaction.atomic
def decline_decision(*, proposal: Proposal, by: User) -> None:
    """The second assessor sees it otherwise: the appeal waits on. ProposalError: one's own, decided, expired."""
    appeal = _of_proposal(proposal)
    _refuse_unless_may_decide(by, appeal)
    _undecided(appeal)
    proposals.decline(proposal, by=by)
    proposals.record("assessments.decline_decision", proposal, by=by, subject_kind="appeal")


@transaction.atomic
def withdraw_decision(*, proposal: Proposal, by: User) -> None:
    """The proposer takes it back. ProposalError: somebody else's, decided, expired."""
    _undecided(_of_proposal(proposal))
    proposals.withdraw(proposal, by=by)
    proposals.record("assessments.withdraw_decision", proposal, by=by, subject_kind="appeal")


# --- what they share ----------------------------------------------------------------------------------


def _undecided(appeal: Appeal) -> Appeal:
    """Return the appeal with its attempt locked: decisions on one wait for each other, the second is told."""
    attempt = markings.locked(appeal.attempt_id)
    appeal = Appeal.objects.select_related("decision").get(pk=appeal.pk)
    appeal.attempt = attempt
    if appeal.is_decided:
        raise ValidationError(_("This appeal has been decided already."))
    return appeal


def _refuse_unless_may_decide(by: User, appeal: Appeal) -> None:
    if not can_decide_appeal(by, appeal):
        raise PermissionDenied(_("Appeals are decided by an assessor who had no part in the exam."))


def _refuse_unless_seen(by: User, appeal: Appeal) -> None:
    if not appeal.seen.filter(by=by).exists():
        raise ValidationError(
            _("Open the answers first: only two assessors who have seen them can correct marks.")
        )


def _of_proposal(proposal: Proposal) -> Appeal:
    if proposal.act != DECIDE:
        raise PermissionDenied(_("You may not do this."))
    return Appeal.objects.get(public_id=proposal.subject_id)


def _marking(appeal: Appeal) -> Marking:
    marking = appeal.attempt.marking
    assert marking is not None
    return marking


def _tell_decided(appeal: Appeal) -> None:
    attempt = appeal.attempt
    notices.notify(
        person=attempt.person.surviving, kind="assessments.appeal_decided", subject_id=attempt.public_id
    )

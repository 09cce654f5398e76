"""Failing an exam, appealing, and what assessors do about it."""

from typing import Any

from assessments import actions, actions_appeals
from assessments.appeals import OtherWorth
from assessments.models import Appeal, AppealDecision, Attempt, Counts, WhyOtherwise
from operations.models import Proposal
from people.models import User

from .walking import answer_all, save, stage_code

FULL = OtherWorth(Counts.FULL, WhyOtherwise.UNCLEAR)


def fail(attempt: Attempt) -> Attempt:
    """Everything right but the harmful action of the second stage."""
    answer_all(attempt)
    code = harmful_question(attempt)
    harm = {f"{code}-a": "do", f"{code}-b": "do", f"{code}-c": "do"}
    save(attempt, {code: harm}, stage=stage_code(attempt, 2))
    return actions.close_attempt(attempt=attempt, by=attempt.person, confirmed=True)


def harmful_question(attempt: Attempt) -> str:
    return f"{stage_code(attempt, 2)}-q4"


def right_question(attempt: Attempt) -> str:
    return f"{stage_code(attempt)}-q1"


def make_appeal(attempt: Attempt, **more: Any) -> Appeal:
    given: Any = {"category": "question", "text": "Sual aydın deyildi", "by": attempt.person, **more}
    return actions_appeals.make_appeal(attempt=attempt, **given)


def correct(appeal: Appeal, by: User, **changes: OtherWorth) -> Proposal:
    """Open the answers and propose that the harmful question counts in full, or what is said of others by their code."""
    actions_appeals.see_answers(appeal=appeal, by=by)
    questions = changes or {harmful_question(appeal.attempt): FULL}
    return actions_appeals.propose_correction(appeal=appeal, questions=questions, by=by)


def confirm(proposal: Proposal, by: User) -> AppealDecision:
    """Open the answers as the second of two, and confirm."""
    actions_appeals.see_answers(appeal=Appeal.objects.get(public_id=proposal.subject_id), by=by)
    return actions_appeals.confirm_decision(proposal=proposal, by=by)

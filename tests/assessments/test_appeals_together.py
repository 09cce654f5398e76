"""Two decisions on one appeal at the same instant, in real threads: one counts, the other is told."""

import threading
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from assessments import actions_appeals
from assessments.models import Appeal, AppealDecision, Attempt, Blueprint, KeySeen, Marking
from assessments.refusals import NotReady
from operations.models import Notice, Proposal
from operations.proposals import ProposalError
from people.models import User
from tests.databases import on_postgresql, really_committed, wait_until_somebody_waits

from .appealing import confirm, correct, make_appeal
from .conftest import start
from .test_together import together

pytestmark = really_committed


@on_postgresql
def test_of_two_who_confirm_one_counts(
    appeal: Appeal, assessor: User, assessor2: User, assessor3: User
) -> None:
    proposal = correct(appeal, assessor)
    confirming = lambda by: lambda: confirm(proposal, by)
    results = together(confirming(assessor2), confirming(assessor3))
    assert sorted(type(result).__name__ for result in results) == ["AppealDecision", "ValidationError"]
    assert (Marking.objects.count(), AppealDecision.objects.count()) == (2, 1)
    assert Attempt.objects.get().marking.number == 2
    assert Notice.objects.filter(kind="assessments.appeal_decided").count() == 1


@on_postgresql
def test_a_confirmation_and_a_refusal_leave_one_decision(
    appeal: Appeal,
    assessor: User,
    assessor2: User,
    assessor3: User,
) -> None:
    proposal = correct(appeal, assessor)
    confirmed, declined = together(
        lambda: confirm(proposal, assessor2),
        lambda: actions_appeals.decline_decision(proposal=proposal, by=assessor3),
    )
    outcome = Proposal.objects.get().outcome
    if outcome == "confirmed":
        assert isinstance(declined, ValidationError | ProposalError)
        assert AppealDecision.objects.get() == confirmed
    else:
        assert isinstance(confirmed, ProposalError)
        assert (outcome, AppealDecision.objects.count()) == ("declined", 0)


@on_postgresql
def test_the_result_stands_or_is_proposed_otherwise_never_both(
    appeal: Appeal,
    assessor: User,
    assessor2: User,
) -> None:
    stands, proposed = together(
        lambda: actions_appeals.uphold_result(appeal=appeal, words="so", by=assessor),
        lambda: correct(appeal, assessor2),
    )
    assert [isinstance(each, ValidationError) for each in (stands, proposed)].count(True) == 1
    assert AppealDecision.objects.count() + Proposal.objects.count() == 1


@on_postgresql
def test_of_two_who_appeal_at_once_one_appeals(failed: Attempt) -> None:
    results = together(*[lambda: make_appeal(failed)] * 3)
    assert sorted(type(result).__name__ for result in results) == [
        "Appeal",
        "ValidationError",
        "ValidationError",
    ]
    assert Appeal.objects.count() == 1


def one_after_the_other(first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """What each returned or raised; the second begins while the first is not committed, and waits for it."""
    under_way = threading.Event()

    def slowly() -> Any:
        with transaction.atomic():
            result = first()
            under_way.set()
            wait_until_somebody_waits()
        return result

    def meanwhile() -> Any:
        under_way.wait(10)
        return second()

    return together(slowly, meanwhile)


@on_postgresql
def test_no_exam_begins_whose_key_its_person_is_just_opening(
    appeal: Appeal, exam: Blueprint, assessor: User
) -> None:
    seen, begun = one_after_the_other(
        lambda: actions_appeals.see_answers(appeal=appeal, by=assessor), lambda: start(exam, assessor)
    )
    assert (seen.by, type(begun)) == (assessor, NotReady)
    assert not Attempt.objects.filter(person=assessor).exists()


@on_postgresql
def test_no_key_opens_to_who_is_just_beginning_its_exam(
    appeal: Appeal, exam: Blueprint, assessor: User
) -> None:
    begun, seen = one_after_the_other(
        lambda: start(exam, assessor), lambda: actions_appeals.see_answers(appeal=appeal, by=assessor)
    )
    assert (begun.person, type(seen)) == (assessor, ValidationError)
    assert not KeySeen.objects.filter(person=assessor).exists()

"""Two decisions on one appeal at the same instant, in real threads: one counts, the other is told."""

from django.core.exceptions import ValidationError

from assessments import actions_appeals
from assessments.models import Appeal, AppealDecision, Attempt, Marking
from operations.models import Notice, Proposal
from operations.proposals import ProposalError
from people.models import User
from tests.databases import on_postgresql, really_committed

from .appealing import confirm, correct, make_appeal
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

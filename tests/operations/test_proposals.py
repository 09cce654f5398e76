from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from operations import clock as product_clock
from operations import proposals
from operations.models import Proposal
from operations.proposals import ProposalError
from people.models import User
from tests.databases import really_committed
from tests.factories import make_person, merged

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(db: Any) -> User:
    return make_person("Quliyev", "Orxan")


@pytest.fixture
def proposal(clerk: User) -> Proposal:
    return proposals.propose(
        act="certificates.revoke",
        subject_id="certificate",
        reason_category="error",
        payload={"from": product_clock.today()},
        by=clerk,
        expires_at=product_clock.now() + timedelta(days=14),
    )


def refusal(decide: Callable[..., None], proposal: Proposal, by: User) -> str:
    with pytest.raises(ProposalError) as error:
        decide(proposal, by=by)
    return str(error.value)


def stored(proposal: Proposal) -> tuple[str | None, int | None]:
    return Proposal.objects.values_list("outcome", "decided_by").get(pk=proposal.pk)


def test_another_person_confirms(proposal: Proposal, second: User) -> None:
    proposals.confirm(proposal, by=second)
    assert stored(proposal) == ("confirmed", second.pk)
    assert (proposal.outcome, proposal.decided_by_id) == ("confirmed", second.pk)


def test_another_person_declines(proposal: Proposal, second: User) -> None:
    proposals.decline(proposal, by=second)
    assert stored(proposal) == ("declined", second.pk)


def test_proposer_withdraws(proposal: Proposal, clerk: User) -> None:
    proposals.withdraw(proposal, by=clerk)
    assert stored(proposal) == ("withdrawn", clerk.pk)


def test_nobody_decides_as_a_person_they_are_not(proposal: Proposal, clerk: User, second: User) -> None:
    assert refusal(proposals.confirm, proposal, clerk) == "Another person must confirm."
    assert refusal(proposals.decline, proposal, clerk) == "You proposed this yourself: withdraw it."
    assert refusal(proposals.withdraw, proposal, second) == (
        "Only the person who proposed this may withdraw it."
    )
    assert stored(proposal) == (None, None)


def test_record_that_was_merged_is_the_same_person(proposal: Proposal, clerk: User, second: User) -> None:
    """Whoever proposed under another record confirms nothing; they may still take it back."""
    merged(clerk, into=second, is_active=False)
    proposal = Proposal.objects.get(pk=proposal.pk)
    for decide in (proposals.confirm, proposals.decline):
        with pytest.raises(ProposalError):
            decide(proposal, by=second)
    proposals.withdraw(proposal, by=second)
    assert proposal.outcome == Proposal.Outcome.WITHDRAWN


def test_first_decision_stands(proposal: Proposal, second: User, clerk: User) -> None:
    stale = Proposal.objects.get(pk=proposal.pk)
    proposals.decline(proposal, by=second)
    assert refusal(proposals.confirm, stale, second) == "This has been decided already."
    assert refusal(proposals.withdraw, stale, clerk) == "This has been decided already."
    assert stored(proposal) == ("declined", second.pk)


def test_expired_proposal_is_not_decided(proposal: Proposal, second: User) -> None:
    with product_clock.at(proposal.expires_at):
        assert refusal(proposals.confirm, proposal, second) == "The time to decide this has passed."
        assert proposals.expire(product_clock.now()) == 1
        assert refusal(proposals.confirm, proposal, second) == "The time to decide this has passed."
    assert stored(proposal) == ("expired", None)


def test_proposal_that_can_still_be_decided_does_not_expire(proposal: Proposal) -> None:
    assert proposals.expire(proposal.expires_at - timedelta(microseconds=1)) == 0


def test_time_to_decide_lies_ahead(clerk: User) -> None:
    with pytest.raises(ProposalError, match="must lie ahead"):
        proposals.propose(
            act="certificates.revoke",
            subject_id="y",
            reason_category="z",
            payload={},
            by=clerk,
            expires_at=product_clock.now(),
        )


def test_waiting_lists_what_can_be_decided(proposal: Proposal, second: User) -> None:
    waiting = proposals.waiting
    assert list(waiting(act="certificates.revoke", subject_id="certificate")) == [proposal]
    assert list(waiting(act="people.grant")) == list(waiting(subject_id="other")) == []
    with product_clock.at(proposal.expires_at):
        assert list(waiting()) == []
    proposals.confirm(proposal, by=second)
    assert list(waiting()) == []


def refused_by_database(proposal: Proposal, name: str, **change: Any) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(**change)


def test_database_refuses_what_the_code_refuses(proposal: Proposal, clerk: User, second: User) -> None:
    at = product_clock.now()
    itself = {"outcome": "confirmed", "decided_by": clerk, "decided_at": at}
    refused_by_database(proposal, "proposal_four_eyes", **itself)
    refused_by_database(proposal, "proposal_", **{**itself, "decided_by": None})
    late = {"outcome": "confirmed", "decided_by": second, "decided_at": proposal.expires_at}
    refused_by_database(proposal, "proposal_decided_whole", **late)
    refused_by_database(proposal, "proposal_decided_whole", outcome="declined")
    refused_by_database(proposal, "proposal_append_only", reason_category="other")
    proposals.confirm(proposal, by=second)
    refused_by_database(proposal, "proposal_append_only", outcome="declined")
    refused_by_database(proposal, "proposal_append_only", outcome=None, decided_by=None, decided_at=None)


@really_committed
def test_of_two_simultaneous_decisions_one_stands(proposal: Proposal, second: User) -> None:
    third = make_person("Həsənov", "Tural")
    barrier, said = Barrier(2), []

    def decide(how: Callable[..., None], by: User) -> None:
        mine = Proposal.objects.get(pk=proposal.pk)
        barrier.wait()
        try:
            how(mine, by=by)
            said.append("done")
        except ProposalError:
            said.append("refused")
        finally:
            connection.close()

    threads = [
        Thread(target=decide, args=args) for args in [(proposals.confirm, second), (proposals.decline, third)]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["done", "refused"]


def test_act_that_nobody_registered_is_not_proposed(clerk: User) -> None:
    with pytest.raises(ValueError, match="no registered act"):
        proposals.propose(
            act="nowhere.known", subject_id="y", reason_category="z", payload={}, by=clerk,
            expires_at=product_clock.now() + timedelta(days=1),
        )  # fmt: skip


def test_act_is_registered_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        proposals.register_act("certificates.revoke")


# --- what was proposed stays what is confirmed --------------------------------------------------------

PROPOSED: dict[str, Any] = {
    "id": 999, "public_id": "'other'", "act": "'people.grant'", "subject_id": "'other'", "reason_category": "'other'",
    "payload": "'{}'", "proposed_by_id": "proposed_by_id + 1", "proposed_at": "decided_at", "expires_at": "'2099-01-01'",
}  # fmt: skip


@pytest.mark.parametrize("decided", [False, True])
@pytest.mark.parametrize("column", PROPOSED)
def test_nothing_that_was_proposed_changes_in_sql(
    proposal: Proposal, second: User, column: str, decided: bool
) -> None:
    """Neither before the second person decides nor afterwards, nor together with the decision."""
    if decided:
        proposals.confirm(proposal, by=second)
    change = f"{column} = {PROPOSED[column]}"
    confirming = f"outcome = 'confirmed', decided_by_id = {second.pk}, decided_at = proposed_at"
    for said in (change, f"{change}, {confirming}"):
        with pytest.raises(IntegrityError, match="proposal_append_only"), transaction.atomic():
            connection.cursor().execute(f"UPDATE operations_proposal SET {said} WHERE id = {proposal.pk}")


def test_every_column_is_either_proposed_or_decided() -> None:
    assert {field.column for field in Proposal._meta.local_concrete_fields} == {
        *PROPOSED, "outcome", "decided_by_id", "decided_at",
    }  # fmt: skip

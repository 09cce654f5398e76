"""Two rule owners at the same instant."""

from typing import Any

from django.core.exceptions import ValidationError

from certificates import actions_rules
from certificates.actions_rules import CHANGE
from certificates.models import QualificationInForce
from operations import clock, proposals
from operations.models import Proposal
from people.models import User
from tests import factories
from tests.assessments.test_together import together
from tests.databases import on_postgresql, really_committed
from tests.qualification_rules import rules_of

pytestmark = really_committed


def _rule_owner() -> User:
    person = factories.make_person()
    factories.give(person, factories.Position.RULE_OWNER)
    return person


@on_postgresql
def test_two_who_propose_at_once_leave_one_proposal(keys: None, curriculum: Any) -> None:
    owners = [_rule_owner(), _rule_owner()]

    def propose(by: User) -> str:
        try:
            return actions_rules.propose_rules(
                qualification=curriculum.qualification, rules=rules_of("C1-LAB", months=12),
                first_day=clock.today(), reason="law", by=by,
            ).public_id  # fmt: skip
        except ValidationError:
            return "waits"

    told = together(*[lambda by=by: propose(by) for by in owners])
    assert sorted(map(len, told)) == [5, 22]
    assert Proposal.objects.filter(act=CHANGE).count() == 1


@on_postgresql
def test_two_who_confirm_at_once_make_one_version(keys: None, curriculum: Any) -> None:
    proposal = actions_rules.propose_rules(
        qualification=curriculum.qualification, rules=rules_of("C1-LAB", months=12),
        first_day=clock.today(), reason="law", by=_rule_owner(),
    )  # fmt: skip

    def confirm(by: User) -> str:
        try:
            return str(
                actions_rules.confirm_rules(proposal=Proposal.objects.get(pk=proposal.pk), by=by).number
            )
        except proposals.ProposalError:
            return "decided"

    told = together(*[lambda by=by: confirm(by) for by in (_rule_owner(), _rule_owner())])
    assert sorted(told) == ["2", "decided"]
    known = QualificationInForce.objects.known().filter(qualification=curriculum.qualification)
    assert sorted(row.version.number for row in known) == [1, 2]

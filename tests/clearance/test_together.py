"""A double click that reaches two workers at the same instant."""

from typing import Any

from clearance import actions
from clearance.models import Decision
from operations import clock
from people.models import User
from tests.assessments.test_together import together
from tests.databases import on_postgresql, really_committed

pytestmark = really_committed


@on_postgresql
def test_one_question_sent_at_once_is_one_decision(
    keys: None, curriculum: Any, officer: User, duty_officer: User
) -> None:
    instant = clock.now()
    ask = lambda: actions.decide(
        function=curriculum.desk_review,
        person=officer,
        instant=instant,
        by=duty_officer,
        question_keys=("k",),
    )
    decisions = together(*[ask] * 4)
    assert len({decision.public_id for decision in decisions}) == 1
    assert Decision.objects.count() == 1

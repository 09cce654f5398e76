"""A double click that reaches two workers at the same instant."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError

from clearance import actions, actions_duty, actions_override, actions_recall, actions_shift
from clearance.models import Decision, DecisionOverride, DecisionRecall, OnDuty
from operations import clock
from operations.models import AuditEntry, Notice
from people.actions.postings import end_posting
from people.models import User
from tests import tiny
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


@on_postgresql
def test_one_table_taken_over_at_once_is_one_decision_a_question(
    keys: None, curriculum: Any, officer: User, officer2: User, duty_officer: User
) -> None:
    for person in (officer, officer2):
        tiny.certify(curriculum, person)
    questions = [
        actions_shift.TableQuestion(person=person.public_id, function="F8") for person in (officer, officer2)
    ]
    take = lambda: actions_shift.take_over(questions=questions, instant=None, nonce="n" * 22, by=duty_officer)
    taken = together(*[take] * 4)
    assert len({decision.public_id for each in taken for decision in each.decisions}) == 2
    assert Decision.objects.count() == 2


@on_postgresql
def test_one_refusal_overruled_at_once_is_one_override(
    keys: None, curriculum: Any, officer: User, duty_officer: User, shift_leader: User
) -> None:
    decision = tiny.refused(officer, duty_officer)

    def overrule() -> str:
        try:
            return actions_override.override(
                decision=Decision.objects.get(pk=decision.pk), reason="danger", by=shift_leader
            ).public_id
        except ValidationError:
            return "refused"

    assert sorted(map(len, together(*[overrule] * 4))) == [7, 7, 7, 22]
    assert DecisionOverride.objects.count() == 1


@on_postgresql
def test_one_duty_entered_at_once_is_one_entry(keys: None, officer: User, duty_officer: User) -> None:
    until = clock.now() + timedelta(hours=8)
    together(*[lambda: actions_duty.enter_on_duty(people=[officer], until=until, by=duty_officer)] * 4)
    assert OnDuty.objects.get().until == until
    assert AuditEntry.objects.filter(act="clearance.enter_duty").count() == 1


@on_postgresql
def test_one_decision_recalled_at_once_is_one_recall(
    keys: None, curriculum: Any, officer: User, duty_officer: User
) -> None:
    tiny.certify(curriculum, officer)
    decision = actions.decide(
        function=curriculum.desk_review, person=officer, instant=clock.now(), by=duty_officer
    )
    end_posting(posting=officer.postings.get(), valid_to=clock.now(), by=None)
    found = actions_recall.evaluated_now(decision)
    assert found is not None
    made = together(*[lambda: actions_recall.recall(decision=decision, found=found, by=None)] * 4)
    assert sum(each is not None for each in made) == 1
    assert DecisionRecall.objects.count() == 1
    assert Notice.objects.filter(kind="clearance.recalled", person=duty_officer).count() == 1

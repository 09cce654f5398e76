"""Simulated officers answer as their habit says, and by the key elsewhere."""

from random import Random

import pytest

from assessments import simulated_officers as officers
from assessments.content import Content
from assessments.questions import ActionsQuestion, IndicatorsQuestion
from tests.assessments import cases


@pytest.fixture
def case():
    return Content.read(cases.content("LA1-a", "LA1", stages=1))


def test_habit_changes_what_it_is_about_and_nothing_else(case):
    key = officers.by_key(case)
    for name, kind in [("does nothing", ActionsQuestion), ("ticks every indicator", IndicatorsQuestion)]:
        answers = officers.HABITS[name](case, 0)
        changed = {code for code in key if answers[code] != key[code]}
        assert changed == {q.code for q in case.questions() if isinstance(q, kind)}


def test_one_verdict_takes_the_nearest_that_is_offered_and_the_key_where_it_is_right(case):
    right = officers.right_verdict(case)
    assert right is not None
    assert officers.one_verdict(right)(case, 0) == officers.by_key(case)
    wrong = [
        said for said in officers.ELEMENTS_OF if officers.one_verdict(said)(case, 0) != officers.by_key(case)
    ]
    assert wrong


def test_chance_is_the_same_for_one_seed(case):
    def answers(seed):
        return officers.at_random(Random(seed))(case, 0)

    assert answers(1) == answers(1)
    assert any(answers(1) != answers(seed) for seed in range(2, 9))


def test_careful_officer_without_slips_knows_the_key(case):
    assert officers.careful(Random(1), 1.0, 1.0)(case, 0) == officers.by_key(case)

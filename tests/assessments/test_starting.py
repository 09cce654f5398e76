"""Beginning an attempt."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from assessments import actions
from assessments.models import Attempt, Blueprint, Scenario
from assessments.refusals import NotReady, TooEarly
from operations import clock
from people.models import User

from .conftest import make_blueprint, publish, publish_among_others, start
from .walking import answer_all, case_of, open_stages

pytestmark = pytest.mark.django_db


def drawn(attempt: Attempt) -> list[str]:
    return [case.version.scenario.code for case in attempt.cases.select_related("version__scenario")]


def test_attempt_gets_its_cases_and_their_first_stages(officer: User) -> None:
    publish("T1-a", "T1")
    publish("T2-a", "T2", stages=3)
    blueprint = make_blueprint(draw=[{"from": ["T2"], "take": 1}, {"from": ["T1"], "take": 1}])
    attempt = start(blueprint, officer)
    assert sorted(drawn(attempt)) == ["T1-a", "T2-a"]
    assert open_stages(attempt) == ["t1-a-s1", "t2-a-s1"]
    assert attempt.due_at == attempt.started_at + timedelta(minutes=60)
    assert attempt.origin == "enrolment:test"


def test_open_attempt_is_given_back(exam: Blueprint, officer: User) -> None:
    assert start(exam, officer) == start(exam, officer)
    assert Attempt.objects.count() == 1


def test_two_people_have_an_attempt_each(exam: Blueprint, officer: User, officer2: User) -> None:
    assert start(exam, officer) != start(exam, officer2)


def test_practice_without_limit_has_no_end(practice: Blueprint, officer: User) -> None:
    assert start(practice, officer).due_at is None


def test_who_is_switched_off_cannot_begin(exam: Blueprint, officer: User) -> None:
    officer.is_active = False
    with pytest.raises(PermissionDenied):
        start(exam, officer)


def test_retake_time_in_words(exam: Blueprint, officer: User) -> None:
    instant = clock.start_of(clock.today()).replace(year=2026, month=11, day=24, hour=15, minute=42)
    with translation.override("en"):
        assert str(TooEarly(instant)) == "You can try again from 24 November 2026, 15:42."


def test_attempt_that_ran_out_is_closed_and_the_next_waits(exam: Blueprint, officer: User) -> None:
    attempt = start(exam, officer)
    with clock.at(attempt.started_at + timedelta(hours=2)), pytest.raises(TooEarly):
        start(exam, officer)
    attempt.refresh_from_db()
    assert attempt.closing == "time"


def test_retired_case_is_not_drawn(exam: Blueprint, officer: User) -> None:
    Scenario.objects.filter(code="T1-a").update(retired_at=clock.now())
    assert drawn(start(exam, officer)) == ["T1-b"]
    Scenario.objects.update(retired_at=clock.now())
    actions.close_attempt(attempt=Attempt.objects.get(), by=officer, confirmed=True)
    with clock.at(clock.now() + timedelta(days=800)), pytest.raises(NotReady) as caught:
        start(exam, officer)
    assert caught.value.opens_at is None


def test_started_attempt_keeps_its_version(exam: Blueprint, officer: User) -> None:
    attempt = start(exam, officer)
    code = drawn(attempt)[0]
    _case, before = case_of(attempt)
    publish_among_others(code, "T1", stages=3)
    _case, after = case_of(attempt)
    assert after == before
    answer_all(attempt)
    closed = actions.close_attempt(attempt=attempt, by=officer)
    assert closed.marking.marks.count() == 8  # two stages of four questions, not three


def test_newest_version_is_drawn(exam: Blueprint, officer: User) -> None:
    newest = {code: publish_among_others(code, "T1", stages=3) for code in ("T1-a", "T1-b")}
    case, _content = case_of(start(exam, officer))
    assert case.version in newest.values()


def test_begun_meanwhile_in_another_tab_it_is_that_attempt(
    exam: Blueprint, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start(exam, officer)  # its only family is new to the officer no more
    look, looked = actions._open_attempt, iter([None])
    monkeypatch.setattr(actions, "_open_attempt", lambda *asked: next(looked, look(*asked)))
    assert start(exam, officer) == first

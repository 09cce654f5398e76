"""Things that happen at the same time, in real threads with connections of their own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, transaction

from assessments import actions
from assessments.authoring import prospect_of
from assessments.blueprints import MOST_CRITICAL_LINES_OF_AN_EXAM, case_facts
from assessments.content import Content
from assessments.models import Attempt, AttemptCase, AttemptSession, Mark, Scenario
from assessments.refusals import Closed
from assessments.signals import attempt_closed
from people.models import User
from tests.databases import on_postgresql, really_committed, wait_until_somebody_waits

from . import cases
from .conftest import make_blueprint, publish, start
from .walking import save, saved, stage_code

pytestmark = really_committed


def together(*acts: Callable[[], Any]) -> list[Any]:
    """What each returned or raised; all begin at the same instant."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


@on_postgresql
def test_two_closings_mark_once_and_tell_once(attempt: Attempt) -> None:
    told: list[Attempt] = []

    def listen(attempt: Attempt, **_more: Any) -> None:
        told.append(attempt)

    attempt_closed.connect(listen)
    try:
        close = lambda: actions.close_attempt(attempt=attempt, by=attempt.person, confirmed=True)
        results = together(*[close] * 4)
    finally:
        attempt_closed.disconnect(listen)
    assert {(closed.closed_at, closed.points) for closed in results} == {(results[0].closed_at, 0)}
    assert len(told) == 1
    assert Mark.objects.count() == 8


@on_postgresql
def test_two_starts_begin_one_attempt(exam: Any, officer: User) -> None:
    results = together(*[lambda: start(exam, officer)] * 4)
    assert len({attempt.pk for attempt in results}) == 1
    assert (Attempt.objects.count(), AttemptCase.objects.count()) == (1, 1)


@on_postgresql
def test_pages_opened_at_once_get_different_numbers(attempt: Attempt) -> None:
    results = together(*[lambda: actions.open_session(attempt=attempt, by=attempt.person)] * 4)
    assert sorted(results) == [1, 2, 3, 4]
    assert AttemptSession.objects.count() == 4


@on_postgresql
def test_two_closings_of_a_stage_open_one(attempt: Attempt) -> None:
    close = lambda: actions.close_stage(attempt=attempt, stage_code=stage_code(attempt), by=attempt.person)
    results = together(*[close] * 4)
    assert {progress.stage_code for progress in results} == {stage_code(attempt, 2)}
    assert attempt.stages.count() == 2


@on_postgresql
def test_answer_comes_before_a_closing_or_not_at_all(attempt: Attempt) -> None:
    """Whatever the order, an answer that was acknowledged is in the marks, and no other."""
    prefix = stage_code(attempt)
    session = actions.open_session(attempt=attempt, by=attempt.person)
    answer = lambda: save(attempt, {f"{prefix}-q3": f"{prefix}-q3-b"}, session=session)
    close = lambda: actions.close_attempt(attempt=attempt, by=attempt.person, confirmed=True)
    answered, closed = together(answer, close)
    if isinstance(answered, Closed):
        assert (saved(attempt), closed.points) == ({}, 0)
    else:
        assert (len(saved(attempt)), closed.points) == (1, 2)


@on_postgresql
def test_answer_that_waited_for_a_closing_stage_is_refused(attempt: Attempt) -> None:
    """The stage is closed in a transaction that is still open while the answer arrives."""
    prefix = stage_code(attempt)
    session = actions.open_session(attempt=attempt, by=attempt.person)
    closing = threading.Event()

    def close_slowly() -> None:
        with transaction.atomic():
            actions.close_stage(attempt=attempt, stage_code=prefix, by=attempt.person)
            closing.set()
            wait_until_somebody_waits()

    def answer_late() -> Any:
        closing.wait(5)
        return save(attempt, {f"{prefix}-q3": f"{prefix}-q3-b"}, session=session)

    _none, refused = together(close_slowly, answer_late)
    assert isinstance(refused, Closed)
    assert saved(attempt) == {}


# --- cases of one exam ------------------------------------------------------------------------------


def more_critical(code: str) -> dict[str, Any]:
    """The case with one more answer that may be a critical error, worth as much as before."""
    content = cases.content(code, code[:2], stages=3)
    [question] = [one for one in content["stages"][0]["questions"] if one["kind"] == "actions"]
    question["options"][0]["critical"] = "ERR-CONFRONT"
    return content


@on_postgresql
def test_of_two_cases_that_together_are_too_critical_one_is_refused(english: None) -> None:
    for code in ("T1-a", "T2-a"):
        publish(code, code[:2], stages=3)
    lines = case_facts(Content.read(cases.content(stages=3))).critical_lines
    exam = make_blueprint(draw=[{"from": ["T1", "T2"], "take": 2}])
    assert 2 * lines + 1 == MOST_CRITICAL_LINES_OF_AN_EXAM

    first_is_there = threading.Event()

    def publish_more(code: str) -> Any:
        scenario = Scenario.objects.select_related("family").get(code=code)
        return actions.publish_version(scenario=scenario, content=more_critical(code), by=None)

    def first() -> Any:
        with transaction.atomic():
            version = publish_more("T1-a")
            first_is_there.set()
            wait_until_somebody_waits()  # the other one does not overtake
        return version

    def second() -> Any:
        first_is_there.wait(10)
        return publish_more("T2-a")

    results = together(first, second)
    assert [type(result).__name__ for result in results] == ["ScenarioVersion", "ValidationError"]
    assert prospect_of(exam)[1] == []

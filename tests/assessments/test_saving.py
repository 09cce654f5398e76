"""Saving answers: what counts, and who is refused with what."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from assessments import actions
from assessments.models import Answer, Attempt
from assessments.refusals import Closed, UnknownSession
from operations import clock
from people.models import User

from .walking import save, saved, stage_code

pytestmark = pytest.mark.django_db


def verdict(attempt: Attempt, choice: str = "a") -> dict[str, Any]:
    code = f"{stage_code(attempt)}-q3"
    return {code: f"{code}-{choice}"}


def chosen(attempt: Attempt) -> str:
    return str(saved(attempt)[f"{stage_code(attempt)}-q3"][-1])


def test_answers_of_every_kind_are_kept_as_given(attempt: Attempt) -> None:
    prefix = stage_code(attempt)
    given = {
        f"{prefix}-q1": [f"{prefix}-q1-r0", f"{prefix}-q1-w1"],
        f"{prefix}-q2": {"act": "present", "purpose": "unknown"},
        f"{prefix}-q3": f"{prefix}-q3-c",
        f"{prefix}-q4": None,
    }
    assert save(attempt, given).later == ()
    assert saved(attempt) == given


def test_later_change_of_the_same_page_counts(attempt: Attempt) -> None:
    save(attempt, verdict(attempt, "a"), session=actions.open_session(attempt=attempt, by=attempt.person))
    save(attempt, verdict(attempt, "b"), session=1, sequence=2)
    save(attempt, verdict(attempt, "c"), session=1, sequence=10)
    assert chosen(attempt) == "c"


def test_answer_sent_twice_counts_once(attempt: Attempt) -> None:
    save(attempt, verdict(attempt))
    first = Answer.objects.get()
    assert save(attempt, verdict(attempt), session=1, sequence=1).later == ()
    assert Answer.objects.get().saved_at == first.saved_at


def test_answer_overtaken_on_the_way_changes_nothing(attempt: Attempt) -> None:
    save(attempt, verdict(attempt, "a"), sequence=2)
    assert save(attempt, verdict(attempt, "b"), session=1, sequence=1).later == ()
    assert chosen(attempt) == "a"


def test_older_page_does_not_overwrite_a_newer_one_and_is_told(attempt: Attempt) -> None:
    for _page in range(2):
        actions.open_session(attempt=attempt, by=attempt.person)
    save(attempt, verdict(attempt, "b"), session=2, sequence=1)
    result = save(attempt, verdict(attempt, "a"), session=1, sequence=99)
    assert result.later == (f"{stage_code(attempt)}-q3",)
    assert chosen(attempt) == "b"


def test_of_several_answers_the_newer_ones_are_saved(attempt: Attempt) -> None:
    for _page in range(2):
        actions.open_session(attempt=attempt, by=attempt.person)
    save(attempt, verdict(attempt, "b"), session=2)
    elements = f"{stage_code(attempt)}-q2"
    result = save(attempt, {**verdict(attempt, "a"), elements: {"act": "absent"}}, session=1)
    assert result.later == (f"{stage_code(attempt)}-q3",)
    assert chosen(attempt) == "b"
    assert saved(attempt)[elements] == {"act": "absent"}


def test_sessions_are_numbered_in_the_order_of_opening(attempt: Attempt) -> None:
    assert [actions.open_session(attempt=attempt, by=attempt.person) for _page in range(3)] == [1, 2, 3]


def test_page_that_the_server_did_not_open_is_refused(attempt: Attempt) -> None:
    with pytest.raises(UnknownSession):
        save(attempt, verdict(attempt), session=7)
    assert saved(attempt) == {}


@pytest.mark.parametrize("cast", ["officer2", "coordinator", "trainer", "outsider"])
def test_nobody_else_can_answer(attempt: Attempt, cast: str, request: pytest.FixtureRequest) -> None:
    stranger = request.getfixturevalue(cast)
    with pytest.raises(PermissionDenied):
        save(attempt, verdict(attempt), by=stranger)
    with pytest.raises(PermissionDenied):
        actions.open_session(attempt=attempt, by=stranger)
    assert saved(attempt) == {}


def test_attempt_that_does_not_exist_is_refused_like_a_strangers(attempt: Attempt, officer: User) -> None:
    attempt.public_id = "there-is-no-such-attempt"
    with pytest.raises(PermissionDenied):
        save(attempt, verdict(attempt), session=1, by=officer)


def test_closed_attempt_takes_no_answer(attempt: Attempt) -> None:
    save(attempt, verdict(attempt, "a"))
    actions.close_attempt(attempt=attempt, by=attempt.person, confirmed=True)
    with pytest.raises(Closed):
        save(attempt, verdict(attempt, "b"), session=1, sequence=2)
    assert chosen(attempt) == "a"


def test_closed_stage_takes_no_answer(attempt: Attempt) -> None:
    save(attempt, verdict(attempt, "a"))
    actions.close_stage(attempt=attempt, stage_code=stage_code(attempt), by=attempt.person)
    with pytest.raises(Closed):
        save(attempt, verdict(attempt, "b"))
    assert chosen(attempt) == "a"


def test_stage_not_open_yet_takes_no_answer(attempt: Attempt) -> None:
    with pytest.raises(Closed):
        save(attempt, {f"{stage_code(attempt, 2)}-q3": None}, stage=stage_code(attempt, 2))
    assert saved(attempt) == {}


def test_answer_under_way_at_the_end_is_taken_for_thirty_seconds(attempt: Attempt) -> None:
    assert attempt.due_at is not None
    actions.open_session(attempt=attempt, by=attempt.person)
    with clock.at(attempt.due_at + timedelta(seconds=29)):
        save(attempt, verdict(attempt, "a"), session=1)
    with clock.at(attempt.due_at + timedelta(seconds=30)), pytest.raises(Closed):
        save(attempt, verdict(attempt, "b"), session=1, sequence=2)
    assert chosen(attempt) == "a"


def test_saving_is_one_statement(attempt: Attempt, django_assert_num_queries: Any) -> None:
    session = actions.open_session(attempt=attempt, by=attempt.person)
    prefix = stage_code(attempt)
    sha256 = attempt.cases.get().version.sha256
    for count in (1, 3):
        given = [actions.Given(f"{prefix}-q{n}", None, count) for n in range(1, count + 1)]
        with django_assert_num_queries(1):
            actions.save_answers(
                attempt_id=attempt.public_id, stage_code=prefix, content_sha256=sha256, answers=given,
                session=session, by=attempt.person,
            )  # fmt: skip

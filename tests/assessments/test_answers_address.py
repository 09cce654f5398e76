"""Where the script sends answers: 200, 400, 401, 403, 409, and what was saved afterwards."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from assessments import actions
from assessments.models import Answer, Attempt
from operations import clock
from people.models import User

from .pages import address, parcel, post_answers, send
from .walking import saved, stage_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(attempt: Attempt, client_of: Callable[..., Client]) -> Client:
    return client_of(attempt.person)


def chosen(attempt: Attempt) -> Any:
    return saved(attempt).get(f"{stage_code(attempt)}-q3")


def test_answer_is_saved_and_the_time_told(client: Client, attempt: Attempt) -> None:
    response = send(client, attempt)
    at = Answer.objects.get().saved_at.astimezone(clock.BAKU)
    assert (response.status_code, json.loads(response.content)) == (200, {"at": f"{at:%H:%M}", "later": []})
    assert chosen(attempt) == f"{stage_code(attempt)}-q3-b"
    assert response.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")


def test_answer_sent_twice_is_saved_once(client: Client, attempt: Attempt) -> None:
    session = actions.open_session(attempt=attempt, by=attempt.person)
    statuses = [send(client, attempt, session=session).status_code for _time in range(2)]
    assert statuses == [200, 200]
    assert Answer.objects.count() == 1


def test_answer_given_later_elsewhere_stands_and_is_told(client: Client, attempt: Attempt) -> None:
    old = actions.open_session(attempt=attempt, by=attempt.person)
    send(client, attempt, value="c")
    response = send(client, attempt, value="a", session=old)
    assert (response.status_code, json.loads(response.content)["later"]) == (
        200,
        [f"{stage_code(attempt)}-q3"],
    )
    assert chosen(attempt) == f"{stage_code(attempt)}-q3-c"


def test_taken_back_answer_is_not_answered(client: Client, attempt: Attempt) -> None:
    send(client, attempt)
    send(client, attempt, value=None)
    assert chosen(attempt) is None


def test_late_answer_is_refused_and_what_was_saved_stays(client: Client, attempt: Attempt) -> None:
    send(client, attempt, value="a")
    assert attempt.due_at is not None
    with clock.at(attempt.due_at + timedelta(seconds=20)):
        assert send(client, attempt, value="b").status_code == 200  # was on its way
    with clock.at(attempt.due_at + timedelta(seconds=31)):
        assert send(client, attempt, value="c").status_code == 409
    assert chosen(attempt) == f"{stage_code(attempt)}-q3-b"


def test_answer_to_a_closed_attempt_is_refused(client: Client, attempt: Attempt) -> None:
    session = actions.open_session(attempt=attempt, by=attempt.person)
    actions.close_attempt(attempt=attempt, by=attempt.person, confirmed=True)
    assert send(client, attempt, session=session).status_code == 409
    assert saved(attempt) == {}


def test_answer_to_a_closed_stage_is_refused(client: Client, attempt: Attempt) -> None:
    session = actions.open_session(attempt=attempt, by=attempt.person)
    actions.close_stage(attempt=attempt, stage_code=stage_code(attempt), by=attempt.person)
    assert send(client, attempt, session=session).status_code == 409


@pytest.mark.parametrize("fields", [{}, {"": ["none"]}, {".act": ["guilty"]}])
def test_of_a_stage_that_is_not_opened_nothing_is_told(
    client: Client, attempt: Attempt, fields: dict[str, list[str]]
) -> None:
    later = stage_code(attempt, 2)
    told = set()
    for code in (*(f"{later}-q{number}" for number in range(1, 5)), f"{later}-q9"):
        sent = {f"{code}{name}": values for name, values in fields.items()}
        answers = [{"question": code, "sequence": 1, "fields": sent}]
        response = post_answers(client, attempt, parcel(attempt, answers=answers))
        told.add((response.status_code, response.content))
    assert [status for status, _words in told] == [400]


@pytest.mark.parametrize("cast", ["officer2", "coordinator", "coordinator_other", "trainer", "outsider"])
def test_answer_of_a_stranger_is_refused(
    attempt: Attempt, cast: str, request: pytest.FixtureRequest, client_of: Callable[..., Client]
) -> None:
    response = send(client_of(request.getfixturevalue(cast)), attempt)
    assert response.status_code == 403
    assert saved(attempt) == {}


def test_stranger_is_refused_whatever_they_send(
    attempt: Attempt, outsider: User, client_of: Callable[..., Client]
) -> None:
    response = client_of(outsider).post(
        address("answers", attempt, 1, 1), b"{}", content_type="application/json"
    )
    assert response.status_code == 403


def test_visitor_is_told_to_sign_in(attempt: Attempt) -> None:
    response = send(Client(), attempt)
    assert (response.status_code, saved(attempt)) == (401, {})
    assert Client().get(address("answers", attempt, 1, 1)).status_code == 401


def test_page_open_before_signing_in_again_gets_a_new_token(
    client: Client, attempt: Attempt, officer: User
) -> None:
    found = client.get(address("answers", attempt, 1, 1)).json()
    assert (found["person"], len(found["token"])) == (officer.public_id, 64)


def test_wrong_token_is_refused(attempt: Attempt, officer: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer)
    assert send(strict, attempt).status_code == 403
    assert saved(attempt) == {}


@pytest.mark.parametrize(
    "changed",
    [
        {"content": "0" * 64},
        {"content": "short"},
        {"session": 99},
        {"session": 0},
        {"answers": []},
        {"answers": [{"question": "t9-q1", "sequence": 1, "fields": {}}]},
        {"answers": [{"question": "t1-a-s1-q3", "sequence": 2**31, "fields": {}}]},
        {"answers": [{"question": "t1-a-s1-q3", "sequence": 1, "fields": {"t1-a-s1-q3": ["guilty"]}}]},
        {"answers": [{"question": "t1-a-s1-q3", "sequence": 1, "fields": {"t1-a-s1-q3": ["x" * 99]}}]},
        {"answers": [{"question": "t1-a-s1-q3", "sequence": 1, "fields": {}, "mark": 9}]},
        {"answers": [{"question": "t1-a-s1-q3", "sequence": n, "fields": {}} for n in range(1, 62)]},
    ],
)
def test_what_cannot_be_read_is_refused_in_words(
    client: Client, attempt: Attempt, changed: dict[str, Any]
) -> None:
    prefix = stage_code(attempt).removesuffix("-s1")
    changed = json.loads(json.dumps(changed).replace("t1-a", prefix))
    whole = {"answers": [{"question": f"{prefix}-s1-q3", "sequence": 1, "fields": {}}], **changed}
    response = post_answers(client, attempt, {**parcel(attempt), **whole})
    assert response.status_code == 400
    assert json.loads(response.content)["error"] != ""
    assert saved(attempt) == {}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b'{"answers": "' + b"x" * 70_000 + b'"}'])
def test_broken_body_is_refused(client: Client, attempt: Attempt, body: bytes) -> None:
    response = client.post(address("answers", attempt, 1, 1), body, content_type="application/json")
    assert response.status_code == 400


def test_stage_that_the_case_has_not_is_refused(client: Client, attempt: Attempt) -> None:
    response = client.post(address("answers", attempt, 1, 9), b"{}", content_type="application/json")
    assert response.status_code == 400


def test_of_two_answers_to_one_question_the_later_counts(client: Client, attempt: Attempt) -> None:
    code = f"{stage_code(attempt)}-q2"
    answers = [
        {"question": code, "sequence": sequence, "fields": {f"{code}.act": [state]}}
        for sequence, state in ((2, "absent"), (1, "present"))
    ]
    assert post_answers(client, attempt, parcel(attempt, answers=answers)).status_code == 200
    assert saved(attempt) == {code: {"act": "absent"}}


def test_saving_asks_the_same_for_one_and_three_answers(
    client: Client, attempt: Attempt, django_assert_num_queries: Any
) -> None:
    """Session, user, and the one statement."""
    session = actions.open_session(attempt=attempt, by=attempt.person)
    send(client, attempt, session=session)
    for count in (1, 3):
        answers = [
            {"question": f"{stage_code(attempt)}-q{n}", "sequence": count + 1, "fields": {}}
            for n in range(2, 2 + count)
        ]
        body = parcel(attempt, session, answers=answers)
        with django_assert_num_queries(3):
            assert post_answers(client, attempt, body).status_code == 200

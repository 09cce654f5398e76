"""What a form answers to the script that sent it, as outbox.js asks: the next address as JSON, everything else as ever."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from assessments import actions
from assessments.models import Attempt
from people.models import User

from .pages import address, best_fields, text_of
from .walking import open_stages, save, saved, stage_code

pytestmark = pytest.mark.django_db
SCRIPT = {"accept": "application/json"}


@pytest.fixture
def client(officer: User, client_of: Callable[..., Client]) -> Client:
    return client_of(officer)


def close_stage(client: Client, attempt: Attempt, *, accept: str = "application/json", **more: Any) -> Any:
    fields = {**best_fields(attempt), "act": "close", **more}
    return client.post(address("stage", attempt, 1, 1), fields, headers={"accept": accept})


def is_page(response: Any, status: int = 200) -> bool:
    return (response.status_code, response["Content-Type"]) == (status, "text/html; charset=utf-8")


def test_script_is_told_the_next_address(client: Client, attempt: Attempt) -> None:
    response = close_stage(client, attempt)
    assert (response.status_code, response.json()) == (200, {"next": address("stage", attempt, 1, 2)})
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert open_stages(attempt) == [stage_code(attempt, 2)]
    response = client.post(address("close", attempt), {"confirmed": "yes"}, headers=SCRIPT)
    assert response.json() == {"next": f"/en/attempts/{attempt.public_id}/result/"}
    assert Attempt.objects.open().count() == 0


@pytest.mark.parametrize("accept", ["text/html", "*/*", "text/html, application/json", ""])
def test_form_of_a_browser_is_led_on(client: Client, attempt: Attempt, accept: str) -> None:
    response = close_stage(client, attempt, accept=accept)
    assert (response.status_code, response["Location"]) == (302, address("stage", attempt, 1, 2))


def test_reading_is_led_on_whoever_asks(client: Client, attempt: Attempt) -> None:
    actions.close_attempt(attempt=attempt, by=attempt.person, confirmed=True)
    for page in (address("close", attempt), address("stage", attempt, 1, 1)):
        response = client.get(page, headers=SCRIPT)
        assert (response.status_code, response["Location"][-8:]) == (302, "/result/")


def test_signed_out_the_script_sees_a_redirect_and_nothing_is_done(attempt: Attempt) -> None:
    """`redirect: manual` makes it opaque: the page asks to sign in and keeps what it has."""
    for page, fields in [
        (address("stage", attempt, 1, 1), {**best_fields(attempt), "act": "close"}),
        (address("close", attempt), {"confirmed": "yes"}),
    ]:
        response = Client().post(page, fields, headers=SCRIPT)
        assert (response.status_code, response["Location"]) == (302, f"/en/account/login/?next={page}")
    assert (saved(attempt), open_stages(attempt)) == ({}, [stage_code(attempt)])
    assert Attempt.objects.open().count() == 1


def test_somebody_else_is_told_no_address(
    attempt: Attempt, officer2: User, client_of: Callable[..., Client]
) -> None:
    response = close_stage(client_of(officer2), attempt)
    assert (response.status_code, "next" in response.json(), saved(attempt)) == (403, False, {})


def test_stage_with_gaps_is_shown_with_what_was_typed(client: Client, attempt: Attempt) -> None:
    """Once for the script, and the same once more when the browser posts it."""
    code, fields = stage_code(attempt), best_fields(attempt)
    del fields[f"{code}-q3"]
    for headers in (SCRIPT, {"accept": "text/html"}):
        response = client.post(address("stage", attempt, 1, 1), {**fields, "act": "close"}, headers=headers)
        assert is_page(response) and text_of(response).count("Question 3 is not answered") == 1
        for name, values in fields.items():
            assert all(_ticked(response, name, value) for value in values)
    assert saved(attempt).keys() == {f"{code}-q{number}" for number in (1, 2, 3, 4)}
    assert open_stages(attempt) == [code]


def _ticked(response: Any, name: str, value: str) -> bool:
    [control] = [
        tag
        for tag in response.content.decode().split("<input")
        if f'name="{name}"' in tag.split(">")[0] and f'value="{value}"' in tag.split(">")[0]
    ]
    return " checked" in control.split(">")[0]


def test_contradiction_is_shown_as_typed_and_closes_nothing(client: Client, attempt: Attempt) -> None:
    name = f"{stage_code(attempt)}-q1"
    [first, *_others] = best_fields(attempt)[name]
    response = close_stage(client, attempt, **{name: [first, "none"]})
    assert is_page(response) and _ticked(response, name, first)
    assert open_stages(attempt) == [stage_code(attempt)]
    assert name not in saved(attempt)


def test_attempt_with_gaps_stays_open_until_confirmed(client: Client, attempt: Attempt) -> None:
    response = client.post(address("close", attempt), headers=SCRIPT)
    assert is_page(response)
    assert text_of(response).count("Say that you close with questions that are not answered") == 1
    assert Attempt.objects.open().count() == 1


# --- a window that another one has overtaken ---------------------------------------------------------


def close_elsewhere(attempt: Attempt) -> dict[str, Any]:
    """Answer one question and close the stage; return what is saved."""
    code = stage_code(attempt)
    save(attempt, {f"{code}-q3": f"{code}-q3-c"})
    actions.close_stage(attempt=attempt, stage_code=code, by=attempt.person)
    return saved(attempt)


def test_stage_closed_elsewhere_refuses_what_is_typed_here_in_words(client: Client, attempt: Attempt) -> None:
    kept = close_elsewhere(attempt)
    response = close_stage(client, attempt)
    assert is_page(response, 409) and "Not saved" in text_of(response)
    assert (saved(attempt), open_stages(attempt)) == (kept, [stage_code(attempt, 2)])


def test_stage_closed_elsewhere_leads_on_where_all_is_on_the_server(client: Client, attempt: Attempt) -> None:
    kept = close_elsewhere(attempt)
    response = close_stage(client, attempt, saved="yes")
    assert response.json() == {"next": address("stage", attempt, 1, 2)}
    assert (saved(attempt), open_stages(attempt)) == (kept, [stage_code(attempt, 2)])


def test_attempt_closed_elsewhere_leads_to_its_result(client: Client, attempt: Attempt) -> None:
    actions.close_attempt(attempt=attempt, by=attempt.person, confirmed=True)
    response = client.post(address("close", attempt), headers=SCRIPT)
    assert response.json() == {"next": f"/en/attempts/{attempt.public_id}/result/"}

"""Requests as a page and its script make them."""

import json
import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation

from assessments import actions
from assessments.answers import chosen_fields
from assessments.marking import best_answers
from assessments.models import Attempt
from assessments.questions import Question
from assessments.stage_paths import stages_on_path
from assessments.tokens import Tokens

from .walking import case_of


def address(name: str, attempt: Attempt, *place: int) -> str:
    with translation.override("en"):
        return reverse(f"assessments:{name}", args=[attempt.public_id, *place])


def fields_for(attempt: Attempt, question: Question, value: Any) -> dict[str, list[str]]:
    """The form fields that stand for a stored value."""
    found: dict[str, list[str]] = {}
    for name, token in sorted(chosen_fields(question, value, Tokens(attempt.public_id))):
        found.setdefault(name, []).append(token)
    return found


def best_fields(attempt: Attempt, case: int = 1, stage: int = 1) -> dict[str, list[str]]:
    """A stage of the form with every answer right."""
    _case, content = case_of(attempt, case)
    best = best_answers(content)
    found: dict[str, list[str]] = {}
    for question in stages_on_path(content, best)[stage - 1].questions:
        found |= fields_for(attempt, question, best[question.code])
    return found


def send(
    client: Client,
    attempt: Attempt,
    number: int = 3,
    value: Any = "b",
    *,
    session: int | None = None,
    sequence: int = 1,
) -> HttpResponse:
    """Return what outbox.js posts for one question of the first stage (the verdict unless given)."""
    _case, content = case_of(attempt)
    question = content.stages[0].questions[number - 1]
    stored = f"{question.code}-{value}" if number == 3 and value else value
    answer = {
        "question": question.code,
        "sequence": sequence,
        "fields": fields_for(attempt, question, stored),
    }
    return post_answers(client, attempt, parcel(attempt, session, answers=[answer]))


def parcel(attempt: Attempt, session: int | None = None, **more: Any) -> dict[str, Any]:
    """A body; a new session unless one is given."""
    case, _content = case_of(attempt)
    session = session or actions.open_session(attempt=attempt, by=attempt.person)
    return {"content": case.version.sha256, "session": session, **more}


def post_answers(client: Client, attempt: Attempt, body: dict[str, Any]) -> HttpResponse:
    response = client.post(
        address("answers", attempt, 1, 1), json.dumps(body), content_type="application/json",
        headers={"accept": "application/json"},
    )  # fmt: skip
    assert isinstance(response, HttpResponse)
    return response


def text_of(response: Any) -> str:
    """Return what is read on the page: tags taken away, spaces joined."""
    body = re.sub(r"(?s)<(script|style).*?</\1>|<[^>]+>", " ", response.content.decode())
    return " ".join(body.split())

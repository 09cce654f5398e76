"""Saving an answer as the page's script sends it; its floor is one bare insert of the same body."""

from collections.abc import Callable
from itertools import count
from typing import Any

from django.urls import reverse

from assessments import actions
from assessments.answers import chosen_fields
from assessments.frozen import content_of
from assessments.models import Blueprint
from assessments.questions import ActionsQuestion
from assessments.tokens import Tokens

from .harness import Browser, Pair
from .world import World


def pair(world: World) -> Pair:
    """The largest question of the first stage, changed again and again: each time a newer answer."""
    browser, address, body = sending(world)
    return Pair(ours=browser.post(address, body), floor=browser.post("/floor/said/", body()), aim=1.5)


def sending(world: World) -> tuple[Browser, str, Callable[[], dict[str, Any]]]:
    """Return the sender of an answer: at each call a newer one."""
    officer = world.colleague
    blueprint = Blueprint.objects.get(code="C1-LAB-exam")
    attempt = actions.start_attempt(blueprint=blueprint, origin="bench", by=officer)
    sha256 = attempt.cases.select_related("version").defer("version__content").get(position=1).version.sha256
    questions = content_of(sha256).stages[0].questions
    question = max(questions, key=lambda question: len(getattr(question, "options", ())))
    codes = [option.code for option in getattr(question, "options", ())]
    value: Any = dict.fromkeys(codes, "do") if isinstance(question, ActionsQuestion) else sorted(codes)
    fields: dict[str, list[str]] = {}
    for name, token in chosen_fields(question, value, Tokens(attempt.public_id)):
        fields.setdefault(name, []).append(token)
    session, sequence = actions.open_session(attempt=attempt, by=officer), count(1)

    def body() -> dict[str, Any]:
        answer = {"question": question.code, "sequence": next(sequence), "fields": fields}
        return {"content": sha256, "session": session, "answers": [answer]}

    return Browser(officer), reverse("assessments:answers", args=[attempt.public_id, 1, 1]), body

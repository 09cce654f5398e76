"""No byte before closing tells a key, a later stage or another branch: the shipped cases, on every path.

Some of those of labour inspectors, or all of all courses with NISANE_QUESTIONS=all (`make prove`).
"""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from assessments.actions import close_attempt, open_session
from assessments.answers import Value
from assessments.content import CaseStage, Content
from assessments.marking import best_answers
from assessments.models import Attempt, AttemptCase, Blueprint, ScenarioVersion, StageProgress
from assessments.public import public_stage
from assessments.stage_paths import every_path, next_codes
from assessments.tokens import Tokens
from curriculum.reading import DATA
from locales.languages import LANGUAGES
from operations import clock
from people.models import User
from tests.assessments import cases
from tests.assessments.pages import fields_for
from tests.assessments.test_branches import publish
from tests.assessments.test_public import key_of
from tests.share import ALL, asked_here

SECRETS = re.compile(r'(csrfmiddlewaretoken" value|data-uid)="[^"]*"')


def attempt_at(version: ScenarioVersion, person: User) -> Attempt:
    """An attempt of exactly this case, its first stage open."""
    blueprint = Blueprint.objects.filter(use="practice").earliest("pk")
    attempt = Attempt.objects.create(
        person=person,
        blueprint=blueprint,
        blueprint_version=blueprint.versions.latest("number"),
        origin="enrolment:test",
        started_at=clock.now(),
    )
    case = AttemptCase.objects.create(attempt=attempt, position=1, version=version)
    first = version.content["stages"][0]["code"]
    StageProgress.objects.create(attempt=attempt, case=case, stage_code=first, opened_at=clock.now())
    return attempt


def plain(page: str) -> str:
    return html.unescape(SECRETS.sub("", page)).replace("\N{NO-BREAK SPACE}", " ")


def told_by(content: Content, stages: list[CaseStage]) -> str:
    """All that the pages of these stages may say."""
    tokens = Tokens("any")
    shown = [repr(public_stage(content, stage.code, lang, tokens)) for stage in stages for lang in LANGUAGES]
    case = [content.title, content.briefing, content.content_note, *content.indicator_set_names.values()]
    return " ".join([*shown, *(text.read_in(lang) for text in case for lang in LANGUAGES)]).replace(
        "\N{NO-BREAK SPACE}", " "
    )


def hidden(data: dict[str, Any], content: Content, opened: list[CaseStage]) -> set[str]:
    """The key of the whole case, and everything of stages that were not opened."""
    found = key_of(data) | set(content.critical_errors)
    seen = {stage.code for stage in opened}
    for stage in data["stages"]:
        if stage["code"] not in seen:
            found |= set(words(stage))
    allowed = told_by(content, opened)
    texts = {text.replace("\N{NO-BREAK SPACE}", " ") for text in found}
    shortest = 12  # "none" in a ledger tells nothing; a code does
    return {
        text for text in texts if (len(text) >= shortest or re.search(r"\d-", text)) and text not in allowed
    }


def words(part: Any) -> Iterator[str]:
    """Every text and every code in a part of a case."""
    if isinstance(part, list):
        for each in part:
            yield from words(each)
    elif isinstance(part, dict):
        if set(part) == set(LANGUAGES):
            yield from part.values()
            return
        yield from ([part["code"]] if "code" in part else [])
        for each in part.values():
            yield from words(each)


def walk(client: Client, version: ScenarioVersion, person: User) -> Iterator[tuple[list[CaseStage], str]]:
    """The pages of each way, at each of its stages, with the stages opened until then."""
    content = Content.read(version.content)
    best = best_answers(content)
    for way in every_path(content):
        attempt = attempt_at(version, person)
        for number, stage in enumerate(way, start=1):
            opened = list(way[:number])
            yield from ((opened, page) for page in pages(client, attempt, number))
            yield opened, saving(client, attempt, version, stage, best)
            following = way[number].code if number < len(way) else "end"
            answers = {**best, **decided(content, stage, following)}
            fields: dict[str, list[str]] = {}
            for question in stage.questions:
                fields |= fields_for(attempt, question, answers[question.code])
            there = f"/en/attempts/{attempt.public_id}/1/{number}/"
            act = "close" if number < len(way) or stage.branch else "save"
            response = client.post(there, {**fields, "act": act}, follow=True)
            assert response.status_code == 200
            yield (list(way[: number + 1]) if act == "close" else opened), response.content.decode()
        close_attempt(attempt=attempt, by=person, confirmed=True)


def decided(content: Content, stage: CaseStage, following: str) -> dict[str, Value]:
    ways = next_codes(content, stage)
    return {stage.branch.code: next(o for o, to in ways.items() if to == following)} if stage.branch else {}


def pages(client: Client, attempt: Attempt, number: int) -> Iterator[str]:
    root = f"attempts/{attempt.public_id}/"
    for language in LANGUAGES:
        for address in (root, f"{root}close/", *(f"{root}1/{n}/" for n in range(1, number + 1))):
            response = client.get(f"/{language}/{address}")
            assert response.status_code == 200
            yield response.content.decode()


def saving(
    client: Client, attempt: Attempt, version: ScenarioVersion, stage: CaseStage, best: dict[str, Value]
) -> str:
    answer = {
        "question": stage.questions[0].code,
        "sequence": 1,
        "fields": fields_for(attempt, stage.questions[0], best[stage.questions[0].code]),
    }
    session = open_session(attempt=attempt, by=attempt.person)
    body = {"content": version.sha256, "session": session, "answers": [answer]}
    address = f"/en/attempts/{attempt.public_id}/1/1/answers/"
    response = client.post(address, json.dumps(body), content_type="application/json")
    assert response.status_code == 200
    return response.content.decode()


def leaks(client: Client, version: ScenarioVersion, person: User) -> list[str]:
    content = Content.read(version.content)
    secret: dict[tuple[str, ...], set[str]] = {}
    found = []
    for opened, page in walk(client, version, person):
        codes = tuple(stage.code for stage in opened)
        if codes not in secret:
            secret[codes] = hidden(version.content, content, opened)
        text = plain(page)
        found += [f"{content.code} at {codes[-1]}: {each}" for each in secret[codes] if each in text]
    return found


@pytest.mark.django_db
def test_no_page_of_a_shipped_case_tells_what_is_not_asked_yet(officer: User, inspectors_alone: Path) -> None:
    folder = DATA if ALL else inspectors_alone
    call_command("load_curriculum", "--overwrite-all", "--from", folder, verbosity=0)
    client = Client()
    client.force_login(officer)
    versions = list(ScenarioVersion.objects.newest().defer(None).order_by("scenario__code"))
    assert len(versions) >= 5
    assert [
        leak for version in asked_here(versions, one_in=3) for leak in leaks(client, version, officer)
    ] == []


@pytest.mark.django_db
def test_no_page_of_a_case_with_branches_tells_the_other_way(officer: User) -> None:
    publish(cases.branching())
    client = Client()
    client.force_login(officer)
    version = ScenarioVersion.objects.get()
    assert leaks(client, version, officer) == []
    control = [
        page for _opened, page in walk(client, version, officer)
    ]  # what is looked for is there to be found
    assert any("step 3" in page for page in control)

"""Thousands of people in the middle of one exam, made in bulk; and whether every acknowledged answer was kept.

    python -m bench.exam_world make --people 3000 --seed 1 --folder …
    python -m bench.exam_world check --folder …

Speaks to the database that the environment names. plan.jsonl says what each of them sends.
"""

import argparse
import json
import secrets
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import django

from .signed_in import TOKEN

PATTERNS = 8  # attempts that are drawn; the others get the same cases
QUESTIONS = 3  # of the first stage, that one person changes again and again
VALUES = 2  # between which


def make(people: int, seed: int, folder: Path) -> None:
    from assessments.models import Blueprint
    from courses.models import CoursePage

    from . import world

    world.make()
    random = Random(seed)
    course = CoursePage.objects.get(code="C1-LAB")
    blueprint = Blueprint.objects.get(code="C1-LAB-exam")
    patterns = [_drawn(blueprint, number) for number in range(PATTERNS)]
    persons = _persons(people)
    attempts = _attempts(persons, course, [patterns[number % PATTERNS] for number in range(people)])
    cookies = _signed_in(persons)
    with (folder / "plan.jsonl").open("w") as plan:
        for number, attempt in enumerate(attempts):
            told = _plan(attempt, patterns[number % PATTERNS], random) | {"cookie": cookies[number]}
            plan.write(json.dumps(told) + "\n")


def _drawn(blueprint: Any, number: int) -> Any:
    from assessments.actions import start_attempt
    from people.actions.persons import add_person

    person = add_person(
        family_name="Quliyeva", given_name="Leyla", email=f"pattern{number}@agency.example", by=None
    )
    return start_attempt(blueprint=blueprint, origin="bench", by=person)


def _persons(count: int) -> list[Any]:
    from django.contrib.auth.hashers import make_password

    from people.models import User

    return User.objects.bulk_create(
        User(
            family_name="Məmmədova", given_name="Aytən", email=f"sitter{number}@agency.example",
            password=make_password(None),
        )
        for number in range(count)
    )  # fmt: skip


def _attempts(persons: list[Any], course: Any, patterns: list[Any]) -> list[Any]:
    """The same cases as the pattern of each, first stages and one page open."""
    from assessments.models import Attempt, AttemptCase, AttemptSession, StageProgress
    from courses.models import Edition, Enrolment
    from operations import clock

    now, edition = clock.now(), Edition.objects.newest_of(course)
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(person=person, course=course, edition=edition, enrolled_by=person) for person in persons
    )
    attempts = Attempt.objects.bulk_create(
        Attempt(
            person=person, blueprint_version_id=pattern.blueprint_version_id, blueprint_id=pattern.blueprint_id,
            origin=f"enrolment:{enrolment.public_id}", started_at=now,
            due_at=pattern.due_at and now + (pattern.due_at - pattern.started_at),
        )
        for person, enrolment, pattern in zip(persons, enrolments, patterns, strict=True)
    )  # fmt: skip
    drawn = {pattern.pk: list(pattern.stages.select_related("case")) for pattern in set(patterns)}
    cases, stages = [], []
    for attempt, pattern in zip(attempts, patterns, strict=True):
        for stage in drawn[pattern.pk]:
            case = AttemptCase(
                attempt=attempt, position=stage.case.position, version_id=stage.case.version_id
            )
            cases.append(case)
            stages.append((case, stage.stage_code))
    AttemptCase.objects.bulk_create(cases)
    StageProgress.objects.bulk_create(
        StageProgress(attempt=case.attempt, case=case, stage_code=code, opened_at=now)
        for case, code in stages
    )
    AttemptSession.objects.bulk_create(
        AttemptSession(attempt=attempt, number=1, opened_at=now) for attempt in attempts
    )
    return attempts


def _signed_in(persons: list[Any]) -> list[str]:
    """A session of each, as signing in would leave it: their cookies."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.models import Session

    from operations import clock
    from operations.sessions import SessionStore

    from .harness import BACKEND

    store, ends = SessionStore(), clock.real_now() + timedelta(days=1)
    rows = []
    for person in persons:
        values = {
            SESSION_KEY: str(person.pk),
            BACKEND_SESSION_KEY: BACKEND,
            HASH_SESSION_KEY: person.get_session_auth_hash(),
        }
        key = secrets.token_hex(16)
        rows.append(Session(session_key=key, session_data=store.encode(values), expire_date=ends))
    Session.objects.bulk_create(rows)
    return [f"csrftoken={TOKEN}; sessionid={row.session_key}" for row in rows]


def _plan(attempt: Any, pattern: Any, random: Random) -> dict[str, Any]:
    """Return where this person's pages are and what is answered: of some questions two values each, as fields."""
    from assessments.answers import chosen_fields
    from assessments.frozen import content_of
    from assessments.tokens import Tokens

    case = _first_case(pattern)
    tokens = Tokens(attempt.public_id)
    questions = content_of(case.version.sha256).stages[0].questions
    answers = []
    for question in random.sample(list(questions), min(QUESTIONS, len(questions))):
        each = []
        for number in range(VALUES):
            fields: dict[str, list[str]] = {}
            for name, token in chosen_fields(question, _value(question, number), tokens):
                fields.setdefault(name, []).append(token)
            each.append(fields)
        answers.append([question.code, each])
    address = f"/az/attempts/{attempt.public_id}/"
    return {
        "attempt": attempt.public_id,
        "content": case.version.sha256,
        "answers": answers,
        "save": f"{address}1/1/answers/",
        "stage": f"{address}1/1/",
        "overview": address,
    }


def _first_case(pattern: Any) -> Any:
    if not hasattr(pattern, "first_case"):
        pattern.first_case = pattern.cases.select_related("version").get(position=1)
    return pattern.first_case


def _value(question: Any, number: int) -> Any:
    """The right one, or the right one with a part missing."""
    from assessments.marking import best_answer

    best = best_answer(question)
    if isinstance(best, dict):
        return dict([*best.items()][number:])
    return best[number:] if isinstance(best, list) else question.options[number].code


def check(folder: Path) -> dict[str, int]:
    """`lost`: questions whose newest acknowledged answer is neither there nor followed by a newer one."""
    from assessments.models import Answer

    acknowledged = json.loads((folder / "acknowledged.json").read_text())
    there = {
        (attempt, code): (session, sequence)
        for attempt, code, session, sequence in Answer.objects.values_list(
            "attempt__public_id", "question_code", "session", "sequence"
        )
    }
    lost = sum(
        there.get((attempt, code), (0, 0)) < (session, sequence)
        for attempt, code, session, sequence in acknowledged
    )
    return {"questions": len(acknowledged), "lost": lost}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.exam_world", description=__doc__)
    parser.add_argument("role", choices=("make", "check"))
    parser.add_argument("--people", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, required=True)
    chosen = parser.parse_args()
    django.setup()
    if chosen.role == "make":
        make(chosen.people, chosen.seed, chosen.folder)
    else:
        print(json.dumps(check(chosen.folder)))


if __name__ == "__main__":
    main()

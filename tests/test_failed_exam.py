"""An exam of the real curriculum that ends with a critical error, and the next one, by HTTP."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from assessments.content import Content
from assessments.frozen import content_of
from assessments.models import Attempt
from assessments.results import result_of
from courses.models import Enrolment
from elearning.demo.answers import prepare
from operations import clock
from people.models import Agency, Role, User
from tests.answering import answer_the_case
from tests.elearning.pages import words
from tests.factories import make_person, make_unit
from tests.knowing import words_of
from tests.visiting import InProcess, Visitor

EXAM = "/en/courses/c1-lab/act/exam/"


@pytest.fixture
def inspector(db: Any, inspectors_alone: Path) -> User:
    """Of the agency in the real curriculum, which is loaded here."""
    call_command("load_curriculum", "--from", inspectors_alone, verbosity=0)
    unit = make_unit(Agency.objects.get(code="labour-inspection"))
    return make_person("Mammadova", "Ayten", unit=unit, role=Role.objects.get(code="LAB"))


def cases_of(attempt: Attempt) -> list[Content]:
    return [content_of(case.version.sha256) for case in attempt.cases.select_related("version")]


def begin(visitor: Visitor) -> Attempt:
    visitor.send(visitor.get(EXAM).form("/start/$"))
    attempt = Attempt.objects.latest("started_at")
    assert visitor.path == f"/en/attempts/{attempt.public_id}/"
    visitor.follow("/1/1/$")
    return attempt


def test_failed_exam_tells_no_question_and_leads_to_other_cases(inspector: User):
    client = Client()
    client.force_login(inspector)
    visitor = Visitor("", "en", session=InProcess(client))
    visitor.send(visitor.get("/en/courses/c1-lab/").form("/enrol/$"))
    assert "/start/" not in str([form.get("action") for form in visitor.get(EXAM).page.iter("form")])
    prepare(person=inspector, enrolment=Enrolment.objects.get())
    first = begin(visitor)
    cases = cases_of(first)
    assert words_found(cases, visitor, "en") != []  # a control: while it is open they are there
    for case in cases:
        answer_the_case(visitor, case, harm=True)
    visitor.send(visitor.form())
    first.refresh_from_db()
    result = f"/en/attempts/{first.public_id}/result/"
    assert (visitor.path, first.passed) == (result, False)
    assert result_of(first, "en").percent >= 70  # the harm alone is the reason

    told_nothing_of(cases, visitor)
    elsewhere_neither(cases, visitor, first)
    nothing_before_its_time(visitor, first)
    with clock.at(first.closed_at + timedelta(days=7)):
        second = begin(visitor)
        drawn, redrawn = ({case.family for case in each} for each in (cases, cases_of(second)))
        assert (len(drawn), len(redrawn), drawn & redrawn) == (3, 3, set())
    assert visitor.faults == []


def told_nothing_of(cases: list[Content], visitor: Visitor) -> None:
    """The result, in each language: what harm was done and by which rule, and no word of the case."""
    result = visitor.path
    told = {error.title.en for case in cases for error in case.critical_errors.values()}
    shown = words(visitor.page.find(".//main"))
    assert [title for title in told if title in shown] != []
    for language in ("az", "ru", "en"):
        visitor.language = language
        visitor.get(result.replace("/en/", f"/{language}/"))
        assert words_found(cases, visitor, language) == []


def words_found(cases: list[Content], visitor: Visitor, language: str) -> list[str]:
    shown = words(visitor.page)
    codes = [question.code for case in cases for question in case.questions()]
    secret = [*codes, *(text for case in cases for text in words_of(case, language))]
    return [text for text in secret if " ".join(text.split()) in shown]


def elsewhere_neither(cases: list[Content], visitor: Visitor, attempt: Attempt) -> None:
    """Pages of the closed attempt lead to its result; an answer comes too late."""
    start = f"/en/attempts/{attempt.public_id}/"
    for page in ("", "close/", "feedback/", "1/1/", "2/1/"):
        visitor.get(start + page)
        assert visitor.path == f"{start}result/"
        assert words_found(cases, visitor, "en") == []
    for page in ("/en/", EXAM, "/en/courses/c1-lab/", "/en/certificates/"):
        visitor.get(page)
        assert words_found(cases, visitor, "en") == []


def nothing_before_its_time(visitor: Visitor, first: Attempt) -> None:
    """The time is told; until then there is no button, and a form sent all the same begins nothing."""
    again = first.closed_at + timedelta(days=7)
    visitor.get(f"/en/attempts/{first.public_id}/result/")
    times = [one.get("datetime") for one in visitor.page.iter("time")]
    assert clock.BAKU.fromutc(again.replace(tzinfo=clock.BAKU)).isoformat(timespec="seconds")[:16] in str(
        times
    )
    kept = visitor.get("/en/courses/c1-lab/").form("/logout/", inside="header")
    for instant in (first.closed_at, again - timedelta(seconds=1)):
        with clock.at(instant):
            visitor.get(EXAM)
            assert "/start/" not in str([form.get("action") for form in visitor.page.iter("form")])
            kept.action = f"{EXAM}start/"
            visitor.send(kept)
            assert visitor.path == EXAM
    assert Attempt.objects.filter(person=first.person, blueprint__use="exam").count() == 1

"""When an exam that was passed may be taken again."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Attempt, Blueprint
from certificates.models import Certificate
from courses.assessment_state import AssessmentState, assessment_states
from operations import clock
from people.models import User
from tests import factories, tiny
from tests.elearning.pages import flat

from .issuing import Kind, happen

pytestmark = pytest.mark.django_db


@pytest.fixture
def passed(keys: None, curriculum: tiny.Curriculum, officer: User) -> Attempt:
    certificate = tiny.certify(curriculum, officer)
    return Attempt.objects.get(public_id=certificate.award.cause.split(":")[1])


def stand(officer: User, exam: Blueprint) -> AssessmentState:
    return assessment_states(officer.pk, [exam.pk])[exam.pk]


def later(days: float) -> Any:
    return clock.at(clock.now() + timedelta(days=days))


def test_pass_counts_while_its_certificate_is_valid(
    passed: Attempt, curriculum: tiny.Curriculum, officer: User
):
    with later(30):
        found = stand(officer, curriculum.exam)
        assert (found.passed, found.lapsed, found.can_start) == (passed, False, False)


def test_pass_counts_while_its_certificate_is_being_made(
    keys: None, curriculum: tiny.Curriculum, officer: User
):
    tiny.sit_exam(curriculum, officer)
    assert stand(officer, curriculum.exam).can_start is False


@pytest.mark.parametrize("kind", [Kind.REVOKED, Kind.VOIDED])
def test_exam_is_open_again_once_the_certificate_is_gone(
    passed: Attempt, curriculum: tiny.Curriculum, officer: User, kind: str
):
    happen(Certificate.objects.get(), kind)
    with later(30):
        found = stand(officer, curriculum.exam)
        assert (found.passed, found.lapsed, found.can_start) == (None, True, True)


def test_exam_waits_for_the_retake_time_also_then(
    passed: Attempt, curriculum: tiny.Curriculum, officer: User
):
    happen(Certificate.objects.get(), Kind.REVOKED)
    found = stand(officer, curriculum.exam)
    assert found.can_start is (found.retry_at is None)


def test_exam_stays_shut_while_the_certificate_is_suspended(
    passed: Attempt, curriculum: tiny.Curriculum, officer: User
):
    happen(Certificate.objects.get(), Kind.SUSPENDED)
    with later(30):
        assert stand(officer, curriculum.exam).can_start is False


@pytest.mark.parametrize("days_before_the_end, opened", [(91, False), (89, True), (-1, True)])
def test_exam_opens_for_renewal_ninety_days_before_the_end(
    passed: Attempt, curriculum: tiny.Curriculum, officer: User, days_before_the_end: int, opened: bool
):
    end = Certificate.objects.get().valid_to
    with clock.at(end - timedelta(days=days_before_the_end)):
        assert stand(officer, curriculum.exam).can_start is opened


def test_who_still_holds_the_certificate_is_refused_in_words(
    passed: Attempt, curriculum: tiny.Curriculum, officer: User
):
    client = factories.client_of(officer)
    address = "/en/courses/c1-lab/recognise/exam/"
    with later(30):
        response = client.post(f"{address}start/", follow=True)
    assert "You have passed this exam already" in response.content.decode()
    assert Attempt.objects.filter(person=officer, blueprint=curriculum.exam).count() == 1


def test_who_lost_it_begins_again_from_the_page(passed: Attempt, curriculum: tiny.Curriculum, officer: User):
    happen(Certificate.objects.get(), Kind.REVOKED)
    client = factories.client_of(officer)
    address = "/en/courses/c1-lab/recognise/exam/"
    with later(30):
        page = client.get(address).content.decode()
        assert "If you pass again, you receive a new one." in page
        assert f'action="{address}start/"' in page
        client.post(f"{address}start/")
    assert Attempt.objects.filter(person=officer, blueprint=curriculum.exam, closed_at=None).count() == 1


@pytest.mark.parametrize(
    ("days_before", "words"),
    [(91, ["You have passed the examination"]), (89, ["Take the examination again", "To be taken again"])],
)
def test_course_page_says_what_home_says(
    passed: Attempt, curriculum: tiny.Curriculum, officer: User, days_before: int, words: list[str]
):
    end = Certificate.objects.get().valid_to
    with clock.at(end - timedelta(days=days_before)):
        client = factories.client_of(officer)
        page = flat(client.get("/en/courses/c1-lab/").text)
        step = client.get("/en/").context["step"].kind
    told = ("You have passed the examination", "Take the examination again", "To be taken again")
    assert [each for each in told if each in page] == words
    assert (step == "renew") is ("To be taken again" in words)


def test_queries_of_the_course_page_are_constant_at_one_and_three_certificates(
    passed: Attempt, curriculum: tiny.Curriculum, officer: User
):
    client = factories.client_of(officer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/en/courses/c1-lab/").status_code == 200
        return len(captured)

    queries()
    first = queries()
    for weeks in (110, 220):
        with later(weeks * 7):
            tiny.certify(curriculum, officer)
    assert queries() == first

"""A qualification taken away as a whole: no exam opens, nothing clears, home says why, until two registrars readmit."""

from datetime import timedelta
from typing import Any

import pytest

from certificates import actions_acts
from certificates.actions_life import READMIT, REVOKE
from certificates.models import Certificate
from clearance import actions as clearance
from clearance.models import Decision
from courses.actions import CourseError
from courses.assessment_state import assessment_states
from courses.models import Enrolment
from operations import clock
from people.models import User
from tests import tiny

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "keys")]


def by_two(certificate: Certificate, act: str, first: User, second: User, **more: Any) -> None:
    proposal = actions_acts.propose(act=act, certificate=certificate, by=first, **more)
    actions_acts.confirm(proposal=proposal, by=second)


def answer(curriculum: tiny.Curriculum, officer: User, by: User) -> Decision.Answer:
    made = clearance.decide(function=curriculum.desk_review, person=officer, instant=clock.now(), by=by)
    return Decision.Answer(made.answer)


def test_until_readmitted_no_exam_opens_and_the_page_and_home_say_why(
    curriculum: tiny.Curriculum, officer: User, duty_officer: User, registrar: User, registrar2: User,
    client_of: Any,
):  # fmt: skip
    certificate = tiny.certify(curriculum, officer)
    by_two(certificate, REVOKE, registrar, registrar2, reason="complaint")
    blueprint = curriculum.exam.pk
    with clock.at(clock.now() + timedelta(days=200)):
        state = assessment_states(officer.pk, [blueprint])[blueprint]
        assert "two registrars have readmitted you" in str(state.closed_because)
        assert not state.can_start
        with pytest.raises(CourseError, match="taken away from you"):
            tiny.sit_exam(curriculum, officer)
        page = client_of(officer).get("/en/").content.decode()
        assert "two registrars have readmitted you" in page and "To the course" not in page
        Enrolment.objects.update(ended_at=clock.now())  # no course is the next step either
        assert "To the course" not in client_of(officer).get("/en/").text
        Enrolment.objects.update(ended_at=None)
        assert answer(curriculum, officer, duty_officer) == Decision.Answer.NOT_CLEARED
        first_day = clock.today() + timedelta(days=3)
        by_two(certificate, READMIT, registrar2, registrar, reason="trained-again", first_day=first_day)
        with pytest.raises(CourseError, match="opens for you again on"):
            tiny.sit_exam(curriculum, officer)
        opens = clock.start_of(first_day)
    with clock.at(opens + timedelta(days=400)):
        tiny.sit_exam(curriculum, officer)
        state = assessment_states(officer.pk, [blueprint])[blueprint]
        assert not state.closed_because


def test_readmitted_for_today_the_exam_begins_today_however_lately_it_was_passed(
    curriculum: tiny.Curriculum, officer: User, registrar: User, registrar2: User, client_of: Any
):
    """The days between two attempts are for whoever failed: registrars decided the day."""
    certificate = tiny.certify(curriculum, officer)
    by_two(certificate, REVOKE, registrar, registrar2, reason="complaint")
    by_two(certificate, READMIT, registrar2, registrar, reason="trained-again", first_day=clock.today())
    page = client_of(officer).get("/en/courses/c1-lab/recognise/exam/").text
    assert "Ready?" in page and "recognise/exam/start/" in page
    state = assessment_states(officer.pk, [curriculum.exam.pk])[curriculum.exam.pk]
    assert (state.can_start, state.retry_at) == (True, None)

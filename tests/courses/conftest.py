"""A small published course: two modules, three lessons, a practice and an exam."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from assessments.models import Blueprint
from courses import actions
from courses.models import CoursePage, Edition, Enrolment
from people.models import User
from standards.models import Competence, Figure, Indicator, IndicatorSet, LegalSource
from tests.assessments import conftest as tests
from tests.factories import PASSWORD, Position, give, make_person
from tests.remembered import remembered

from .factories import LAW, do_what_is_required, in_cms, make_course, publish


@pytest.fixture
@remembered
def standards(db: Any) -> None:
    source = LegalSource.objects.create(
        code="THB-1", kind="law", article="1", adopted=date(2005, 6, 28), state_on=LAW, confidence="S",
        **{f"instrument_{code}": f"Law {code}" for code in ("az", "en", "ru")},
        state_note_az="Oxunmayıb", state_note_en="Amendment not yet read", state_note_ru="Не прочитано",
    )  # fmt: skip
    LegalSource.objects.create(
        code="UNREAD", kind="law", article="2", state_on=date(2012, 6, 30), confidence="U",
        **{f"instrument_{code}": f"Rumour {code}" for code in ("az", "en", "ru")},
    )  # fmt: skip
    group = IndicatorSet.objects.create(
        code="ILO11", version="2012", source=source, name_az="BƏT", name_en="ILO", name_ru="МОТ"
    )
    Indicator.objects.create(
        code="ILO-07", set=group, dimension="exploitation", strength="strong", form="labour",
        confidence="V", text_az="Sənədlər", text_en="Papers are kept", text_ru="Документы",
        not_enough_az="Surət", not_enough_en="A copy is kept", not_enough_ru="Копия",
    )  # fmt: skip
    Competence.objects.create(
        code="LAB-02", role="LAB", level="R", confidence="V", text_az="Tanıyır",
        text_en="Recognises papers kept", text_ru="Распознаёт",
    )  # fmt: skip
    Figure.objects.create(
        code="hotline", value="152", as_of=LAW, confidence="V",
        name_az="Xətt", name_en="Hotline", name_ru="Линия",
    )  # fmt: skip


@pytest.fixture
@remembered
def exam(db: Any) -> Blueprint:
    """One of two families; it requires lessons and practice."""
    tests.publish("T1-a", "T1")
    tests.publish("T2-a", "T2")
    return tests.make_blueprint(
        "T-exam", draw=[{"from": ["T1", "T2"], "take": 1}], requires={"lessons": True, "practice": True}
    )


@pytest.fixture
@remembered
def practice(db: Any) -> Blueprint:
    tests.publish("P1-a", "P1", use="practice")
    return tests.make_blueprint("T-practice", use="practice", **tests.PRACTICE)


@pytest.fixture
@remembered
def draft_course(standards: None, practice: Blueprint, exam: Blueprint) -> CoursePage:
    return make_course(blueprints=[practice, exam])


@pytest.fixture
@remembered
def edition(draft_course: CoursePage) -> Edition:
    return publish(draft_course)


@pytest.fixture
def course(edition: Edition) -> CoursePage:
    return CoursePage.objects.get(pk=edition.course_id)


@pytest.fixture
@remembered
def enrolment(course: CoursePage, officer: User) -> Enrolment:
    return actions.enrol(person=officer, course=course, by=officer)


@pytest.fixture
def trainer2(db: Any) -> User:
    """A second trainer, beside the one of the cast."""
    person = make_person("Həsənova", "Nigar", email="trainer2@agency.example", password=PASSWORD)
    give(person, Position.TRAINER)
    return person


@pytest.fixture
def author(trainer: User) -> Client:
    """The trainer at /cms/, in English."""
    return in_cms(trainer)


@pytest.fixture
def ready(enrolment: Enrolment) -> User:
    """The officer, who has done all that the exam requires."""
    do_what_is_required(enrolment)
    return enrolment.person

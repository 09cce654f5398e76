"""The one door to a certificate: the course that the qualification's rules name, in an edition in force."""

from typing import Any

import pytest
from django.test import Client

from assessments import actions as assessments
from assessments.models import Attempt
from certificates.models import Award, Certificate
from courses import actions as courses
from courses.actions_editions import publish_edition
from courses.models import AssessmentPage, CoursePage, Enrolment, LessonPage, ModulePage
from operations import clock
from operations.outbox import work_off
from people.models import User
from tests import tiny
from tests.assessments.cases import text
from tests.factories import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("keys")]


def pass_it(attempt: Attempt) -> Attempt:
    tiny.answer(attempt)
    return assessments.close_attempt(attempt=attempt, by=attempt.person, confirmed=True)


def test_award_names_course_edition_and_what_was_required(curriculum: tiny.Curriculum, officer: User) -> None:
    certificate = tiny.certify(curriculum, officer)
    [evidence] = [shown["exam"] for shown in certificate.award.evidence["shown"]]
    assert (evidence["edition"]["course"], evidence["edition"]["number"]) == ("C1-LAB", 1)
    assert evidence["required"] == {"lessons": 2, "practice": 1}


def test_statement_and_credential_say_what_was_required_and_done(
    curriculum: tiny.Curriculum, officer: User
) -> None:
    certificate = tiny.certify(curriculum, officer)
    said = {
        "az": "Kursun 2 dərsi oxunub. Məşq işi tamamlanıb. İşlər üzrə imtahan kritik səhvsiz verilib.",
        "en": "The 2 lessons of the course were read. The practice case was completed. "
              "The case examination was passed without a critical error.",
        "ru": "Уроки курса (2) прочитаны. Тренировочное дело пройдено. Экзамен по делам сдан без критических ошибок.",
    }  # fmt: skip
    assert certificate.statement["qualification"]["criteria"] == said
    credential = certificate.bearer.credential
    assert credential is not None
    narrative = credential["credentialSubject"]["achievement"]["criteria"]["narrative"]
    assert narrative == f"{said['az']} / {said['en']}"


def test_certificate_of_an_exam_that_requires_nothing_says_nothing_of_lessons(
    curriculum: tiny.Curriculum, officer: User
) -> None:
    rules = {**tiny.EXAM, "requires": {"lessons": False, "practice": False}}
    assessments.save_blueprint(
        code="C1-LAB-exam", use="exam", titles=text("C1-LAB-exam"), rules=rules, by=None
    )
    courses.enrol(person=officer, course=curriculum.course, by=officer)
    client_of(officer).post("/en/courses/c1-lab/recognise/exam/start/")
    pass_it(Attempt.objects.get())
    work_off(["certificates.issue"])
    criteria = Certificate.objects.get().statement["qualification"]["criteria"]
    assert criteria["en"] == "The case examination was passed without a critical error."


@pytest.mark.parametrize(
    "begun_from",
    [
        {},
        {"course_code": "C1-POL", "edition_number": 1},
        {"course_code": "C1-LAB", "edition_number": 2},
    ],
)
def test_pass_by_another_way_earns_nothing(
    curriculum: tiny.Curriculum, officer: User, begun_from: dict[str, Any]
) -> None:
    attempt = assessments.start_attempt(
        blueprint=curriculum.exam, origin="enrolment:x", by=officer, **begun_from
    )
    assert pass_it(attempt).passed is True
    assert not Award.objects.exists()


def test_edition_published_after_the_exam_began_earns_nothing(
    curriculum: tiny.Curriculum, officer: User
) -> None:
    tiny.prepare(curriculum, officer)
    before = clock.now()
    publish_edition(
        course=curriculum.course,
        reason="Law",
        material=False,
        legal_date=clock.add_months(clock.today(), -1),
        by=None,
    )
    with clock.at(before):
        attempt = assessments.start_attempt(
            blueprint=curriculum.exam,
            origin="enrolment:x",
            course_code="C1-LAB",
            edition_number=2,
            by=officer,
        )
        pass_it(attempt)
    assert not Award.objects.exists()


def test_one_sentence_course_of_a_trainer_opens_no_second_door(
    curriculum: tiny.Curriculum, trainer: User, officer: User
) -> None:
    """As it was done: a new course, a lesson of one sentence, the exam of C1-LAB, published alone."""
    author = client_of(trainer)
    catalog = CoursePage.objects.get().get_parent()
    new(author, "coursepage", catalog.pk, code="C1-POL", summary="x", audience="x")
    course = CoursePage.objects.get(code="C1-POL")
    new(author, "modulepage", course.pk)
    module = ModulePage.objects.child_of(course).get()
    new(author, "lessonpage", module.pk, minutes=1, **{"body-count": "0"})
    new(author, "assessmentpage", module.pk, intro="x", blueprint=curriculum.exam.pk)
    assert LessonPage.objects.child_of(module).exists()
    assert not AssessmentPage.objects.child_of(module).exists()
    smuggled = AssessmentPage(title="x", slug="exam", heading_az="x", intro_az="x", blueprint=curriculum.exam)
    module.add_child(instance=smuggled)  # past everything that refuses it
    enrolment = Enrolment.objects.create(
        person=officer, course=course, edition=curriculum.course.editions.get(), enrolled_by=officer
    )
    attempt = assessments.start_attempt(
        blueprint=curriculum.exam, origin=f"enrolment:{enrolment.public_id}", course_code="C1-POL",
        edition_number=1, by=officer,
    )  # fmt: skip
    assert pass_it(attempt).passed is True
    assert not Award.objects.exists()


def new(author: Client, kind: str, parent: int, **more: Any) -> None:
    """Sent as the editor sends it; texts in three languages."""
    texts = {name: more.pop(name, "x") for name in ("heading", "summary", "audience", "intro")}
    sent = {f"{name}_{code}": value for name, value in texts.items() for code in ("az", "en", "ru")}
    author.post(
        f"/cms/pages/add/courses/{kind}/{parent}/",
        {**sent, "field_sheet-count": "0", "legal_date": clock.today().isoformat(), **more},
    )

"""Practice done and an exam passed by somebody who knows the answers, through the ordinary actions."""

from random import Random

from assessments import actions
from assessments.answers import Given, Value
from assessments.frozen import content_of
from assessments.marking import best_answer, best_answers
from assessments.models import Attempt, Use
from assessments.questions import IndicatorsQuestion, Question
from assessments.stage_paths import stages_on_path
from courses import reading
from courses.actions import finish_check, mark_read
from courses.actions_assessment import start_assessment
from courses.models import Enrolment, LessonPage
from courses.self_checks import checks_in
from people.models import User


def pass_exam(*, person: User, enrolment: Enrolment, random: Random) -> Attempt:
    """The exam answered and closed."""
    attempt = answer_exam(person=person, enrolment=enrolment, random=random)
    return actions.close_attempt(attempt=attempt, by=person)


def prepare(*, person: User, enrolment: Enrolment) -> None:
    """Do what the exam requires: read every lesson, answer its checks, answer and close the practice case."""
    for lesson in LessonPage.objects.descendant_of(enrolment.course).live():
        for code in checks_in(lesson.body.raw_data):
            finish_check(enrolment=enrolment, lesson=lesson, check_code=code, by=person)
        mark_read(enrolment=enrolment, lesson=lesson, by=person)
    for practice in _begin(person, enrolment, Use.PRACTICE):
        _answer(practice, person, overlooked=-1)
        actions.close_attempt(attempt=practice, by=person)


def answer_exam(*, person: User, enrolment: Enrolment, random: Random) -> Attempt:
    """Every question answered right, but for one indicator: nobody sees everything. Not closed yet."""
    (attempt,) = _begin(person, enrolment, Use.EXAM)
    _answer(attempt, person, overlooked=random.randrange(4))
    return attempt


def _begin(person: User, enrolment: Enrolment, use: str) -> list[Attempt]:
    """The assessments of a course of this use, begun from their pages."""
    course = reading.outline(reading.generation(), enrolment.course.slug, "az")
    assert course is not None
    pages = [item for item in course.assessments if item.use == use]
    return [start_assessment(course=course, page=page, by=person) for page in pages]


def _answer(attempt: Attempt, person: User, *, overlooked: int) -> None:
    session = actions.open_session(attempt=attempt, by=person)
    for case in attempt.cases.select_related("version"):
        content = content_of(case.version.sha256)
        for stage in stages_on_path(content, best_answers(content)):
            given = [
                Given(question.code, _right(question, overlooked), sequence=1) for question in stage.questions
            ]
            actions.save_answers(
                attempt_id=attempt.public_id,
                stage_code=stage.code,
                content_sha256=case.version.sha256,
                answers=given,
                session=session,
                by=person,
            )
            actions.close_stage(attempt=attempt, stage_code=stage.code, by=person)


def _right(question: Question, overlooked: int) -> Value:
    best = best_answer(question)
    if not isinstance(question, IndicatorsQuestion) or not isinstance(best, list):
        return best
    return [code for number, code in enumerate(best) if number != overlooked]

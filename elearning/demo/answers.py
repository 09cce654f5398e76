"""An exam passed by somebody who knows the answers, through the ordinary actions."""

from random import Random

from assessments import actions
from assessments.answers import Given, Value
from assessments.frozen import content_of
from assessments.marking import best_answer, best_answers
from assessments.models import Attempt, Blueprint
from assessments.questions import IndicatorsQuestion, Question
from assessments.stage_paths import stages_on_path
from courses.models import Enrolment
from people.models import User


def pass_exam(*, person: User, enrolment: Enrolment, random: Random) -> Attempt:
    """The exam answered and closed."""
    attempt = answer_exam(person=person, enrolment=enrolment, random=random)
    return actions.close_attempt(attempt=attempt, by=person)


def answer_exam(*, person: User, enrolment: Enrolment, random: Random) -> Attempt:
    """Every question answered right, but for one indicator: nobody sees everything. Not closed yet."""
    attempt = actions.start_attempt(
        blueprint=Blueprint.objects.get(code=f"{enrolment.course.code}-exam"),
        origin=f"enrolment:{enrolment.public_id}",
        by=person,
    )
    session = actions.open_session(attempt=attempt, by=person)
    overlooked = random.randrange(4)
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
    return attempt


def _right(question: Question, overlooked: int) -> Value:
    best = best_answer(question)
    if not isinstance(question, IndicatorsQuestion) or not isinstance(best, list):
        return best
    return [code for number, code in enumerate(best) if number != overlooked]

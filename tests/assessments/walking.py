"""Answering and closing as a person would, without pages."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from assessments import actions
from assessments.actions_admission import release_exam
from assessments.answers import Given
from assessments.content import Content
from assessments.frozen import content_of
from assessments.marking import best_answers
from assessments.models import Attempt, AttemptCase, Blueprint, ExamRelease, StageProgress
from assessments.stage_paths import stages_on_path
from operations import clock
from people.models import User


def case_of(attempt: Attempt, position: int = 1) -> tuple[AttemptCase, Content]:
    case = attempt.cases.select_related("version").get(position=position)
    return case, content_of(case.version.sha256)


def stage_code(attempt: Attempt, number: int = 1, position: int = 1) -> str:
    return case_of(attempt, position)[1].stages[number - 1].code


def save(
    attempt: Attempt,
    answers: Mapping[str, Any],
    *,
    session: int | None = None,
    sequence: int = 1,
    by: User | None = None,
    stage: str = "",
    position: int = 1,
) -> actions.Saved:
    """Save answers of one stage (the first unless given); a new session unless one is given."""
    case, _content = case_of(attempt, position)
    by = by or attempt.person
    return actions.save_answers(
        attempt_id=attempt.public_id,
        stage_code=stage or stage_code(attempt, position=position),
        content_sha256=case.version.sha256,
        answers=[Given(code, value, sequence) for code, value in answers.items()],
        session=session or actions.open_session(attempt=attempt, by=attempt.person),
        by=by,
    )


def answer_all(attempt: Attempt, **changed: Any) -> None:
    """Every question of every case as the key has it (`changed` by the end of a question's code, q1 …)."""
    for case in attempt.cases.all():
        _case, content = case_of(attempt, case.position)
        best = best_answers(content)
        way = stages_on_path(content, best)
        for number, stage in enumerate(way):
            given = {q.code: changed.get(q.code.rsplit("-", 1)[1], best[q.code]) for q in stage.questions}
            save(attempt, given, stage=stage.code, position=case.position)
            if number + 1 < len(way):
                actions.close_stage(attempt=attempt, stage_code=stage.code, by=attempt.person)


def saved(attempt: Attempt) -> dict[str, Any]:
    return dict(attempt.answers.values_list("question_code", "value"))


def open_stages(attempt: Attempt) -> list[str]:
    rows = StageProgress.objects.filter(attempt=attempt, closed_at=None).order_by("stage_code")
    return list(rows.values_list("stage_code", flat=True))


# --- exams one after another --------------------------------------------------------------------------


def later(weeks: float) -> Any:
    """So many weeks from now."""
    return clock.at(clock.now() + timedelta(weeks=weeks))


def begun(blueprint: Blueprint, person: User) -> Attempt:
    return actions.start_attempt(blueprint=blueprint, origin="enrolment:test", by=person)


def fail(blueprint: Blueprint, person: User) -> Attempt:
    return actions.close_attempt(attempt=begun(blueprint, person), by=person, confirmed=True)


def succeed(blueprint: Blueprint, person: User) -> Attempt:
    attempt = begun(blueprint, person)
    answer_all(attempt)
    return actions.close_attempt(attempt=attempt, by=person)


def release(blueprint: Blueprint, person: User, by: User, **more: Any) -> ExamRelease:
    return release_exam(person=person, blueprint=blueprint, reason="prepared", by=by, **more)

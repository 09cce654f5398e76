"""What a person is told: of an exam never the key, of practice everything with its reason."""

import dataclasses
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string

from assessments import actions
from assessments.feedback import QuestionFeedback
from assessments.feedback_lines import Judgement
from assessments.feedback_seen import SeenLine
from assessments.models import Attempt, Blueprint
from assessments.refusals import NotClosed
from assessments.results import practice_feedback, result_of
from people.models import User

from .conftest import make_blueprint, publish, start
from .test_public import found_in, key_of
from .walking import answer_all, case_of, save, stage_code

pytestmark = pytest.mark.django_db


def closed(attempt: Attempt, **changed: Any) -> Attempt:
    answer_all(attempt, **changed)
    return actions.close_attempt(attempt=attempt, by=attempt.person, confirmed=True)


def test_pass_says_how_much_of_what_was_asked(attempt: Attempt) -> None:
    result = result_of(closed(attempt, q3=None), "en")  # 4 of 34 points missing
    assert (result.passed, result.points, result.percent, result.pass_percent) == (True, 30, 88, 70)
    assert result.retry_at is None
    assert (result.critical_errors, result.weak) == ((), ())


def test_competences_come_weakest_first_with_whole_percent(attempt: Attempt) -> None:
    """Of a stage's 17 points LAB-02 has 9.83 (5.33 of them in q1) and LAB-04 has 7.17 (2.67 in q1)."""
    result = result_of(closed(attempt, q1=None), "az")
    assert [(c.code, c.text, c.level, c.percent, c.weak) for c in result.competences] == [
        ("LAB-02", "sees indicators (az)", "R", 45, True),
        ("LAB-04", "talks safely (az)", "A", 62, True),
    ]
    assert sum(c.points for c in result.competences) == pytest.approx(Decimal(18), abs=Decimal("0.1"))


def test_critical_error_is_told_in_words_with_what_to_read(attempt: Attempt) -> None:
    answer_all(attempt)
    wrong = stage_code(attempt, 2)
    save(attempt, {f"{wrong}-q4": {f"{wrong}-q4-b": "do"}}, stage=wrong)
    result = result_of(actions.close_attempt(attempt=attempt, by=attempt.person, confirmed=True), "ru")
    [error] = result.critical_errors
    assert result.passed is False
    assert (error.title, error.story, error.rule) == (
        "warned the employer (ru)", "S. would have been moved (ru)", "nobody is warned (ru)",
    )  # fmt: skip
    assert (error.source.instrument, error.source.article) == ("Palermo Protocol (ru)", "3")
    assert result.retry_at == result.closed_at + timedelta(days=7)


def test_same_error_in_two_cases_is_told_once(officer: User) -> None:
    publish("T1-a", "T1", stages=1)
    publish("T2-a", "T2", stages=1)
    blueprint = make_blueprint(draw=[{"from": ["T1", "T2"], "take": 2}])
    attempt = start(blueprint, officer)
    for position in (1, 2):
        code = f"{stage_code(attempt, position=position)}-q4"
        save(attempt, {code: {f"{code}-b": "do"}}, position=position)
    result = result_of(actions.close_attempt(attempt=attempt, by=officer, confirmed=True), "en")
    assert [error.code for error in result.critical_errors] == ["ERR-CONFRONT"]


def test_exam_result_has_no_question_option_or_key(attempt: Attempt) -> None:
    result = result_of(closed(attempt, q1=None, q4=None), "en")
    told = json.dumps(dataclasses.asdict(result), default=str, ensure_ascii=False)
    case, _content = case_of(attempt)
    data = case.version.content
    hidden = key_of(data) - key_of_results(data)
    questions = [question for stage in data["stages"] for question in stage["questions"]]
    hidden |= {question["prompt"]["en"] for question in questions} | {
        question["code"] for question in questions
    }
    assert found_in(hidden, told) == []


def key_of_results(data: dict[str, Any]) -> set[str]:
    """What a result may tell: errors, competences, and short words that anything contains."""
    return {
        *data["competences"],
        "ERR-",
        "ERR-CONFRONT",
        "LAB-02",
        "LAB-04",
        "AL",
        "coercion",
        "strong",
        "2009",
    }


def test_open_attempt_has_no_result(attempt: Attempt, practice: Blueprint, officer: User) -> None:
    with pytest.raises(NotClosed):
        result_of(attempt, "en")
    with pytest.raises(NotClosed):
        practice_feedback(start(practice, officer), "en")


def test_exam_has_no_feedback(attempt: Attempt) -> None:
    with pytest.raises(PermissionDenied):
        practice_feedback(closed(attempt), "en")


# --- practice -----------------------------------------------------------------------------------------


@pytest.fixture
def questions(practice: Blueprint, officer: User) -> list[QuestionFeedback]:
    """Feedback on one answer of each kind, each partly wrong."""
    attempt = start(practice, officer)
    prefix = stage_code(attempt)
    given = {
        f"{prefix}-q1": [f"{prefix}-q1-r0", f"{prefix}-q1-w0"],
        f"{prefix}-q2": {"act": "present", "means": "absent"},
        f"{prefix}-q3": f"{prefix}-q3-a",
        f"{prefix}-q4": {f"{prefix}-q4-a": "do", f"{prefix}-q4-b": "do"},
    }
    save(attempt, given)
    attempt = actions.close_attempt(attempt=attempt, by=officer, confirmed=True)
    [case] = practice_feedback(attempt, "en")
    return list(case.stages[0].questions)


def judged(question: QuestionFeedback) -> list[tuple[Judgement, str]]:
    return [(line.judgement, line.text) for line in question.lines]


def test_indicators_are_found_missed_or_wrongly_seen_with_reason(questions: list[QuestionFeedback]) -> None:
    assert judged(questions[0]) == [
        (Judgement.WRONG, "choice w0"),
        (Judgement.MISSED, "choice r1"),
        (Judgement.MISSED, "choice r2"),
        (Judgement.FOUND, "choice r0"),
        (Judgement.LEFT, "choice w1"),
    ]
    missed = questions[0].lines[1]
    assert missed.reason == "why p1-a-s1-q1-r1"
    assert missed.indicator is not None
    assert (missed.indicator.code, missed.indicator.text) == ("CD1", "papers taken")
    assert (missed.indicator.dimension, missed.indicator.strength) == ("coercion at destination", "strong")
    assert questions[0].lines[0].indicator is None


def test_elements_show_what_was_chosen_and_what_is_right(questions: list[QuestionFeedback]) -> None:
    assert [(line.judgement, line.text, line.said) for line in questions[1].lines] == [
        (Judgement.WRONG, "Means", "You: Absent. Right: Not required"),
        (Judgement.MISSED, "Purpose", "Not answered. Right: Not known yet"),
        (Judgement.FOUND, "Act", "Right: Present"),
    ]
    assert (questions[1].points, questions[1].answered) == (1, False)


def test_verdict_shows_all_options_with_reasons(questions: list[QuestionFeedback]) -> None:
    assert judged(questions[2]) == [
        (Judgement.WRONG, "choice -a"),
        (Judgement.MISSED, "choice -b"),
        (Judgement.LEFT, "choice -c"),
    ]
    assert all(line.reason for line in questions[2].lines)


def test_harmful_action_tells_what_would_have_happened(questions: list[QuestionFeedback]) -> None:
    assert judged(questions[3]) == [
        (Judgement.WRONG, "choice -b"),
        (Judgement.MISSED, "choice -c"),
        (Judgement.FOUND, "choice -a"),
    ]
    assert questions[3].lines[0].said == "You: I do. Right: I do not"
    error = questions[3].lines[0].error
    assert error is not None
    assert error.story == "S. would have been moved"


def test_facts_of_the_materials_are_told_after_practice(practice: Blueprint, officer: User) -> None:
    attempt = start(practice, officer)
    attempt = actions.close_attempt(attempt=attempt, by=officer, confirmed=True)
    [case] = practice_feedback(attempt, "az")
    [exhibit] = case.stages[0].exhibits
    assert exhibit.title == "statement p1-a-s1 (az)"
    assert [(fact.text, fact.reason) for fact in exhibit.facts] == [
        ("papers are held (az)", "held back on request (az)")
    ]
    assert [source.instrument for source in case.sources] == ["Palermo Protocol (az)"]


def test_result_and_feedback_ask_the_same_for_one_and_three_cases(
    officer: User, officer2: User, django_assert_num_queries: Any
) -> None:
    for count, person in ((1, officer), (3, officer2)):
        for number in range(count):
            publish(f"P{number}-a", f"P{number}", use="practice", stages=1)
        draw = [{"from": [f"P{number}"], "take": 1} for number in range(count)]
        blueprint = make_blueprint(f"T-{count}", "practice", draw=draw)
        attempt = start(blueprint, person)
        actions.close_attempt(attempt=attempt, by=person, confirmed=True)
        fresh = Attempt.objects.select_related("blueprint", "blueprint_version", "marking").get(pk=attempt.pk)
        with django_assert_num_queries(3):
            result_of(fresh, "en")
            practice_feedback(fresh, "en")


@pytest.mark.parametrize(("reason", "tagged"), [("why", True), ("CD1, strong: why", False)])
def test_code_stands_before_a_reason_that_does_not_begin_with_it(
    questions: list[QuestionFeedback], reason: str, tagged: bool
) -> None:
    line = dataclasses.replace(questions[0].lines[1], reason=reason)
    text = render_to_string("assessments/seen_line.html", {"seen": SeenLine("", line)})
    assert text.count("CD1") == 1
    assert ('<span class="tag tag-none">CD1</span>' in text) is tagged

"""Markings of an attempt: the newest counts, what was made before stays, and the database holds it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import translation

from assessments import actions, actions_marks, markings
from assessments.models import Attempt, Blueprint, Mark, Marking
from assessments.signals import attempt_remarked
from operations import clock
from operations.models import AuditEntry, Notice
from people.models import User

from .conftest import start
from .walking import answer_all, save, stage_code

pytestmark = pytest.mark.django_db


def closed(attempt: Attempt, **changed: Any) -> Attempt:
    answer_all(attempt, **changed)
    return actions.close_attempt(attempt=attempt, by=attempt.person, confirmed=True)


def spoil(attempt: Attempt) -> Marking:
    """Another marking that counts: as if a formula had been wrong at closing."""
    marks = markings.mark_attempt(attempt)[1:]
    marking = markings.keep(attempt=attempt, cause=Marking.Cause.CORRECTION, marks=marks, at=clock.now())
    markings.let_count(attempt, marking)
    return marking


def test_closing_makes_the_first_marking_and_the_attempt_says_what_it_says(attempt: Attempt) -> None:
    attempt = closed(attempt)
    marking = Marking.objects.get()
    assert (marking.number, marking.cause, marking.made_by) == (1, "closing", None)
    assert (marking.points, marking.points_max, marking.passed) == (34, 34, True)
    attempt.refresh_from_db()
    assert attempt.marking == marking
    assert (attempt.points, attempt.points_max, attempt.passed) == (34, 34, True)


def test_a_mark_keeps_part_language_and_indicators(attempt: Attempt) -> None:
    prefix = stage_code(attempt)
    with translation.override("ru"):
        save(attempt, {f"{prefix}-q1": [f"{prefix}-q1-r0"]})
    with translation.override("en"):
        save(attempt, {f"{prefix}-q4": {f"{prefix}-q4-a": "do"}})
    actions.close_attempt(attempt=attempt, by=attempt.person, confirmed=True)
    found = {
        mark.question_code.rsplit("-", 1)[1]: mark
        for mark in Mark.objects.filter(question_code__startswith=prefix)
    }
    assert {code: (mark.part, mark.language) for code, mark in found.items()} == {
        "q1": ("seeing", "ru"), "q2": ("judging", ""), "q3": ("judging", ""), "q4": ("acting", "en"),
    }  # fmt: skip
    assert found["q1"].indicators == {"found": ["CD1"], "missed": ["CD1"], "wrong": []}


def test_marks_read_back_are_the_marks_that_were_written(attempt: Attempt) -> None:
    answer_all(attempt, q1=None)
    made = markings.mark_attempt(attempt)
    attempt = actions.close_attempt(attempt=attempt, by=attempt.person, confirmed=True)
    assert attempt.marking is not None
    assert markings.kept_marks(attempt.marking) == made


def test_a_newer_marking_counts_and_the_older_stays(attempt: Attempt) -> None:
    attempt = closed(attempt)
    spoil(attempt)
    attempt.refresh_from_db()
    assert (attempt.marking.number, attempt.points, attempt.points_max) == (2, 26, 26)
    assert list(attempt.markings.order_by("number").values_list("number", "points")) == [(1, 34), (2, 26)]


def test_the_database_refuses_what_is_no_newer_marking(
    attempt: Attempt, exam: Blueprint, officer2: User
) -> None:
    attempt = closed(attempt)
    first = attempt.marking
    newer = spoil(attempt)
    mine = Attempt.objects.filter(pk=attempt.pk)
    for change in (
        lambda: mine.update(passed=False),
        lambda: mine.update(points=Decimal(1)),
        lambda: mine.update(marking=first),
        lambda: mine.update(marking=first, points=Decimal(34), points_max=Decimal(34)),
        lambda: mine.update(marking=None),
        lambda: Marking.objects.update(passed=False),
        lambda: Marking.objects.filter(pk=newer.pk).delete(),
        lambda: Mark.objects.update(points=1),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    other = start(exam, officer2)
    with pytest.raises(DatabaseError), transaction.atomic():
        Attempt.objects.filter(pk=other.pk).update(marking=newer)  # open: it has no marks yet


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": 2, "cause": "closing"},
        {"number": 1, "cause": "correction"},
        {"number": 2, "cause": "appeal"},  # without a proposal: one person alone
        {"number": 2, "cause": "annulment"},
    ],
)
def test_the_database_refuses_a_marking_that_cannot_be(attempt: Attempt, wrong: dict[str, Any]) -> None:
    attempt = closed(attempt)
    values: Any = {"formulas": 1, "points": 1, "points_max": 1, "made_at": clock.now(), **wrong}
    with pytest.raises(DatabaseError), transaction.atomic():
        Marking.objects.create(attempt=attempt, passed=None, **values)


# --- marked again -------------------------------------------------------------------------------------


def test_marked_again_the_same_answers_change_nothing(attempt: Attempt) -> None:
    attempt = closed(attempt, q1=None)
    assert actions_marks.mark_again(attempt=attempt, by=None) is None
    assert Marking.objects.count() == 1
    assert not AuditEntry.objects.filter(act="assessments.mark_again").exists()


def test_marks_that_were_wrong_are_made_again_and_told(attempt: Attempt) -> None:
    attempt = closed(attempt)
    spoil(attempt)
    told: list[Any] = []

    def listen(attempt: Attempt, before: Marking, **_more: Any) -> None:
        told.append((before.number, attempt.marking and attempt.marking.number))

    attempt_remarked.connect(listen)
    try:
        after = actions_marks.mark_again(attempt=attempt, by=None)
    finally:
        attempt_remarked.disconnect(listen)
    assert after is not None
    assert (after.number, after.cause, after.points) == (3, "correction", 34)
    assert told == [(2, 3)]
    entry = AuditEntry.objects.get(act="assessments.mark_again")
    assert (entry.before, entry.after) == (
        {"marking": 2, "passed": True}, {"marking": 3, "passed": True},
    )  # fmt: skip
    assert not Notice.objects.filter(threshold="3").exists()  # passed it had before


def test_who_passes_by_other_marks_or_no_more_is_told(attempt: Attempt) -> None:
    attempt = closed(attempt)
    marks = [
        replace(each, mark=replace(each.mark, points=Decimal())) for each in markings.mark_attempt(attempt)
    ]
    nothing = markings.keep(attempt=attempt, cause=Marking.Cause.CORRECTION, marks=marks, at=clock.now())
    markings.let_count(attempt, nothing)
    assert attempt.passed is False
    after = actions_marks.mark_again(attempt=attempt, by=None)
    assert after is not None and after.passed
    assert Notice.objects.filter(kind="assessments.passed", threshold="3").count() == 1


def test_answers_that_are_gone_are_not_marked_again(attempt: Attempt, english: None) -> None:
    attempt = closed(attempt)
    attempt.answers.all().delete()
    with pytest.raises(Exception, match="no longer kept"):
        actions_marks.mark_again(attempt=attempt, by=None)


def test_answers_without_a_point_that_are_gone_are_not_taken_for_a_blank_paper(
    attempt: Attempt, english: None
) -> None:
    prefix = stage_code(attempt)
    save(attempt, {f"{prefix}-q3": f"{prefix}-q3-c"})
    attempt = actions.close_attempt(attempt=attempt, by=attempt.person, confirmed=True)
    assert attempt.points == 0
    attempt.answers.all().delete()
    with pytest.raises(ValidationError, match="no longer kept"):
        actions_marks.mark_again(attempt=attempt, by=None)


def test_command_says_what_would_change_and_changes_it_when_told(attempt: Attempt, capsys: Any) -> None:
    from django.core.management import call_command

    attempt = closed(attempt)
    spoil(attempt)
    call_command("mark_again", "T-exam")
    assert capsys.readouterr().out.splitlines() == [
        f"{attempt.public_id}: 26.00 of 26.00, True → 34.00 of 34.00, True", "1 would change",
    ]  # fmt: skip
    attempt.refresh_from_db()
    assert attempt.points == 26
    call_command("mark_again", "T-exam", "--write")
    attempt.refresh_from_db()
    assert (attempt.points, attempt.marking.number) == (34, 3)


# --- letters ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "kind"), [({}, "assessments.passed"), ({"q1": None, "q4": None}, "assessments.failed")]
)
def test_result_is_written_at_once_once(attempt: Attempt, changed: Any, kind: str) -> None:
    attempt = closed(attempt, **changed)
    actions.close_attempt(attempt=attempt, by=attempt.person)
    notice = Notice.objects.get(kind__startswith="assessments.")
    assert (notice.kind, notice.person, notice.subject_id, notice.urgency) == (
        kind, attempt.person, attempt.public_id, "now",
    )  # fmt: skip


def test_nothing_is_written_of_practice(practice: Blueprint, officer: User) -> None:
    closed(start(practice, officer))
    assert not Notice.objects.filter(kind__startswith="assessments.").exists()

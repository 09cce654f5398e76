"""Markings as rows: written from marks, and read back as marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from operations.models import Proposal
from people.models import User

from .frozen import content_of
from .marking import FORMULAS, QuestionMark, Share, mark_case, totals
from .models import Attempt, Mark, Marking, Use
from .passing import verdict_of
from .questions import Part


@dataclass(frozen=True)
class CaseMark:
    """A mark with the drawn case it belongs to, and the language of its answer; empty without an answer."""

    case_id: int
    language: str
    mark: QuestionMark


def locked(attempt_pk: int) -> Attempt:
    """Return the attempt with its rules and marking, locked: who makes marks waits for others who do."""
    queryset = Attempt.objects.select_for_update(of=("self",))
    return queryset.select_related("blueprint", "blueprint_version", "marking", "person").get(pk=attempt_pk)


def mark_attempt(attempt: Attempt) -> list[CaseMark]:
    """Return the marks of the saved answers by the formulas of today; the same answers get the same marks."""
    rows = list(attempt.answers.values_list("question_code", "value", "language"))
    answers = {code: value for code, value, _language in rows}
    languages = {code: language for code, value, language in rows if value is not None}
    return [
        CaseMark(case.pk, languages.get(mark.question_code, ""), mark)
        for case in attempt.cases.select_related("version").defer("version__content")
        for mark in mark_case(content_of(case.version.sha256), answers)
    ]


def kept_marks(marking: Marking) -> list[CaseMark]:
    """Return the marks of a marking as it was made, in the order of the cases."""
    rows = marking.marks.order_by("case__position", "pk")
    return [CaseMark(row.case_id, row.language, _as_mark(row)) for row in rows]


def _as_mark(row: Mark) -> QuestionMark:
    competences = {code: Share(Decimal(got), Decimal(most)) for code, (got, most) in row.competences.items()}
    return QuestionMark(
        question_code=row.question_code,
        part=cast(Part, row.part),
        points=row.points,
        points_max=row.points_max,
        critical_errors=tuple(row.critical_errors),
        competences=competences,
        found=tuple(row.indicators["found"]),
        missed=tuple(row.indicators["missed"]),
        wrong=tuple(row.indicators["wrong"]),
    )


def passed_with(attempt: Attempt, marks: Sequence[CaseMark]) -> bool | None:
    """Return whether these marks pass the exam by the rules it was begun under; None for practice."""
    if attempt.blueprint.use == Use.PRACTICE:
        return None
    cases: dict[int, list[QuestionMark]] = {}
    for each in marks:
        cases.setdefault(each.case_id, []).append(each.mark)
    return verdict_of(list(cases.values()), attempt.blueprint_version.rules).passed


def keep(
    *,
    attempt: Attempt,
    cause: Marking.Cause,
    marks: Sequence[CaseMark],
    at: datetime,
    formulas: int = FORMULAS,
    by: User | None = None,
    proposal: Proposal | None = None,
) -> Marking:
    """Write the next marking of a locked attempt; the caller points the attempt at it, in one transaction."""
    points, points_max = totals(each.mark for each in marks)
    marking = _next(
        attempt, cause, formulas=formulas, points=points, points_max=points_max,
        passed=passed_with(attempt, marks), made_at=at, made_by=by, proposal=proposal,
    )  # fmt: skip
    Mark.objects.bulk_create(_as_row(marking, each) for each in marks)
    return marking


def keep_annulment(*, attempt: Attempt, at: datetime, by: User, proposal: Proposal) -> Marking:
    """Write that the attempt counts neither as passed nor as failed: no marks, the sums as they last were."""
    before = attempt.marking
    assert before is not None
    return _next(
        attempt, Marking.Cause.ANNULMENT, formulas=before.formulas, points=before.points,
        points_max=before.points_max, passed=None, made_at=at, made_by=by, proposal=proposal,
    )  # fmt: skip


def let_count(attempt: Attempt, marking: Marking, *changed: str) -> None:
    """Save a locked attempt by its new marking, with what else of it has changed."""
    attempt.marking, attempt.passed = marking, marking.passed
    attempt.points, attempt.points_max = marking.points, marking.points_max
    attempt.save(update_fields=["marking", "passed", "points", "points_max", *changed])


def _next(attempt: Attempt, cause: Marking.Cause, **values: object) -> Marking:
    number = attempt.marking.number + 1 if attempt.marking else 1
    return Marking.objects.create(attempt=attempt, number=number, cause=cause, **values)


def _as_row(marking: Marking, each: CaseMark) -> Mark:
    mark = each.mark
    return Mark(
        marking=marking,
        case_id=each.case_id,
        question_code=mark.question_code,
        part=mark.part,
        language=each.language,
        points=mark.points,
        points_max=mark.points_max,
        critical_errors=list(mark.critical_errors),
        competences={
            code: [str(share.points), str(share.points_max)] for code, share in mark.competences.items()
        },
        indicators={"found": list(mark.found), "missed": list(mark.missed), "wrong": list(mark.wrong)},
    )

"""Results of closed attempts, as their person may read them.

After an exam: competences, critical errors in words, what to read again, when to try again; there is
no place for a question, an option or the answer key. After practice `practice_feedback` tells all.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _

from .content import Content
from .feedback import CaseFeedback, case_feedback
from .frozen import content_of
from .models import Attempt, Mark, Use
from .refusals import NotClosed
from .wording import ErrorInWords, error_in_words


def result_url(attempt: Attempt) -> str:
    """Return where a closed attempt is told of: practice with everything, an exam by its result."""
    practice = attempt.blueprint.use == Use.PRACTICE
    return reverse("assessments:feedback" if practice else settings.EXAM_RESULT_URL, args=[attempt.public_id])


@dataclass(frozen=True)
class CompetenceResult:
    """`percent` is a whole number, rounded down; `weak`: below what the whole exam asks for."""

    code: str
    text: str
    level: str
    points: Decimal
    points_max: Decimal
    percent: int
    weak: bool


@dataclass(frozen=True)
class Result:
    """`passed` is None for practice. `percent` is rounded down: 69 never stands where 70 is asked for.

    `weak`: codes of weak competences, for lessons that teach them. `retry_at`: when to try again, where
    that was not passed and must wait.
    """

    passed: bool | None
    closed_at: datetime
    ran_out_of_time: bool
    merged: bool  # closed when two records became one
    points: Decimal
    points_max: Decimal
    percent: int
    pass_percent: int
    critical_error_fails: bool
    competences: tuple[CompetenceResult, ...]
    critical_errors: tuple[ErrorInWords, ...]
    retry_at: datetime | None

    @property
    def weak(self) -> tuple[str, ...]:
        return tuple(competence.code for competence in self.competences if competence.weak)


def result_of(attempt: Attempt, language: str) -> Result:
    """Two queries and, where it is not in memory, one for each case. Raises NotClosed."""
    if attempt.closed_at is None or attempt.points is None or attempt.points_max is None:
        raise NotClosed
    rules = attempt.blueprint_version.rules
    rows = attempt.marks.select_related("case__version").defer("case__version__content")
    marks = list(rows.order_by("pk"))
    contents = {mark.case_id: content_of(mark.case.version.sha256) for mark in marks}
    errors = _critical_errors(marks, contents, language)
    wait = rules["days_between"] and attempt.passed is False
    return Result(
        passed=attempt.passed,
        closed_at=attempt.closed_at,
        ran_out_of_time=attempt.closing == Attempt.Closing.TIME,
        merged=attempt.closing == Attempt.Closing.MERGED,
        points=attempt.points,
        points_max=attempt.points_max,
        percent=_percent(attempt.points, attempt.points_max),
        pass_percent=rules["pass_percent"],
        critical_error_fails=rules["critical_error_fails"],
        competences=tuple(_competences(marks, contents.values(), rules["pass_percent"], language)),
        critical_errors=tuple(errors),
        retry_at=attempt.again_from() if wait else None,
    )


def practice_feedback(attempt: Attempt, language: str) -> tuple[CaseFeedback, ...]:
    """Everything with reasons, a case at a time. Refuses an exam (PermissionDenied) and NotClosed."""
    if attempt.blueprint.use != Use.PRACTICE:
        raise PermissionDenied(_("After an exam questions and answers are not shown."))
    if attempt.closed_at is None:
        raise NotClosed
    answers = dict(attempt.answers.values_list("question_code", "value"))
    cases = attempt.cases.select_related("version").defer("version__content")
    return tuple(case_feedback(content_of(case.version.sha256), answers, language) for case in cases)


def _percent(points: Decimal, points_max: Decimal) -> int:
    return int(points * 100 // points_max) if points_max else 0


def _competences(
    marks: Iterable[Mark], contents: Iterable[Content], pass_percent: int, language: str
) -> Iterable[CompetenceResult]:
    """Weakest first."""
    words = {code: words for content in contents for code, words in content.competences.items()}
    points: defaultdict[str, Decimal] = defaultdict(Decimal)
    points_max: defaultdict[str, Decimal] = defaultdict(Decimal)
    for mark in marks:
        for code, (got, possible) in mark.competences.items():
            points[code] += Decimal(got)
            points_max[code] += Decimal(possible)
    found = [
        CompetenceResult(
            code=code,
            text=words[code].text.read_in(language),
            level=words[code].level,
            points=points[code],
            points_max=points_max[code],
            percent=_percent(points[code], points_max[code]),
            weak=points[code] * 100 < points_max[code] * pass_percent,
        )
        for code in points_max
    ]
    return sorted(found, key=lambda competence: (competence.percent, competence.code))


def _critical_errors(
    marks: Iterable[Mark], contents: dict[int, Content], language: str
) -> list[ErrorInWords]:
    """Each once, however often it was made."""
    found = {
        code: error_in_words(contents[mark.case_id], code, language)
        for mark in marks
        for code in mark.critical_errors
    }
    return list(found.values())

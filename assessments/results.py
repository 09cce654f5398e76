"""Results of closed attempts, as their person may read them.

After an exam: competences, critical errors in words, what to read again, when to try again; there is
no place for a question, an option or the answer key. After practice `practice_feedback` tells all, and
`appeal_feedback` tells it to the assessor of an appeal.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _

from people.models import User

from .content import Content
from .feedback import CaseFeedback, case_feedback
from .feedback_lines import TO_AN_ASSESSOR, TO_THE_PERSON, ChoiceWords
from .frozen import content_of
from .models import Appeal, Attempt, Mark, Use
from .passing import PassVerdict, verdict_of, whole_percent
from .permissions import can_decide_appeal
from .refusals import NotClosed
from .wording import ErrorInWords, error_in_words

FIRM_PERCENT = 80  # a competence below it is to be strengthened


def result_url(attempt: Attempt) -> str:
    """Return where a closed attempt is told of: practice with everything, an exam by its result."""
    practice = attempt.blueprint.use == Use.PRACTICE
    return reverse("assessments:feedback" if practice else settings.EXAM_RESULT_URL, args=[attempt.public_id])


@dataclass(frozen=True)
class CompetenceResult:
    """`percent` is a whole number, rounded down; `weak`: to be strengthened."""

    code: str
    text: str
    level: str
    points: Decimal
    points_max: Decimal
    percent: int
    weak: bool


@dataclass(frozen=True)
class PartResult:
    """Seeing, judging or acting; `asked`: the least per cent that passes, where the rules ask for one."""

    part: Mark.Part
    percent: int
    asked: int | None
    falls_short: bool


@dataclass(frozen=True)
class CasesBelow:
    """A part of which too little was reached in a `number` of cases; which ones is not told."""

    part: Mark.Part
    asked: int
    number: int


@dataclass(frozen=True)
class Result:
    """`passed` is None for practice, and where an appeal annulled the exam. `percent` is rounded down: 69 never stands where 70 is asked for.

    `parts`: of what was asked, in the order of work. `cases_below`: what the rules ask for in each case and some have
    not reached. `weak`: codes of weak competences, for lessons that
    teach them. `retry_at`: when to try again, where that was not passed and must wait.
    """

    passed: bool | None
    annulled: bool
    marked_again: bool  # other marks count than those made at closing
    closed_at: datetime
    ran_out_of_time: bool
    merged: bool  # closed when two records became one
    points: Decimal
    points_max: Decimal
    percent: int
    pass_percent: int
    critical_error_fails: bool
    parts: tuple[PartResult, ...]
    cases_below: tuple[CasesBelow, ...]
    competences: tuple[CompetenceResult, ...]
    critical_errors: tuple[ErrorInWords, ...]
    retry_at: datetime | None

    @property
    def weak(self) -> tuple[str, ...]:
        return tuple(competence.code for competence in self.competences if competence.weak)


def result_of(attempt: Attempt, language: str) -> Result:
    """Two queries and, where it is not in memory, one for each case. Raises NotClosed."""
    marking = attempt.marking
    if attempt.closed_at is None or marking is None:
        raise NotClosed
    rules = attempt.blueprint_version.rules
    rows = marking.marks.select_related("case__version").defer("case__version__content")
    marks = list(rows.order_by("pk"))
    contents = {mark.case_id: content_of(mark.case.version.sha256) for mark in marks}
    errors = _critical_errors(marks, contents, language)
    verdict = verdict_of(_by_case(marks), rules)
    wait = rules["days_between"] and marking.passed is False
    return Result(
        passed=marking.passed,
        annulled=attempt.is_annulled,
        marked_again=marking.number > 1,
        closed_at=attempt.closed_at,
        ran_out_of_time=attempt.closing == Attempt.Closing.TIME,
        merged=attempt.closing == Attempt.Closing.MERGED,
        points=marking.points,
        points_max=marking.points_max,
        percent=whole_percent(marking.points, marking.points_max),
        pass_percent=rules["pass_percent"],
        critical_error_fails=rules["critical_error_fails"],
        parts=tuple(_parts(verdict)),
        cases_below=tuple(_cases_below(verdict)),
        competences=tuple(_competences(marks, contents.values(), language)),
        critical_errors=tuple(errors),
        retry_at=attempt.again_from() if wait else None,
    )


def practice_feedback(attempt: Attempt, language: str) -> tuple[CaseFeedback, ...]:
    """Everything with reasons, a case at a time. Refuses an exam (PermissionDenied) and NotClosed."""
    if attempt.blueprint.use != Use.PRACTICE:
        raise PermissionDenied(_("After an exam questions and answers are not shown."))
    if attempt.closed_at is None:
        raise NotClosed
    return _feedback(attempt, language)


def appeal_feedback(appeal: Appeal, by: User, language: str) -> tuple[CaseFeedback, ...]:
    """The same of an exam, for an assessor who may decide its appeal and has opened the answers for it; until then."""
    may_see = not appeal.is_decided and can_decide_appeal(by, appeal)
    if not (may_see and appeal.seen.filter(by=by).exists()):
        raise PermissionDenied(_("Appeals are decided by an assessor who had no part in the exam."))
    return _feedback(appeal.attempt, language, TO_AN_ASSESSOR)


def _feedback(
    attempt: Attempt, language: str, choices: ChoiceWords = TO_THE_PERSON
) -> tuple[CaseFeedback, ...]:
    answers = dict(attempt.answers.values_list("question_code", "value"))
    cases = attempt.cases.select_related("version").defer("version__content")
    return tuple(case_feedback(content_of(case.version.sha256), answers, language, choices) for case in cases)


def _by_case(marks: Iterable[Mark]) -> list[list[Mark]]:
    found: defaultdict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        found[mark.case_id].append(mark)
    return list(found.values())


def _parts(verdict: PassVerdict) -> Iterable[PartResult]:
    for floor in verdict.floors:
        if floor.part and floor.case is None and floor.points_max:
            yield PartResult(
                Mark.Part(floor.part), floor.share, floor.percent or None, falls_short=not floor.reached
            )


def _cases_below(verdict: PassVerdict) -> Iterable[CasesBelow]:
    found = Counter((floor.part, floor.percent) for floor in verdict.below if floor.part and floor.case)
    for (part, percent), number in found.items():
        yield CasesBelow(Mark.Part(part), percent, number)


def _competences(
    marks: Iterable[Mark], contents: Iterable[Content], language: str
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
            percent=whole_percent(points[code], points_max[code]),
            weak=points[code] * 100 < points_max[code] * FIRM_PERCENT,
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

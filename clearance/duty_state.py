"""Duties that a person may do now, and until when: the functions of the roles they serve in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from operations import clock
from people.models import Posting, User

from . import evidence
from .evaluation import Answer, Evaluation, Finding, ReasonCode, evaluate
from .models import DutyFunction
from .qualification_path import QualificationPath, qualification_paths
from .words import whole_day

WARNINGS = (7, 30, 90)  # days before a certificate ends; gate rule 3


@dataclass(frozen=True)
class DutyState:
    """A function of the person's role, and whether it may be performed now."""

    function: DutyFunction
    evaluation: Evaluation

    @property
    def cleared(self) -> bool:
        return self.evaluation.answer == Answer.CLEARED

    @property
    def last_day(self) -> date | None:
        return whole_day(self.evaluation.until)

    @property
    def missing(self) -> list[Finding]:
        """Certificates that stand against it, or hold only by grace."""
        return [
            reason
            for reason in self.evaluation.reasons
            if reason.qualification and reason.why is not ReasonCode.HOLDS
        ]


@dataclass(frozen=True)
class Due:
    """A certificate that is missing, in grace, or ends soon, and the functions that need it.

    `ends_within`: 7, 30 or 90 days, for one in force; None for one that is not.
    """

    way: QualificationPath
    reason: Finding
    functions: list[DutyFunction]
    ends_within: int | None

    @property
    def last_day(self) -> date | None:
        return clock.last_day(self.reason.until) if self.reason.until else None


def due_of(functions: list[DutyState]) -> list[Due]:
    """Return what is due by certificate; what is not in force first. Two queries for the names and courses."""
    found: dict[str, Due] = {}
    ways = qualification_paths(reason.qualification for reason in _reasons(functions))
    for duty in functions:
        for reason in duty.evaluation.reasons:
            if not (code := reason.qualification):
                continue
            holds = reason.why is ReasonCode.HOLDS
            warning = warning_for(reason.until) if holds and reason.until else None
            if not holds or warning:
                due = found.setdefault(code, Due(ways[code], reason, [], warning))
                due.functions.append(duty.function)
    return sorted(found.values(), key=lambda due: due.ends_within or 0)


def _reasons(functions: list[DutyState]) -> Iterator[Finding]:
    for duty in functions:
        yield from (reason for reason in duty.evaluation.reasons if reason.qualification)


def warning_for(end: datetime) -> int | None:
    left = end - clock.now()
    return next((days for days in WARNINGS if left <= timedelta(days=days)), None)


def functions_of(person: User, postings: list[Posting]) -> list[DutyState]:
    """Gated functions of the roles in `postings` (as `evidence.posting_row` expects them); constant queries."""
    roles = {posting.role.code for posting in postings}
    if not roles:
        return []
    gated = DutyFunction.objects.filter(gated=True)
    functions = [function for function in gated if roles & set(function.roles) or not function.roles]
    now = clock.now()
    requirements = evidence.requirements_at(functions, now)
    needed = {code for row in requirements.values() for code in row.certificates or ()}
    certificates = evidence.certificates_of([person], needed, now)[person.pk] if needed else []
    rows = [evidence.posting_row(posting) for posting in postings]
    return [
        DutyState(
            function,
            evaluate(
                function=evidence.function_row(function),
                requirement=requirements.get(function.pk),
                postings=rows,
                certificates=certificates,
                instant=now,
            ),
        )
        for function in functions
    ]

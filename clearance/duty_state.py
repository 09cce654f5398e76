"""Duties that a person may do now, and until when: the functions of the roles they serve in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django_stubs_ext import StrOrPromise

from operations import clock, clock_guard
from people.models import Posting, User

from . import evidence
from .evaluation import Evaluation, Finding, ReasonCode, evaluate
from .models import Condition, DutyFunction, Mode
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
        """Return whether it may be performed now, without grace; what is to be confirmed then comes on top."""
        return self.evaluation.in_order

    @property
    def advised(self) -> bool:
        return self.evaluation.mode == Mode.ADVISE

    @property
    def conditions(self) -> list[StrOrPromise]:
        """Return, in words, what is confirmed each time somebody asks."""
        return [Condition(code).label for code in self.evaluation.conditions]

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


@dataclass
class Due:
    """A certificate that is missing, in grace, or ends soon, and the functions that need it.

    `ends_within`: 7, 30 or 90 days, for one in force; None for one that is not. `advised`: for now none of the
    functions is refused without it.
    """

    way: QualificationPath
    reason: Finding
    functions: list[DutyFunction]
    ends_within: int | None
    advised: bool = True

    @property
    def can_be_earned(self) -> bool:
        """Return whether a course helps: not while registrars decide about the certificate or the person."""
        return self.reason.why not in (ReasonCode.OTHER_NAME, ReasonCode.SUSPENDED) and not self.reason.barred

    @property
    def last_day(self) -> date | None:
        return clock.last_day(self.reason.until) if self.reason.until else None


def due_of(functions: list[DutyState]) -> list[Due]:
    """Return what is due by certificate; what is not in force first. Two queries for the names and courses. What
    nobody can earn yet is due from nobody.
    """
    found: dict[str, Due] = {}
    ways = qualification_paths(reason.qualification for reason in _reasons(functions))
    for duty in functions:
        for reason in duty.evaluation.reasons:
            if not (code := reason.qualification) or reason.why is ReasonCode.NOT_OFFERED:
                continue
            holds = reason.why is ReasonCode.HOLDS
            warning = warning_for(reason.until) if holds and reason.until else None
            if not holds or warning:
                due = found.setdefault(code, Due(ways[code], reason, [], warning))
                due.functions.append(duty.function)
                due.advised = due.advised and duty.advised
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
    gated = list(DutyFunction.objects.filter(gated=True))
    now = clock.now()
    requirements = evidence.requirements_at(gated, now)
    functions = [
        function
        for function in gated
        if (required := requirements.get(function.pk)) and (not required.roles or roles & set(required.roles))
    ]
    needed = {code for row in requirements.values() for code in row.codes(sorted(roles))}
    certificates = evidence.certificates_of([person], needed, now)[person.pk] if needed else []
    rows = [evidence.posting_row(posting) for posting in postings]
    behind = clock_guard.is_behind(*(row.recorded_at for row in rows))
    return [
        DutyState(
            function,
            evaluate(
                function=evidence.function_row(function),
                requirement=requirements[function.pk],
                postings=rows,
                certificates=certificates,
                instant=now,
                clock_behind=behind,
            ),
        )
        for function in functions
    ]

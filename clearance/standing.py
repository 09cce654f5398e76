"""What a person may do now, and until when: the functions of the roles they serve in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from operations import clock
from people.models import Posting, User

from . import evidence
from .evaluation import Answer, Evaluation, Reason, Why, evaluate
from .models import DutyFunction
from .ways import Way, ways_to

WARNINGS = (7, 30, 90)  # days before a certificate ends; gate rule 3


@dataclass(frozen=True)
class FunctionStanding:
    """`ways`: by code of the qualification, for what is missing or ends soon."""

    function: DutyFunction
    evaluation: Evaluation
    ways: dict[str, Way]

    @property
    def cleared(self) -> bool:
        return self.evaluation.answer == Answer.CLEARED

    @property
    def missing(self) -> list[Reason]:
        """Certificates that stand against it, or hold only by grace."""
        return [
            reason
            for reason in self.evaluation.reasons
            if reason.qualification and reason.why is not Why.HOLDS
        ]

    @property
    def ends_within(self) -> int | None:
        """7, 30 or 90: the next certificate it rests on ends within that many days. None: later."""
        ends = [reason.until for reason in self.evaluation.reasons if reason.until]
        return warning_for(min(ends)) if ends else None


def warning_for(end: datetime) -> int | None:
    left = end - clock.now()
    return next((days for days in WARNINGS if left <= timedelta(days=days)), None)


def functions_of(person: User, postings: list[Posting]) -> list[FunctionStanding]:
    """Gated functions of the roles in `postings` (agency, unit and role selected); constant queries."""
    roles = {posting.role.code for posting in postings}
    if not roles:
        return []
    gated = DutyFunction.objects.filter(gated=True)
    functions = [function for function in gated if roles & set(function.roles) or not function.roles]
    now = clock.now()
    requirements = evidence.requirements_at(functions, now)
    needed = {code for row in requirements.values() for code in row.certificates}
    ways = ways_to(needed)
    certificates = evidence.certificates_of([person], needed, now)[person.pk] if needed else []
    rows = [evidence.posting_row(posting) for posting in postings]
    return [
        FunctionStanding(
            function,
            evaluate(
                function=evidence.function_row(function),
                requirement=requirements.get(function.pk),
                postings=rows,
                certificates=certificates,
                instant=now,
            ),
            ways,
        )
        for function in functions
    ]

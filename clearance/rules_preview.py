"""Changes that proposed rules would bring: how many people turn from cleared to not cleared, and back, by agency.

Rules are not changed blind: the pages on which they are proposed and confirmed show it. Numbers come in steps of five,
as all figures of the country do. Of many people it is counted in the background.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from operations import canonical, clock
from operations.models import Job
from operations.rounding import Rounded, rounded
from people.models import Agency, Posting, User

from . import evidence
from .evaluation import Answer, CertificateRow, FunctionRow, PostingRow, RequirementRow, evaluate
from .models import DutyFunction

KIND = "clearance.rules_preview"
AT_ONCE = 2000  # people; of more it is counted as a job
YES = frozenset({Answer.CLEARED, Answer.CONDITIONAL})
GATED = FunctionRow(code="", gated=True)


class Turns(NamedTuple):
    """Numbers of people who serve in the roles, turn to not cleared, and turn to cleared."""

    serve: int = 0
    to_not: int = 0
    to_cleared: int = 0

    def plus(self, other: Iterable[int]) -> "Turns":
        return Turns(*(one + more for one, more in zip(self, other, strict=True)))


type ByAgency = Mapping[str, Sequence[int]]  # public id of the agency: the three numbers of Turns


@dataclass(frozen=True)
class ChangeRow:
    agency: str
    serve: Rounded
    to_not: Rounded
    to_cleared: Rounded


@dataclass(frozen=True)
class RulesPreview:
    """`job`: counts in the background; without rows until it is done. `at`: when it was counted."""

    rows: Sequence[ChangeRow]
    at: datetime
    is_new: bool = False  # of a function that does not exist yet
    job: Job | None = None

    @property
    def is_counted(self) -> bool:
        return self.job is None or self.job.state == Job.State.DONE

    @property
    def nobody(self) -> bool:
        """Return whether it was counted and nobody's answer changes; of a new function there was none."""
        return (
            self.is_counted
            and not self.is_new
            and not any(row.to_not.most or row.to_cleared.most for row in self.rows)
        )


def instant_of(first_day: date) -> datetime:
    """Return when the rules would begin: they never begin in the past."""
    return max(clock.start_of(first_day), clock.now())


def asked_about(function: DutyFunction | None, rules: Mapping[str, Any], instant: datetime) -> list[int]:
    """Return who serves then in a role that performs it by the old rules or the new, in a fixed order; one query."""
    old = evidence.requirement_at(function, instant) if function is not None else None
    postings = Posting.objects.at(instant)
    roles = _roles([old, evidence.proposed_row(rules)])
    if roles is not None:
        postings = postings.filter(role__code__in=roles)
    return list(postings.order_by("user_id").values_list("user_id", flat=True).distinct())


def _roles(requirements: Iterable[RequirementRow | None]) -> set[str] | None:
    """Return the roles of any of them; None where one asks for no role."""
    found: set[str] = set()
    for row in requirements:
        if row is not None and not row.roles:
            return None
        found |= set(row.roles) if row is not None else set()
    return found


def turns_of(
    people: Sequence[int], function: DutyFunction | None, rules: Mapping[str, Any], instant: datetime
) -> dict[str, Turns]:
    """Evaluate the old rules and the new for each of the people, at the instant; a constant number of queries.

    By agency: who serves in two counts in both. `function`: None for one that does not exist yet.
    """
    old = evidence.requirement_at(function, instant) if function is not None else None
    new = evidence.proposed_row(rules)
    roles = _roles([old, new])
    postings: dict[int, list[Posting]] = defaultdict(list)
    serving = evidence.with_leave(Posting.objects.at(instant).filter(user__in=people), instant)
    for posting in serving.select_related("user", "agency", "unit", "role"):
        postings[posting.user_id].append(posting)
    codes = {posting.role.code for rows in postings.values() for posting in rows}
    needed = {code for row in (old, new) if row is not None for code in row.codes(sorted(codes))}
    users = [rows[0].user for rows in postings.values()]
    held = evidence.certificates_of(users, needed, instant) if needed else {}
    found: dict[str, Turns] = defaultdict(Turns)
    for pk, rows in postings.items():
        before, after = (
            _is_yes(each, [evidence.posting_row(row) for row in rows], held.get(pk, ()), instant)
            for each in (old, new)
        )
        turn = (1, int(before and not after), int(after and not before))
        for agency in {row.agency.public_id for row in rows if roles is None or row.role.code in roles}:
            found[agency] = found[agency].plus(turn)
    return dict(found)


def _is_yes(
    requirement: RequirementRow | None,
    postings: Sequence[PostingRow],
    certificates: Sequence[CertificateRow],
    instant: datetime,
) -> bool:
    found = evaluate(
        function=GATED, requirement=requirement, postings=postings, certificates=certificates, instant=instant
    )
    return found.answer in YES


def added(one: ByAgency, more: ByAgency) -> dict[str, list[int]]:
    """Return the numbers of two parts of the people together."""
    return {
        agency: list(Turns(*one.get(agency, Turns())).plus(more.get(agency, Turns())))
        for agency in {*one, *more}
    }


def preview(function: DutyFunction | None, rules: Mapping[str, Any], first_day: date) -> RulesPreview | None:
    """Return what would change, counted now; None where there are too many people for that."""
    instant = instant_of(first_day)
    people = asked_about(function, rules, instant)
    if len(people) > AT_ONCE:
        return None
    rows = _rows(turns_of(people, function, rules, instant))
    return RulesPreview(rows, clock.now(), is_new=function is None)


def preview_of(job: Job) -> RulesPreview:
    """Return what a job has counted, or how far it is."""
    done = job.state == Job.State.DONE
    rows = _rows(job.payload.get("turns", {})) if done else ()
    return RulesPreview(rows, job.closed_at or clock.now(), not job.payload["function"], job)


def job_for(subject_id: str, rules: Mapping[str, Any], first_day: date, by: User | None = None) -> Job | None:
    """Return the newest job that counts just this, of anybody or of one person, unless it was cancelled."""
    jobs = Job.objects.filter(kind=KIND, subject_id=subject_id).exclude(state=Job.State.CANCELLED)
    if by is not None:
        jobs = jobs.filter(by=by)
    wanted = canonical.plain({"rules": rules, "first_day": first_day})
    return next((job for job in jobs.order_by("-pk")[:20] if wanted.items() <= job.payload.items()), None)


def _rows(turns: ByAgency) -> list[ChangeRow]:
    names = {agency.public_id: agency.name for agency in Agency.objects.filter(public_id__in=list(turns))}
    rows = [_row(names[public_id], Turns(*turns[public_id])) for public_id in names]
    rows.sort(key=lambda row: row.agency)
    if len(rows) < 2:
        return rows
    sums = [[getattr(row, name) for row in rows] for name in ("serve", "to_not", "to_cleared")]
    total = ChangeRow(_("All agencies"), *(sum(cells[1:], cells[0]) for cells in sums))
    return [*rows, total]


def _row(agency: str, turns: Turns) -> ChangeRow:
    """Rule owners must see whether anybody turns at all, also where few serve: none is told as none."""
    return ChangeRow(agency, *map(rounded, turns))

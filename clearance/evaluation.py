"""Evaluate whether an officer may perform a function at an instant. Pure: plain rows in, an answer out.

Fails closed: what is missing or cannot be read gives *cannot be determined*, never *cleared*. A
function that is not gated is never refused, whatever else is missing: rescue does not wait.
Sources of the rules: docs/clearance.md (requirement table, gate rules 1 and 3).
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from certificates.chains import end_of
from operations import canonical

from .models import Condition, Decision, Mode
from .rules import Need

log = logging.getLogger(__name__)
Answer = Decision.Answer


class ReasonCode(StrEnum):
    """Reasons. The first group answers no, the second cannot tell, the third says yes."""

    NO_POSTING = "no-posting"
    ON_LEAVE = "on-leave"
    ROLE = "role"
    NONE_HELD = "none-held"
    NOT_OFFERED = "not-offered"  # no such qualification exists: nobody can earn it
    VOID = "void"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    ENDED = "ended"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    NOT_YET = "not-yet"

    NO_REQUIREMENT = "no-requirement"
    UNREADABLE = "unreadable"
    OTHER_NAME = "other-name"  # issued to another name than the person has
    CLOCK = "clock"  # our clock is behind what is recorded

    HOLDS = "holds"
    GRACE = "grace"
    NOT_GATED = "not-gated"


UNKNOWN = frozenset(
    {ReasonCode.NO_REQUIREMENT, ReasonCode.UNREADABLE, ReasonCode.OTHER_NAME, ReasonCode.CLOCK}
)
YES = frozenset({ReasonCode.HOLDS, ReasonCode.GRACE, ReasonCode.NOT_GATED})


@dataclass(frozen=True, kw_only=True)
class FunctionRow:
    code: str
    gated: bool


@dataclass(frozen=True, kw_only=True)
class RequirementRow:
    """The version in force at the instant asked about; `valid_to` is when it ends, as known."""

    number: int
    sha256: str
    needs: tuple[Need, ...] | None  # all of them; None: unreadable
    roles: tuple[str, ...] = ()  # codes; empty: any role
    conditions: tuple[str, ...] = ()
    grace_days: int = 0
    override: bool = False
    mode: Mode = Mode.ENFORCE
    enforce_from: datetime | None = None  # of one that is advised: from then on it is enforced
    valid_to: datetime | None = None
    not_offered: tuple[str, ...] = ()  # codes that nobody can earn, of needs that nobody can meet

    def mode_at(self, instant: datetime) -> Mode:
        if self.mode == Mode.ADVISE and (self.enforce_from is None or instant < self.enforce_from):
            return Mode.ADVISE
        return Mode.ENFORCE

    def codes(self, roles: Iterable[str]) -> list[str]:
        """Return every qualification of its needs, for somebody who serves in these roles."""
        roles = list(roles)
        return [code for need in self.needs or () for code in need.codes(roles)]


@dataclass(frozen=True, kw_only=True)
class PostingRow:
    agency: str  # code
    unit: str  # public id
    role: str  # code
    valid_from: datetime
    valid_to: datetime | None
    recorded_at: datetime
    leave_from: datetime | None = None  # when the leave at or next after the instant begins


@dataclass(frozen=True, kw_only=True)
class CertificateRow:
    """`state` is that at the instant asked about; `genuine` False: its own statement does not verify.

    `until`: when a valid one is known to end, perhaps before its days do. `other_name`: it was issued to another name
    than the person has. `bars`: while it stands so, no other certificate of the qualification clears.
    """

    public_id: str
    short_code: str
    qualification: str  # code
    version: int
    state: str
    since: datetime
    valid_from: datetime
    valid_to: datetime
    until: datetime | None = None
    genuine: bool = True
    other_name: bool = False
    bars: bool = False


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One finding; no personal data. `at` is when it began, `until` when it ends. `barred`: as a row that bars."""

    why: ReasonCode
    qualification: str = ""
    certificate: str = ""  # public id
    short_code: str = ""
    at: datetime | None = None
    until: datetime | None = None
    roles: tuple[str, ...] = ()
    choice: tuple[str, ...] = ()  # qualifications of which any one would do
    barred: bool = False

    def plain(self) -> dict[str, Any]:
        """As JSON keeps it: {code, …} without what is empty, instants in ISO 8601."""
        found = {name: value for name, value in asdict(self).items() if value and name != "why"}
        said: dict[str, Any] = canonical.plain({"code": self.why.value, **found})
        return said


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """`relied_on`: public ids of certificates. `until`: the first known instant at which a yes may turn.

    `mode`: advised or enforced at the instant; the answer is the same. `enforce_from`: when what is advised
    will be enforced.
    """

    answer: Answer
    reasons: tuple[Finding, ...]
    relied_on: tuple[str, ...] = ()
    until: datetime | None = None
    conditions: tuple[str, ...] = field(default=())
    mode: Mode = Mode.ENFORCE
    enforce_from: datetime | None = None

    @property
    def in_order(self) -> bool:
        """Return whether posting and certificates are in order without grace, whatever is to be confirmed."""
        yes = self.answer in {Answer.CLEARED, Answer.CONDITIONAL}
        return yes and all(reason.why is not ReasonCode.GRACE for reason in self.reasons)


NOT_GATED = Evaluation(answer=Answer.NOT_GATED, reasons=(Finding(why=ReasonCode.NOT_GATED),))
UNREADABLE = Evaluation(answer=Answer.UNDETERMINED, reasons=(Finding(why=ReasonCode.UNREADABLE),))
CLOCK_BEHIND = Evaluation(answer=Answer.UNDETERMINED, reasons=(Finding(why=ReasonCode.CLOCK),))
NO_REQUIREMENT = Evaluation(answer=Answer.UNDETERMINED, reasons=(Finding(why=ReasonCode.NO_REQUIREMENT),))


def evaluate(
    *,
    function: FunctionRow,
    requirement: RequirementRow | None,
    postings: Sequence[PostingRow] | None,
    certificates: Sequence[CertificateRow] | None,
    instant: datetime,
    clock_behind: bool = False,
) -> Evaluation:
    """None for rows means that they could not be read; `clock_behind`: our clock says nothing of today. Never raises,
    never writes.
    """
    try:
        if not function.gated:
            return NOT_GATED
        if clock_behind:
            return CLOCK_BEHIND
        if requirement is None:
            return UNREADABLE if postings is None or certificates is None else NO_REQUIREMENT
        if requirement.needs is None:
            return UNREADABLE
        if postings is None or certificates is None:
            found = UNREADABLE
        else:
            found = _gated(requirement, requirement.needs, postings, certificates, instant)
        if requirement.mode_at(instant) == Mode.ENFORCE:
            return found
        return replace(found, mode=Mode.ADVISE, enforce_from=requirement.enforce_from)
    except Exception:
        log.exception("evaluation of %s failed", getattr(function, "code", "?"))
        return UNREADABLE


def _gated(
    requirement: RequirementRow,
    needs: Sequence[Need],
    postings: Sequence[PostingRow],
    certificates: Sequence[CertificateRow],
    instant: datetime,
) -> Evaluation:
    serving = [row for row in postings if covers(row.valid_from, row.valid_to, instant)]
    fitting = [row for row in serving if not requirement.roles or row.role in requirement.roles]
    reasons: list[Finding] = []
    if not serving:
        reasons.append(Finding(why=ReasonCode.NO_POSTING))
    elif not fitting:
        reasons.append(Finding(why=ReasonCode.ROLE, roles=requirement.roles))
    leave = _earliest(row.leave_from for row in serving)
    if leave is not None and leave <= instant:
        reasons.append(Finding(why=ReasonCode.ON_LEAVE))  # since when and until when is not told
    found, fitting = _met(requirement, needs, fitting, certificates, instant)
    reasons += found
    answer = _answer(reasons)
    if answer not in {Answer.CLEARED, Answer.CONDITIONAL}:
        return Evaluation(answer=answer, reasons=tuple(reasons))
    conditions = requirement.conditions
    if answer == Answer.CONDITIONAL and Condition.SUPERVISOR_NOTE not in conditions:
        conditions = (Condition.SUPERVISOR_NOTE.value, *conditions)
    return Evaluation(
        answer=Answer.CONDITIONAL if conditions else answer,
        reasons=tuple(reasons),
        relied_on=tuple(reason.certificate for reason in reasons),
        until=_earliest([*_ends(reasons), _latest(fitting), requirement.valid_to, leave]),
        conditions=conditions,
    )


def covers(valid_from: datetime, valid_to: datetime | None, instant: datetime) -> bool:
    """Half-open: at `valid_to` it is over."""
    return valid_from <= instant and (valid_to is None or instant < valid_to)


def _met(
    requirement: RequirementRow,
    needs: Sequence[Need],
    fitting: list[PostingRow],
    certificates: Sequence[CertificateRow],
    instant: datetime,
) -> tuple[list[Finding], list[PostingRow]]:
    """Return one finding for each need, and the postings on which they rest.

    What is needed of the role one serves in is needed of one role: the one in which the person fares best.
    """
    if not any(need.of_role for need in needs):
        return [_need(need.any, requirement, certificates, instant) for need in needs], fitting
    of_any = [need for need in needs if not need.of_role]
    best = [_need(need.any, requirement, certificates, instant) for need in of_any], fitting
    tried = []
    for role in dict.fromkeys(row.role for row in fitting):
        found = [_need(need.codes([role]), requirement, certificates, instant) for need in needs]
        tried.append((found, [row for row in fitting if row.role == role]))
    return min(tried, key=lambda each: _rank(each[0]), default=best)


def _rank(found: list[Finding]) -> tuple[int, float]:
    end = _earliest(_ends(found))
    return BEST_FIRST.index(_answer(found)), -end.timestamp() if end else 0


BEST_FIRST = (Answer.CLEARED, Answer.CONDITIONAL, Answer.UNDETERMINED, Answer.NOT_CLEARED)


def _need(
    codes: Sequence[str],
    requirement: RequirementRow,
    certificates: Sequence[CertificateRow],
    instant: datetime,
) -> Finding:
    """The best a person has for one need: the certificate that holds longest, else what is nearest to it."""
    if len(codes) == 1:
        return _certificate(codes[0], requirement, certificates, instant)
    found = [_certificate(code, requirement, certificates, instant) for code in codes]
    return replace(min(found, key=_nearest), choice=tuple(codes))


def _nearest(found: Finding) -> tuple[int, float]:
    """A yes before a doubt, a doubt before a no; of equal ones the longest."""
    return _NEAREST[found.why], -found.until.timestamp() if found.until else 0


def _certificate(
    code: str, requirement: RequirementRow, certificates: Sequence[CertificateRow], instant: datetime
) -> Finding:
    """The best a person has for one qualification; otherwise why the latest does not do."""
    held = [row for row in certificates if row.qualification == code]
    # The latest first; of two that end alike what took the other's place, else always the same one, however they were read.
    held.sort(
        key=lambda row: (row.valid_to, row.state != "superseded", row.valid_from, row.public_id), reverse=True
    )
    genuine = [row for row in held if row.genuine]
    for row in held:
        if row.bars:
            return _refused(row) if row.genuine else Finding(why=ReasonCode.UNREADABLE, qualification=code)
    found = sorted(
        _clearing(genuine, requirement.grace_days, instant),
        key=lambda each: (each[0].other_name, each[1].why is ReasonCode.GRACE),
    )
    for row, finding in found:
        return _found(ReasonCode.OTHER_NAME, row) if row.other_name else finding
    if len(genuine) < len(held):
        return Finding(why=ReasonCode.UNREADABLE, qualification=code)
    if not genuine:
        lacking = any(code == each or code.startswith(f"{each}-") for each in requirement.not_offered)
        return Finding(why=ReasonCode.NOT_OFFERED if lacking else ReasonCode.NONE_HELD, qualification=code)
    doubtful = (row for row in genuine if row.state not in _REFUSALS)
    return _refused(next(doubtful, genuine[0]))


def _clearing(
    rows: Sequence[CertificateRow], grace_days: int, instant: datetime
) -> Iterator[tuple[CertificateRow, Finding]]:
    """Yield those in force, or within the grace, each with its finding. One in force holds until its chain ends."""
    for row in rows:
        end = row.valid_to + timedelta(days=grace_days)
        if row.state == "valid" and covers(row.valid_from, row.valid_to, instant):
            yield row, _found(ReasonCode.HOLDS, row, until=_end_of_chain(row, rows))
        elif row.state == "expired" and row.valid_to <= instant < end:
            yield row, _found(ReasonCode.GRACE, row, at=row.valid_to, until=end)


def _end_of_chain(row: CertificateRow, rows: Sequence[CertificateRow]) -> datetime:
    carry_on = [one for one in rows if one.state in ("valid", "not-yet") and one.other_name == row.other_name]
    return end_of(
        row.until or row.valid_to, [(one.valid_from, one.until or one.valid_to) for one in carry_on]
    )


def _refused(row: CertificateRow) -> Finding:
    if row.state not in _REFUSALS:  # a state this release does not know, or one that contradicts the dates
        return _found(ReasonCode.UNREADABLE, row)
    return replace(_found(_REFUSALS[row.state], row, at=row.since), barred=row.bars)


_REFUSALS = {
    why.value: why
    for why in (
        ReasonCode.VOID,
        ReasonCode.REVOKED,
        ReasonCode.SUPERSEDED,
        ReasonCode.ENDED,
        ReasonCode.SUSPENDED,
        ReasonCode.EXPIRED,
        ReasonCode.NOT_YET,
    )
}
_NEAREST = {
    why: place
    for place, why in enumerate(
        (
            ReasonCode.HOLDS, ReasonCode.GRACE, ReasonCode.OTHER_NAME, ReasonCode.UNREADABLE, ReasonCode.NOT_YET,
            ReasonCode.EXPIRED, ReasonCode.SUSPENDED, ReasonCode.ENDED, ReasonCode.SUPERSEDED, ReasonCode.REVOKED,
            ReasonCode.VOID, ReasonCode.NONE_HELD, ReasonCode.NOT_OFFERED,
        )
    )
}  # fmt: skip


def _found(
    why: ReasonCode, row: CertificateRow, *, at: datetime | None = None, until: datetime | None = None
) -> Finding:
    return Finding(
        why=why, qualification=row.qualification, certificate=row.public_id, short_code=row.short_code,
        at=at, until=until,
    )  # fmt: skip


def _answer(reasons: Iterable[Finding]) -> Answer:
    """A certain no is stronger than a doubt, a doubt stronger than a yes."""
    found = {reason.why for reason in reasons}
    if found - UNKNOWN - YES:
        return Answer.NOT_CLEARED
    if found & UNKNOWN:
        return Answer.UNDETERMINED
    return Answer.CONDITIONAL if ReasonCode.GRACE in found else Answer.CLEARED


def _ends(reasons: Iterable[Finding]) -> Iterator[datetime | None]:
    return (reason.until for reason in reasons)


def _latest(postings: Iterable[PostingRow]) -> datetime | None:
    """Return when the last of them ends; None while one is open."""
    ends = [row.valid_to for row in postings]
    return None if None in ends else max(end for end in ends if end is not None)


def _earliest(instants: Iterable[datetime | None]) -> datetime | None:
    return min((instant for instant in instants if instant is not None), default=None)

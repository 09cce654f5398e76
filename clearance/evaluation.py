"""Evaluate whether an officer may perform a function at an instant. Pure: plain rows in, an answer out.

Fails closed: what is missing or cannot be read gives *cannot be determined*, never *cleared*. A
function that is not gated is never refused, whatever else is missing: rescue does not wait.
Sources of the rules: docs/clearance.md (requirement table, gate rules 1 and 3).
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from operations import canonical

from .models import Decision

log = logging.getLogger(__name__)
Answer = Decision.Answer
SUPERVISOR_NOTE = "supervisor-note"  # what a period of grace is bound to


class ReasonCode(StrEnum):
    """Reasons. The first group answers no, the second cannot tell, the third says yes."""

    NO_POSTING = "no-posting"
    ON_LEAVE = "on-leave"
    ROLE = "role"
    NONE_HELD = "none-held"
    VOID = "void"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    NOT_YET = "not-yet"

    NO_REQUIREMENT = "no-requirement"
    UNREADABLE = "unreadable"

    HOLDS = "holds"
    GRACE = "grace"
    NOT_GATED = "not-gated"


UNKNOWN = frozenset({ReasonCode.NO_REQUIREMENT, ReasonCode.UNREADABLE})
YES = frozenset({ReasonCode.HOLDS, ReasonCode.GRACE, ReasonCode.NOT_GATED})


@dataclass(frozen=True, kw_only=True)
class FunctionRow:
    code: str
    gated: bool
    roles: tuple[str, ...]  # codes; empty: any role


@dataclass(frozen=True, kw_only=True)
class RequirementRow:
    """The version in force at the instant asked about; `valid_to` is when it ends, as known."""

    number: int
    sha256: str
    certificates: tuple[str, ...] | None  # codes of qualifications, all needed; None: unreadable
    grace_days: int
    valid_to: datetime | None


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
    """`state` is that at the instant asked about; `genuine` False: its own statement does not verify."""

    public_id: str
    short_code: str
    qualification: str  # code
    version: int
    state: str
    since: datetime
    valid_from: datetime
    valid_to: datetime
    genuine: bool = True


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One finding; no personal data. `at` is when it began, `until` when it ends."""

    why: ReasonCode
    qualification: str = ""
    certificate: str = ""  # public id
    short_code: str = ""
    at: datetime | None = None
    until: datetime | None = None
    roles: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As JSON keeps it: {code, …} without what is empty, instants in ISO 8601."""
        found = {"code": self.why.value, **asdict(self)}
        del found["why"]
        said: dict[str, Any] = canonical.plain({name: value for name, value in found.items() if value})
        return said


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """`relied_on`: public ids of certificates. `until`: the first known instant at which a yes may turn."""

    answer: Answer
    reasons: tuple[Finding, ...]
    relied_on: tuple[str, ...] = ()
    until: datetime | None = None
    conditions: tuple[str, ...] = field(default=())


UNREADABLE = Evaluation(answer=Answer.UNDETERMINED, reasons=(Finding(why=ReasonCode.UNREADABLE),))


def evaluate(
    *,
    function: FunctionRow,
    requirement: RequirementRow | None,
    postings: Sequence[PostingRow] | None,
    certificates: Sequence[CertificateRow] | None,
    instant: datetime,
) -> Evaluation:
    """None for rows means that they could not be read. Never raises, never writes."""
    try:
        if not function.gated:
            return Evaluation(answer=Answer.NOT_GATED, reasons=(Finding(why=ReasonCode.NOT_GATED),))
        if postings is None or certificates is None:
            return UNREADABLE
        if requirement is None:
            return Evaluation(answer=Answer.UNDETERMINED, reasons=(Finding(why=ReasonCode.NO_REQUIREMENT),))
        if requirement.certificates is None:
            return UNREADABLE
        return _gated(function, requirement, postings, certificates, instant)
    except Exception:
        log.exception("evaluation of %s failed", getattr(function, "code", "?"))
        return UNREADABLE


def _gated(
    function: FunctionRow,
    requirement: RequirementRow,
    postings: Sequence[PostingRow],
    certificates: Sequence[CertificateRow],
    instant: datetime,
) -> Evaluation:
    serving = [row for row in postings if covers(row.valid_from, row.valid_to, instant)]
    fitting = [row for row in serving if not function.roles or row.role in function.roles]
    reasons: list[Finding] = []
    if not serving:
        reasons.append(Finding(why=ReasonCode.NO_POSTING))
    elif not fitting:
        reasons.append(Finding(why=ReasonCode.ROLE, roles=function.roles))
    leave = _earliest(row.leave_from for row in serving)
    if leave is not None and leave <= instant:
        reasons.append(Finding(why=ReasonCode.ON_LEAVE))  # since when and until when is not told
    for code in requirement.certificates or ():
        held = [row for row in certificates if row.qualification == code]
        reasons.append(_certificate(code, held, requirement.grace_days, instant))
    answer = _answer(reasons)
    if answer not in {Answer.CLEARED, Answer.CONDITIONAL}:
        return Evaluation(answer=answer, reasons=tuple(reasons))
    return Evaluation(
        answer=answer,
        reasons=tuple(reasons),
        relied_on=tuple(reason.certificate for reason in reasons),
        until=_earliest([*_ends(reasons), _latest(fitting), requirement.valid_to, leave]),
        conditions=(SUPERVISOR_NOTE,) if answer == Answer.CONDITIONAL else (),
    )


def covers(valid_from: datetime, valid_to: datetime | None, instant: datetime) -> bool:
    """Half-open: at `valid_to` it is over."""
    return valid_from <= instant and (valid_to is None or instant < valid_to)


def _certificate(code: str, held: Sequence[CertificateRow], grace_days: int, instant: datetime) -> Finding:
    """The best a person has for one qualification; otherwise why the latest does not do."""
    genuine = sorted((row for row in held if row.genuine), key=lambda row: row.valid_to, reverse=True)
    for row in genuine:
        if row.state == "valid" and covers(row.valid_from, row.valid_to, instant):
            return _found(ReasonCode.HOLDS, row, until=row.valid_to)
    for row in genuine:
        end = row.valid_to + timedelta(days=grace_days)
        if row.state == "expired" and row.valid_to <= instant < end:
            return _found(ReasonCode.GRACE, row, at=row.valid_to, until=end)
    if len(genuine) < len(held):
        return Finding(why=ReasonCode.UNREADABLE, qualification=code)
    if not genuine:
        return Finding(why=ReasonCode.NONE_HELD, qualification=code)
    state = genuine[0].state
    if state not in _REFUSALS:  # a state this release does not know, or one that contradicts the dates
        return _found(ReasonCode.UNREADABLE, genuine[0])
    return _found(_REFUSALS[state], genuine[0], at=genuine[0].since)


_REFUSALS = {
    why.value: why
    for why in (
        ReasonCode.VOID,
        ReasonCode.REVOKED,
        ReasonCode.SUPERSEDED,
        ReasonCode.SUSPENDED,
        ReasonCode.EXPIRED,
        ReasonCode.NOT_YET,
    )
}


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

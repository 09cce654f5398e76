"""Evidence of an evaluation, read as plain rows. The one place where clearance meets certificates."""

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from certificates import read_model
from certificates.barring import Bar, bars_of
from certificates.chains import CARRIES_ON
from certificates.checking import examine_kept
from certificates.making import is_named
from certificates.models import Certificate, CertificateEvent, Qualification
from certificates.read_model import Kept
from certificates.state import CertificateState, State, state_at, state_from_events, until_rules_end
from operations import canonical, clock
from operations.prepared import PreparedQuery
from people.models import Leave, Posting, User

from .evaluation import CertificateRow, Evaluation, FunctionRow, PostingRow, RequirementRow, evaluate
from .models import DutyFunction, Mode, RequirementInForce
from .rules import FORMAT, needs_of, not_offered

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """Everything one decision rests on. None for rows: they could not be read."""

    function: FunctionRow
    requirement: RequirementRow | None
    person: str  # public id
    postings: list[PostingRow]
    certificates: list[CertificateRow] | None

    def evaluate(self, instant: datetime) -> Evaluation:
        return evaluate(
            function=self.function,
            requirement=self.requirement,
            postings=self.postings,
            certificates=self.certificates,
            instant=instant,
        )

    def frozen(
        self, found: Evaluation, *, asking_agency: str, case_hmac: str | None = None
    ) -> dict[str, Any]:
        """As a Decision keeps it: public ids, codes, versions and instants, no personal value. `case_hmac`: of the
        reference of a case, salted.
        """
        said: dict[str, Any] = canonical.plain(
            {
                **asdict(self),
                "asking_agency": asking_agency,
                "relied_on": found.relied_on,
                "confirmed": sorted(found.conditions),
                "reasons": [reason.plain() for reason in found.reasons],
                "mode": str(found.mode),
                "enforce_from": found.enforce_from,
                "override": None,
                "case": None if case_hmac is None else {"hmac": case_hmac},
            }
        )
        return said


def read(
    *, function: DutyFunction, person: User, postings: Iterable[PostingRow], instant: datetime
) -> Evidence:
    """Read and prove. `postings`: where the person serves."""
    postings = list(postings)
    requirement = requirement_at(function, instant)
    certificates = None
    try:
        gated = requirement if function.gated else None
        needed = gated.codes(row.role for row in postings) if gated else []
        certificates = proven_certificates(person, needed, instant) if needed else []
        if gated:
            [requirement] = offered_known([gated], {row.qualification for row in certificates})
    except (KeyError, TypeError, ValueError):  # a statement in a form this release cannot read
        log.exception("certificates for %s cannot be read", function.code)
    return Evidence(
        function=function_row(function),
        requirement=requirement,
        person=person.public_id,
        postings=postings,
        certificates=certificates,
    )


def function_row(function: DutyFunction) -> FunctionRow:
    return FunctionRow(code=function.code, gated=function.gated)


def offered_known(requirements: Iterable[RequirementRow], held: Iterable[str] = ()) -> list[RequirementRow]:
    """Return them with what nobody can earn. What somebody holds is offered: where that settles it, no query is
    made, else one.
    """
    rows, offered = list(requirements), set(held)
    if any(not_offered(row.needs or (), row.roles, offered) for row in rows):
        offered |= set(Qualification.objects.values_list("code", flat=True))
    return [with_not_offered(row, offered) for row in rows]


def with_not_offered(row: RequirementRow, offered: set[str]) -> RequirementRow:
    return replace(row, not_offered=tuple(not_offered(row.needs or (), row.roles, offered)))


def requirements_at(functions: Iterable[DutyFunction], instant: datetime) -> dict[int, RequirementRow]:
    """Return requirements by primary key of the function, in two queries; a function without one in force is missing."""
    rows = (
        RequirementInForce.objects.at(instant)
        .filter(requirement__function__in=[function.pk for function in functions])
        .values_list("requirement__function_id", "requirement__public_id", "valid_to", *OF_VERSION)
    )
    found = {function: requirement_row(*values) for function, *values in rows}
    return dict(zip(found, offered_known(found.values()), strict=True))


OF_VERSION = ("version__number", "version__sha256", "version__rules")


def requirement_at(function: DutyFunction, instant: datetime) -> RequirementRow | None:
    """The one of a single function, by a prepared query: each decision asks."""
    for valid_from, valid_to, public_id, number, sha256, rules in _requirements().rows(function.pk):
        if valid_from <= instant and (valid_to is None or instant < valid_to):
            return requirement_row(public_id, valid_to, number, sha256, json.loads(rules))
    return None


@lru_cache(maxsize=1)
def _requirements() -> PreparedQuery:
    """Return what is known of one function's requirement, whenever in force."""
    known = RequirementInForce.objects.known().filter(requirement__function=0)
    return PreparedQuery(known.values_list("valid_from", "valid_to", "requirement__public_id", *OF_VERSION))


def proposed_row(rules: Mapping[str, Any]) -> RequirementRow:
    """Return rules that nobody has confirmed, as they would be evaluated."""
    [row] = offered_known([requirement_row("proposed", None, 0, canonical.sha256(rules), rules)])
    return row


def requirement_row(
    public_id: str, valid_to: datetime | None, number: int, sha256: str, rules: Any
) -> RequirementRow:
    try:
        if rules["format"] != FORMAT or canonical.sha256(rules) != sha256:
            raise ValueError("another format, or not the rules that were confirmed")
        day = rules["enforce_from"]
        return RequirementRow(
            number=number,
            sha256=sha256,
            roles=tuple(map(str, rules["roles"])),
            needs=needs_of(rules),
            conditions=tuple(map(str, rules["conditions"])),
            grace_days=int(rules["grace_days"]),
            override=rules["override"] is True,
            mode=Mode(rules["mode"]),
            enforce_from=clock.start_of(date.fromisoformat(day)) if day else None,
            valid_to=valid_to,
        )
    except (KeyError, TypeError, ValueError):
        log.exception("rules of requirement %s cannot be read", public_id)
    return RequirementRow(number=number, sha256=sha256, needs=None, valid_to=valid_to)


def with_leave(postings: QuerySet[Posting], instant: datetime) -> QuerySet[Posting]:
    """Each with `leave_from`: when the person's leave at or next after the instant begins, as known today."""
    leaves = Leave.objects.known().filter(Q(valid_to=None) | Q(valid_to__gt=instant), user=OuterRef("user"))
    first = leaves.order_by("valid_from").values("valid_from")[:1]
    annotated: QuerySet[Posting] = postings.annotate(leave_from=Subquery(first))
    return annotated


def posting_row(posting: Posting) -> PostingRow:
    """Expects agency, unit and role selected, and `with_leave`."""
    row: Any = posting
    return PostingRow(
        agency=posting.agency.code,
        unit=posting.unit.public_id,
        role=posting.role.code,
        valid_from=posting.valid_from,
        valid_to=posting.valid_to,
        recorded_at=posting.recorded_at,
        leave_from=row.leave_from,
    )


def certificates_of(
    people: Sequence[User], qualifications: Iterable[str], instant: datetime
) -> dict[int, list[CertificateRow]]:
    """By primary key of the person, in a constant number of queries. Nothing is verified now: one whose last
    nightly proof failed is not genuine.
    """
    found: dict[int, list[CertificateRow]] = defaultdict(list)
    whose = User.objects.filter(Q(pk__in=[person.pk for person in people]) | Q(merged_into__in=people))
    certificates = (
        Certificate.objects.finished()
        .filter(
            award__person__in=whose,
            qualification_version__qualification__code__in=list(qualifications),
        )
        .select_related("award__person", "bearer", "qualification_version__qualification", "check_record")
        .with_rules_end()
        .defer("statement", "award__evidence", "bearer__credential")
        .prefetch_related(Prefetch("events", CertificateEvent.objects.defer("statement")))
    )
    by_key = {person.pk: person for person in people}
    for certificate in certificates:
        holder = certificate.award.person.merged_into_id or certificate.award.person_id
        if holder not in by_key:  # asked about under a record that was merged into another
            continue
        version = certificate.qualification_version
        genuine = not certificate.check_record.failed
        state = state_at(certificate, instant)
        named = is_named(by_key[holder], certificate.bearer.names)
        code, number = version.qualification.code, version.number
        found[holder].append(
            certificate_row(certificate, code, number, state, instant, genuine=genuine, named=named)
        )
    revoked = [pk for pk, rows in found.items() if any(map(_is_revoked, rows))]
    bars = bars_of(revoked, instant) if revoked else {}
    return defaultdict(list, {pk: list(barred(rows, pk, bars, instant)) for pk, rows in found.items()})


def proven_certificates(
    person: User, qualifications: Iterable[str], instant: datetime
) -> list[CertificateRow]:
    """Return what a decision rests on: of each certificate the signed statement is verified, that its row and the person
    who holds it are those that were signed, its events, and the signed status lists, as its public page does; and
    whether it names the person as documents do today.
    """
    wanted = set(qualifications)
    rows = []
    for public_id, qualification in _held().rows(person.pk):
        certificate = read_model.read(public_id) if qualification in wanted else None
        if certificate is None:
            continue
        found = until_rules_end(
            state_from_events(
                certificate.valid_from, certificate.valid_to, certificate.events, instant, clock.now()
            ),
            certificate.rules_end_at,
        )
        genuine = examine_kept(certificate).certificate_state is not None
        named = is_named(person, json.loads(certificate.bearer__names or "null"))
        number = certificate.qualification_version__number
        rows.append(
            certificate_row(certificate, qualification, number, found, instant, genuine=genuine, named=named)
        )
    bars = bars_of([person.pk], instant) if any(map(_is_revoked, rows)) else {}
    return list(barred(rows, person.pk, bars, instant))


def _is_revoked(row: CertificateRow) -> bool:
    return row.state == State.REVOKED


def barred(
    rows: Iterable[CertificateRow], person: int, bars: Mapping[tuple[int, str], Bar], instant: datetime
) -> Iterator[CertificateRow]:
    """Mark what was revoked with all of its qualification: no other certificate clears until two registrars readmit."""
    for row in rows:
        bar = bars.get((person, row.qualification))
        stands = bar is not None and bar.stands(instant) and _is_revoked(row)
        yield replace(row, bars=True) if stands else row


@lru_cache(maxsize=1)
def _held() -> PreparedQuery:
    """Certificates of one person: their ids and qualifications, oldest first."""
    held = Certificate.objects.held_by(0).finished().order_by("pk")
    return PreparedQuery(held.values_list("public_id", "qualification_version__qualification__code"))


def certificate_row(
    certificate: Certificate | Kept,
    qualification: str,
    version: int,
    found: CertificateState,
    instant: datetime,
    *,
    genuine: bool,
    named: bool,
) -> CertificateRow:
    """`found`: the state at the instant, and until when it is known to last."""
    if found.state is State.VALID and found.until is not None and found.until <= instant:
        found = CertificateState(
            state=State.ENDED, since=found.until
        )  # of changed rules, before the event is recorded
    return CertificateRow(
        public_id=certificate.public_id,
        short_code=certificate.short_code,
        qualification=qualification,
        version=version,
        state=found.state.value,
        since=found.since,
        valid_from=certificate.valid_from,
        valid_to=certificate.valid_to,
        until=found.until if found.state in CARRIES_ON else None,
        genuine=genuine,
        other_name=not named,
        bars=found.state is State.SUSPENDED,
    )

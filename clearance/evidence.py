"""Evidence of an evaluation, read as plain rows. The one place where clearance meets certificates."""

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from certificates import read_model
from certificates.checking import examine_kept
from certificates.models import Certificate
from certificates.read_model import Kept
from certificates.state import CertificateState, state_at, state_from_events
from operations import canonical, clock
from operations.prepared import PreparedQuery
from people.models import Leave, Posting, User

from .evaluation import CertificateRow, Evaluation, FunctionRow, PostingRow, RequirementRow, evaluate
from .models import DutyFunction, RequirementInForce

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

    def frozen(self, found: Evaluation) -> dict[str, Any]:
        """As a Decision keeps it: public ids, codes, versions and instants, no personal value."""
        said: dict[str, Any] = canonical.plain(
            {**asdict(self), "relied_on": found.relied_on, "confirmed": sorted(found.conditions)}
        )
        return said


def read(
    *, function: DutyFunction, person: User, postings: Iterable[PostingRow], instant: datetime
) -> Evidence:
    """Read and prove. `postings`: where the person serves."""
    requirement = requirement_at(function, instant)
    needed = (requirement.certificates if requirement and function.gated else None) or ()
    certificates = None
    try:
        certificates = proven_certificates(person, needed, instant) if needed else []
    except (KeyError, TypeError, ValueError):  # a statement in a form this release cannot read
        log.exception("certificates for %s cannot be read", function.code)
    return Evidence(
        function=function_row(function),
        requirement=requirement,
        person=person.public_id,
        postings=list(postings),
        certificates=certificates,
    )


def function_row(function: DutyFunction) -> FunctionRow:
    return FunctionRow(code=function.code, gated=function.gated, roles=tuple(function.roles))


def requirements_at(functions: Iterable[DutyFunction], instant: datetime) -> dict[int, RequirementRow]:
    """Return requirements by primary key of the function, in one query; a function without one in force is missing."""
    rows = (
        RequirementInForce.objects.at(instant)
        .filter(requirement__function__in=[function.pk for function in functions])
        .values_list("requirement__function_id", "requirement__public_id", "valid_to", *OF_VERSION)
    )
    return {function: _requirement_row(*values) for function, *values in rows}


OF_VERSION = ("version__number", "version__sha256", "version__rules")


def requirement_at(function: DutyFunction, instant: datetime) -> RequirementRow | None:
    """The one of a single function, by a prepared query: each decision asks."""
    for valid_from, valid_to, public_id, number, sha256, rules in _requirements().rows(function.pk):
        if valid_from <= instant and (valid_to is None or instant < valid_to):
            return _requirement_row(public_id, valid_to, number, sha256, json.loads(rules))
    return None


@lru_cache(maxsize=1)
def _requirements() -> PreparedQuery:
    """Return what is known of one function's requirement, whenever in force."""
    known = RequirementInForce.objects.known().filter(requirement__function=0)
    return PreparedQuery(known.values_list("valid_from", "valid_to", "requirement__public_id", *OF_VERSION))


def _requirement_row(
    public_id: str, valid_to: datetime | None, number: int, sha256: str, rules: Any
) -> RequirementRow:
    certificates, grace_days = None, 0
    try:
        grace_days = int(rules["grace_days"])
        certificates = tuple(map(str, rules["certificates"]))
    except (KeyError, TypeError, ValueError):
        log.exception("rules of requirement %s cannot be read", public_id)
    return RequirementRow(
        number=number, sha256=sha256, certificates=certificates, grace_days=grace_days, valid_to=valid_to
    )


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
        .select_related("award__person", "qualification_version__qualification", "check_record")
        .prefetch_related("events")
    )
    for certificate in certificates:
        version = certificate.qualification_version
        genuine = not certificate.check_record.failed
        state = state_at(certificate, instant)
        row = _row(certificate, version.qualification.code, version.number, state, genuine=genuine)
        found[certificate.award.person.merged_into_id or certificate.award.person_id].append(row)
    return found


def proven_certificates(
    person: User, qualifications: Iterable[str], instant: datetime
) -> list[CertificateRow]:
    """Return what a decision rests on: of each certificate the signed statement is verified, that its row says
    the same, and the signed status lists, as its public page does.
    """
    wanted = set(qualifications)
    rows = []
    for public_id, qualification in _held().rows(person.pk):
        certificate = read_model.read(public_id) if qualification in wanted else None
        if certificate is None:
            continue
        found = state_from_events(
            certificate.valid_from, certificate.valid_to, certificate.events, instant, clock.now()
        )
        genuine = examine_kept(certificate).certificate_state is not None
        number = certificate.qualification_version__number
        rows.append(_row(certificate, qualification, number, found, genuine=genuine))
    return rows


@lru_cache(maxsize=1)
def _held() -> PreparedQuery:
    """Certificates of one person: their ids and qualifications, oldest first."""
    held = Certificate.objects.held_by(0).finished().order_by("pk")
    return PreparedQuery(held.values_list("public_id", "qualification_version__qualification__code"))


def _row(
    certificate: Certificate | Kept,
    qualification: str,
    version: int,
    found: CertificateState,
    *,
    genuine: bool = True,
) -> CertificateRow:
    return CertificateRow(
        public_id=certificate.public_id,
        short_code=certificate.short_code,
        qualification=qualification,
        version=version,
        state=found.state.value,
        since=found.since,
        valid_from=certificate.valid_from,
        valid_to=certificate.valid_to,
        genuine=genuine,
    )

"""What an evaluation rests on, read as plain rows. The one place where clearance meets certificates."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from certificates.checking import examine
from certificates.models import Certificate
from certificates.state import state_at
from people.models import Posting, User

from .evaluation import CertificateRow, FunctionRow, PostingRow, RequirementRow
from .models import DutyFunction, RequirementInForce

WITHOUT = ("award", "qualification_version__qualification")
WITH_PROOFS = (
    *WITHOUT, "bearer", "check_record", "reservation__revocation_list", "reservation__suspension_list",
)  # fmt: skip


def function_row(function: DutyFunction) -> FunctionRow:
    return FunctionRow(code=function.code, gated=function.gated, roles=tuple(function.roles))


def requirements_at(functions: Iterable[DutyFunction], instant: datetime) -> dict[int, RequirementRow]:
    """By primary key of the function, in one query; a function without one in force is missing."""
    rows = (
        RequirementInForce.objects.at(instant)
        .filter(requirement__function__in=list(functions))
        .select_related("version", "requirement")
    )
    return {
        row.requirement.function_id: RequirementRow(
            number=row.version.number,
            sha256=row.version.sha256,
            certificates=tuple(row.version.rules["certificates"]),
            grace_days=int(row.version.rules["grace_days"]),
            valid_to=row.valid_to,
        )
        for row in rows
    }


def posting_row(posting: Posting) -> PostingRow:
    """Expects agency, unit and role selected."""
    return PostingRow(
        agency=posting.agency.code,
        unit=posting.unit.public_id,
        role=posting.role.code,
        valid_from=posting.valid_from,
        valid_to=posting.valid_to,
        recorded_at=posting.recorded_at,
    )


def certificates_of(
    people: Sequence[User], qualifications: Iterable[str], instant: datetime, *, prove: bool = False
) -> dict[int, list[CertificateRow]]:
    """By primary key of the person, in a constant number of queries.

    prove: verify each certificate's signed statement, that its row says the same, and the signed status
    lists, as its public page does. A decision does; lists that only point the way do not.
    """
    found: dict[int, list[CertificateRow]] = defaultdict(list)
    certificates = (
        Certificate.objects.filter(
            award__person__in=people,
            qualification_version__qualification__code__in=list(qualifications),
        )
        .select_related(*WITH_PROOFS if prove else WITHOUT)
        .prefetch_related("events")
    )
    for certificate in certificates:
        found[certificate.award.person_id].append(certificate_row(certificate, instant, prove=prove))
    return found


def certificate_row(certificate: Certificate, instant: datetime, *, prove: bool) -> CertificateRow:
    standing = state_at(certificate, instant)
    version = certificate.qualification_version
    return CertificateRow(
        public_id=certificate.public_id,
        short_code=certificate.short_code,
        qualification=version.qualification.code,
        version=version.number,
        state=standing.state.value,
        since=standing.since,
        valid_from=certificate.valid_from,
        valid_to=certificate.valid_to,
        genuine=not prove or examine(certificate).standing is not None,
    )

"""One certificate in one row: all that is compared with what was signed, and shown.

Read by its id with two prepared queries: for the one page that everybody opens, making the SQL anew
would cost ten times asking the database.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Self

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import OuterRef, Subquery

from operations.prepared import PreparedQuery

from .models import AwardInDoubt, Certificate, CertificateBearer, CertificateEvent


@dataclass(frozen=True, kw_only=True)
class KeptEvent:
    """One event with what its signature says of other rows; fields are named as lookups."""

    pk: int
    public_id: str
    number: int
    kind: str
    reason: str
    reach: str | None
    effective_at: datetime
    recorded_at: datetime
    until: datetime | None
    undoes_id: int | None
    undoes__public_id: str | None
    successor__public_id: str | None
    by__public_id: str | None
    proposal__public_id: str | None
    proposal__outcome: str | None
    previous_sha256: str
    statement: str

    @classmethod
    def of(cls, event: CertificateEvent) -> Self:
        return cls(**{name: _follow(event, name) for name in OF_EVENT})


OF_EVENT = [field.name for field in fields(KeptEvent)]


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One row over all tables; fields are named as lookups. JSON stands as text, as it came."""

    pk: int
    public_id: str
    short_code: str
    valid_from: datetime
    valid_to: datetime
    edition: str
    legal_baseline: date
    law_confirmed_on: date | None
    issued_at: datetime
    bearer_key: str
    renews__public_id: str | None
    statement: str
    award_id: int
    award__public_id: str
    award__cause: str
    award__evidence: str
    award__person__public_id: str
    award__awarded_at: datetime
    award__qualification_version_id: int
    qualification_version_id: int
    qualification_version__number: int
    qualification_version__sha256: str
    qualification_version__rules: str
    qualification_version__qualification__code: str
    reservation__public_id: str
    reservation__short_code: str
    reservation__award_id: int
    reservation__revocation_index: int
    reservation__suspension_index: int
    reservation__revocation_list__number: int
    reservation__revocation_list__purpose: str
    reservation__revocation_list__credential: str
    reservation__revocation_list__signed_at: datetime
    reservation__revocation_list__valid_until: datetime
    reservation__revocation_list__due_at: datetime
    reservation__suspension_list__number: int
    reservation__suspension_list__purpose: str
    reservation__suspension_list__credential: str
    reservation__suspension_list__signed_at: datetime
    reservation__suspension_list__valid_until: datetime
    reservation__suspension_list__due_at: datetime
    bearer__pk: int | None
    bearer__names: str | None
    bearer__agency: str | None
    bearer__salt: str | None
    bearer__credential: str | None
    bearer__credential_sha256: str | None
    bearer__qr_text: str | None
    check_record__checked_at: datetime | None
    check_record__credential: str | None
    check_record__document: str | None
    rules_end_at: datetime | None  # of `with_rules_end`
    left_at: datetime | None = (
        None  # where its exam counted no longer as passed, and a registrar left it; of `read`
    )
    events: tuple[KeptEvent, ...] = ()

    @classmethod
    def of(cls, certificate: Certificate) -> Self:
        """From a model; expects `Certificate.objects.to_examine()`."""
        values = {name: _follow(certificate, name) for name in LOOKUPS}
        return cls(**values, events=tuple(map(KeptEvent.of, certificate.events.all())))

    @property
    def erased(self) -> bool:
        """All of the bearer's columns, and the row is there; what lacks a part was tampered with."""
        columns = CertificateBearer.personal_data
        return self.bearer__pk is not None and all(
            getattr(self, f"bearer__{name}") is None for name in columns
        )


LOOKUPS = [field.name for field in fields(Kept) if field.name not in {"left_at", "events"}]


def _follow(row: Any, lookup: str) -> Any:
    value = row
    try:
        for name in lookup.split("__"):
            value = None if value is None else getattr(value, name)
    except ObjectDoesNotExist:
        return None
    return json.dumps(value) if isinstance(value, dict | list) else value


@lru_cache(maxsize=1)
def _certificates() -> PreparedQuery:
    left = AwardInDoubt.objects.filter(award=OuterRef("award"), reason__isnull=False).order_by("-decided_at")
    certificates = Certificate.objects.with_rules_end().annotate(
        left_at=Subquery(left.values("decided_at")[:1])
    )
    return PreparedQuery(certificates.filter(public_id="").values_list(*LOOKUPS, "left_at"))


@lru_cache(maxsize=1)
def _events() -> PreparedQuery:
    events = CertificateEvent.objects.filter(certificate=0).order_by("number")
    return PreparedQuery(events.values_list(*OF_EVENT))


def read(public_id: str) -> Kept | None:
    """In two queries."""
    for *row, left_at in _certificates().rows(public_id):
        values = dict(zip(LOOKUPS, row, strict=True))
        happened = [
            KeptEvent(**dict(zip(OF_EVENT, each, strict=True))) for each in _events().rows(values["pk"])
        ]
        return Kept(**values, left_at=left_at, events=tuple(happened))
    return None


def events_of(certificates: Iterable[int]) -> Mapping[int, tuple[KeptEvent, ...]]:
    """By primary key of the certificate, in one query where there are any."""
    found: dict[int, list[KeptEvent]] = defaultdict(list)
    if wanted := list(certificates):
        for event in CertificateEvent.objects.filter(certificate__in=wanted).with_signed():
            found[event.certificate_id].append(KeptEvent.of(event))
    return {pk: tuple(own) for pk, own in found.items()}

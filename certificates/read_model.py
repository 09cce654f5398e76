"""One certificate in one row: all that is compared with what was signed, and shown.

Read by its id with two prepared queries: for the one page that everybody opens, making the SQL anew
would cost ten times asking the database.
"""

import json
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Self

from django.core.exceptions import ObjectDoesNotExist

from operations.prepared import PreparedQuery

from .models import Certificate, CertificateEvent


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
    issued_at: datetime
    statement: str
    award_id: int
    award__awarded_at: datetime
    award__qualification_version_id: int
    qualification_version_id: int
    qualification_version__number: int
    qualification_version__rules: str
    qualification_version__qualification__code: str
    reservation__public_id: str
    reservation__short_code: str
    reservation__award_id: int
    reservation__revocation_index: int
    reservation__suspension_index: int
    reservation__revocation_list__number: int
    reservation__revocation_list__credential: str
    reservation__revocation_list__signed_at: datetime
    reservation__revocation_list__due_at: datetime
    reservation__suspension_list__number: int
    reservation__suspension_list__credential: str
    reservation__suspension_list__signed_at: datetime
    reservation__suspension_list__due_at: datetime
    bearer__pk: int | None
    bearer__names: str | None
    bearer__agency: str | None
    bearer__salt: str | None
    check_record__checked_at: datetime | None
    check_record__credential: str | None
    check_record__document: str | None
    events: tuple[CertificateEvent, ...] = ()

    @classmethod
    def of(cls, certificate: Certificate) -> Self:
        """From a model; expects `Certificate.objects.to_examine()`."""
        values = {name: _follow(certificate, name) for name in LOOKUPS}
        return cls(**values, events=tuple(certificate.events.all()))

    @property
    def erased(self) -> bool:
        return (self.bearer__names, self.bearer__agency, self.bearer__salt) == (None, None, None)


LOOKUPS = [field.name for field in fields(Kept) if field.name != "events"]
OF_EVENT = ("pk", "public_id", "kind", "reason", "effective_at", "recorded_at")


def _follow(certificate: Certificate, lookup: str) -> Any:
    value: Any = certificate
    try:
        for name in lookup.split("__"):
            value = getattr(value, name)
    except ObjectDoesNotExist:
        return None
    return json.dumps(value) if isinstance(value, dict | list) else value


@lru_cache(maxsize=1)
def _certificates() -> PreparedQuery:
    return PreparedQuery(Certificate.objects.filter(public_id="").values_list(*LOOKUPS))


@lru_cache(maxsize=1)
def _events() -> PreparedQuery:
    return PreparedQuery(CertificateEvent.objects.filter(certificate=0).values_list(*OF_EVENT))


def read(public_id: str) -> Kept | None:
    """In two queries."""
    for row in _certificates().rows(public_id):
        values = dict(zip(LOOKUPS, row, strict=True))
        happened = [dict(zip(OF_EVENT, event, strict=True)) for event in _events().rows(values["pk"])]
        return Kept(**values, events=tuple(CertificateEvent(**event) for event in happened))
    return None

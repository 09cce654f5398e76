"""Postings of one person at an instant: each decision asks, by prepared queries, and compares here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from locales.languages import LANGUAGES
from operations.prepared import PreparedQuery
from people.models import Leave, Posting, User
from people.permissions import Scope

from .evaluation import PostingRow, covers

OF_ROW = ("agency__code", "unit__public_id", "role__code", "valid_from", "valid_to", "recorded_at")
OF_PLACE = ("pk", "main", "user__is_active", "agency_id", "unit_id", "service_number")


@dataclass(frozen=True, kw_only=True)
class Serving:
    """One posting: as it is evaluated, and as a decision keeps it. `unit_names` by language."""

    pk: int
    main: bool | None
    agency_id: int
    service_number: str | None
    unit_names: Mapping[str, str]
    row: PostingRow


def serving(person: User, instant: datetime, within: Scope) -> list[Serving]:
    """The active person's postings at the instant, as far as the scope reaches; the main one first."""
    leave_from = _leave_from(person, instant)
    found = []
    for row in _postings().rows(person.pk):
        pk, main, is_active, agency_id, unit_id, service_number = row[: len(OF_PLACE)]
        of_row = dict(zip(_names(OF_ROW), row[len(OF_PLACE) :], strict=False))
        if not covers(of_row["valid_from"], of_row["valid_to"], instant):
            continue
        if is_active and within.reaches(agency_id, unit_id):
            names = row[len(OF_PLACE) + len(OF_ROW) :]
            found.append(
                Serving(
                    pk=pk,
                    main=main,
                    agency_id=agency_id,
                    service_number=service_number,
                    unit_names=dict(zip(LANGUAGES, names, strict=True)),
                    row=PostingRow(**of_row, leave_from=leave_from),
                )
            )
    return sorted(found, key=lambda each: (not each.main, each.pk))


def _leave_from(person: User, instant: datetime) -> datetime | None:
    """Return when the person's leave at or next after the instant begins."""
    leaves = _leaves().rows(person.pk)
    return min((begin for begin, end in leaves if end is None or end > instant), default=None)


def _names(lookups: tuple[str, ...]) -> list[str]:
    return [lookup.partition("__")[0] for lookup in lookups]


@lru_cache(maxsize=1)
def _postings() -> PreparedQuery:
    """Return all postings known of one person, whenever they hold."""
    names = (f"unit__name_{language}" for language in LANGUAGES)
    return PreparedQuery(Posting.objects.known().filter(user=0).values_list(*OF_PLACE, *OF_ROW, *names))


@lru_cache(maxsize=1)
def _leaves() -> PreparedQuery:
    return PreparedQuery(Leave.objects.known().filter(user=0).values_list("valid_from", "valid_to"))

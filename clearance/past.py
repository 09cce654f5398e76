"""Answers of an earlier instant, as known then or as known today. Nothing is decided or signed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import get_language

from locales.text import fold, written_name
from people.models import Agency, Posting, Unit, User

from . import permissions
from .bulk_evidence import BulkEvidence
from .models import DutyFunction, KnownWhen
from .shift_table import MOST_PEOPLE, ShiftTable, TableCell, TableRow


@dataclass(frozen=True, kw_only=True)
class PastQuestion:
    """Of a unit, or of a service number of the agency, or both."""

    agency: Agency
    unit: Unit | None
    number: str
    functions: Sequence[DutyFunction]
    instant: datetime
    known: KnownWhen

    @property
    def known_at(self) -> datetime | None:
        return self.instant if self.known is KnownWhen.THEN else None

    def postings(self) -> QuerySet[Posting]:
        """Return where they served then. Who was erased since is nobody's to ask about."""
        found = Posting.objects.at(self.instant, known_at=self.known_at).filter(
            agency=self.agency, user__erased_at=None
        )
        if self.unit is not None:
            found = found.filter(unit=self.unit)
        return found.filter(folded_number=fold(self.number)) if self.number else found


def people_of(question: PastQuestion) -> list[int]:
    """Return primary keys of the records it is about, at most MOST_PEOPLE + 1."""
    people = question.postings().order_by("user").values_list("user", flat=True).distinct()
    return list(people[: MOST_PEOPLE + 1])


def table_of(question: PastQuestion, people: Iterable[int], *, by: User) -> ShiftTable:
    """Answer each function for each of them, in a constant number of queries. Of who asks nothing is answered."""
    bulk = BulkEvidence(list(people), question.functions, known_at=question.known_at)
    standing = dict.fromkeys(bulk.owners[pk] for pk in people)
    rows = [_row(bulk, pk, question, by) for pk in standing]
    found = sorted(rows, key=lambda row: row.person.sort_name)
    return ShiftTable(functions=question.functions, rows=found, instant=question.instant)


def _row(bulk: BulkEvidence, pk: int, question: PastQuestion, by: User) -> TableRow:
    person = bulk.names[pk] or bulk.records[pk]
    within = lambda posting: posting.agency_id == question.agency.pk
    serving = bulk.serving(pk, question.instant, within)
    own = permissions.is_person(by, bulk.records[pk])
    cells = [
        TableCell(function=function, evaluation=bulk.evaluate(pk, function, question.instant, within=within))
        for function in question.functions
    ]
    return TableRow(
        person=person,
        name=written_name(person, get_language() or "az"),
        service_number=next((row.service_number for row in serving if row.service_number), ""),
        unit=serving[0].unit.name if serving else "",
        cells=() if own else cells,
    )

"""Evidence of many people, read once in a constant number of queries: at any instant, as known today or at an instant.

Nothing is verified now: a certificate whose last nightly proof failed is not genuine.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from copy import copy
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, Q

from certificates.barring import Bar, bar_of
from certificates.making import is_named
from certificates.models import Certificate, CertificateEvent, QualificationVersion, Readmission
from certificates.state import State, state_from_events, until_rules_end
from merging.permissions import MERGE
from operations import clock, clock_guard
from operations.models import AuditValue, Proposal
from people.models import Leave, Posting, User
from people.models.person import NAME_PARTS

from . import evidence
from .evaluation import CertificateRow, Evaluation, PostingRow, RequirementRow, covers, evaluate
from .models import DutyFunction, RequirementInForce

type Within = Callable[[Posting], bool]


class BulkEvidence:
    """All that is on record of these people (primary keys of records) and functions. `known_at` None: as known today."""

    def __init__(
        self, people: Collection[int], functions: Iterable[DutyFunction], *, known_at: datetime | None = None
    ) -> None:
        self.known_at = known_at
        self.now = clock.now()
        self.functions = {function.pk: function for function in functions}
        self.records = _records(people)
        self.owners = self._owners()
        self.requirements = self._requirements()
        self.postings = self._by_owner(
            Posting.objects.known(known_at).select_related("agency", "unit", "role")
        )
        self.leaves = self._by_owner(Leave.objects.known(known_at))
        self.names = self._names()
        self.certificates = self._certificates()

    def evaluate(
        self, person: int, function: DutyFunction, instant: datetime, *, within: Within
    ) -> Evaluation:
        """Answer for a record, going by its postings that are `within`."""
        rows = self.posting_rows(person, instant, within)
        requirement = self._requirement_at(function, instant)
        needed = requirement.codes(row.role for row in rows) if requirement and function.gated else ()
        held = list(self._certificate_rows(person, needed, instant)) if needed else []
        if requirement is not None:
            requirement = self._offered(requirement, {row.qualification for row in held})
        return evaluate(
            function=evidence.function_row(function),
            requirement=requirement,
            postings=rows,
            certificates=held,
            instant=instant,
            clock_behind=clock_guard.is_behind(*(row.recorded_at for row in rows)),
        )

    def serving(self, person: int, instant: datetime, within: Within) -> list[Posting]:
        """Return where the person serves at the instant, the main posting first."""
        found = [row for row in self.postings[person] if covers(row.valid_from, row.valid_to, instant)]
        return sorted((row for row in found if within(row)), key=lambda row: (not row.main, row.pk))

    def posting_rows(self, person: int, instant: datetime, within: Within) -> list[PostingRow]:
        begins = [
            row.valid_from for row in self.leaves[person] if row.valid_to is None or row.valid_to > instant
        ]
        leave_from = min(begins, default=None)
        return [
            PostingRow(
                agency=posting.agency.code,
                unit=posting.unit.public_id,
                role=posting.role.code,
                valid_from=posting.valid_from,
                valid_to=posting.valid_to,
                recorded_at=posting.recorded_at,
                leave_from=leave_from,
            )
            for posting in self.serving(person, instant, within)
        ]

    # --- people -------------------------------------------------------------------------------------------------

    def _owners(self) -> dict[int, int]:
        """Return for each record the one that stands for its person, going by what was merged by then."""
        if self.known_at is None:
            return {pk: record.merged_into_id or pk for pk, record in self.records.items()}
        by_id = {record.public_id: pk for pk, record in self.records.items()}
        merged = Proposal.objects.filter(
            act=MERGE, outcome=Proposal.Outcome.CONFIRMED, subject_id__in=by_id, decided_at__lte=self.known_at
        )
        into = {by_id.get(each.payload["gone"]): by_id[each.subject_id] for each in merged}
        return {pk: _last(pk, into) for pk in self.records}

    def _by_owner(self, rows: Any) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for row in rows.filter(user__in=self.records).order_by("pk"):
            found[self.owners[row.user_id]].append(row)
        return found

    def _names(self) -> dict[int, User | None]:
        """Return each record with the names it had; None where they cannot be told any more.

        Names are on no clock of their own: the trail says what each was before it was changed.
        """
        if self.known_at is None:
            return dict(self.records.items())
        by_id = {record.public_id: pk for pk, record in self.records.items()}
        named: dict[int, User | None] = {pk: copy(record) for pk, record in self.records.items()}
        later = AuditValue.objects.filter(
            person_id__in=by_id, field__in=NAME_PARTS, entry__at__gt=self.known_at
        ).order_by("-entry__at", "-entry_id")  # the oldest of them has the last word
        for value in later:
            record = named[by_id[value.person_id]]
            if value.salt is None:
                named[by_id[value.person_id]] = None
            elif record is not None:
                setattr(record, value.field, value.before or "")
        return named

    # --- rules --------------------------------------------------------------------------------------------------

    def _requirements(self) -> dict[int, list[tuple[datetime, datetime | None, RequirementRow]]]:
        found: dict[int, list[tuple[datetime, datetime | None, RequirementRow]]] = defaultdict(list)
        rows = RequirementInForce.objects.known(self.known_at).filter(
            requirement__function__in=self.functions
        )
        names = ("requirement__function_id", "valid_from", "valid_to", "requirement__public_id")
        for function, begin, end, public_id, *version in rows.values_list(*names, *evidence.OF_VERSION):
            found[function].append((begin, end, evidence.requirement_row(public_id, end, *version)))
        return found

    def _requirement_at(self, function: DutyFunction, instant: datetime) -> RequirementRow | None:
        rows = self.requirements[function.pk]
        return next((row for begin, end, row in rows if covers(begin, end, instant)), None)

    def _offered(self, requirement: RequirementRow, held: set[str]) -> RequirementRow:
        return evidence.with_not_offered(requirement, self._earnable | held)

    @cached_property
    def _earnable(self) -> set[str]:
        versions = QualificationVersion.objects.all()
        if self.known_at is not None:
            versions = versions.filter(recorded_at__lte=self.known_at)
        return set(versions.values_list("qualification__code", flat=True))

    # --- certificates -------------------------------------------------------------------------------------------

    def _certificates(self) -> Mapping[int, Mapping[str, list[Certificate]]]:
        """Return them by record that stands for the holder, and by code of the qualification."""
        found: dict[int, dict[str, list[Certificate]]] = defaultdict(lambda: defaultdict(list))
        certificates = Certificate.objects.finished().with_rules_end(known_at=self.known_at)
        certificates = certificates.filter(award__person__in=self.records)
        if self.known_at is not None:
            certificates = certificates.filter(issued_at__lte=self.known_at)
        certificates = certificates.select_related(
            "award", "bearer", "qualification_version__qualification", "check_record"
        )
        certificates = certificates.defer("statement", "award__evidence", "bearer__credential")
        events = Prefetch("events", CertificateEvent.objects.defer("statement"))
        for each in certificates.prefetch_related(events).order_by("pk"):
            code = each.qualification_version.qualification.code
            found[self.owners[each.award.person_id]][code].append(each)
        return found

    def _certificate_rows(
        self, person: int, codes: Iterable[str], instant: datetime
    ) -> Iterator[CertificateRow]:
        for code in dict.fromkeys(codes):
            held = self.certificates[person][code] if person in self.certificates else ()
            rows = [self._row(each, code, person, instant) for each in held]
            bars: dict[tuple[int, str], Bar] = {}
            if any(row.state == State.REVOKED for row in rows):
                bar = self._bar(person, code, held, instant)
                bars = {(person, code): bar} if bar else {}
            yield from evidence.barred(rows, person, bars, instant)

    def _row(self, certificate: Certificate, code: str, person: int, instant: datetime) -> CertificateRow:
        state = state_from_events(
            certificate.valid_from, certificate.valid_to, certificate.events.all(), instant, self._known
        )
        state = until_rules_end(state, certificate.rules_end_at)
        named, bearer = self.names[person], certificate.bearer.names
        return evidence.certificate_row(
            certificate, code, certificate.qualification_version.number, state, instant,
            genuine=not certificate.check_record.failed, named=named is not None and is_named(named, bearer),
        )  # fmt: skip

    def _bar(self, person: int, code: str, held: Iterable[Certificate], instant: datetime) -> Bar | None:
        events = [event for each in held for event in each.events.all()]
        return bar_of(events, self._readmissions[person, code], instant, self._known)

    @cached_property
    def _readmissions(self) -> Mapping[tuple[int, str], list[Readmission]]:
        found: dict[tuple[int, str], list[Readmission]] = defaultdict(list)
        rows = Readmission.objects.filter(person__in=self.records).select_related("qualification")
        for row in rows.order_by("recorded_at", "pk"):
            found[self.owners[row.person_id], row.qualification.code].append(row)
        return found

    @property
    def _known(self) -> datetime:
        return self.known_at or self.now


def _records(people: Collection[int]) -> dict[int, User]:
    """Return these records, and all that are one person's with one of them, by two queries."""
    asked = User.objects.filter(pk__in=people).values_list("pk", "merged_into")
    standing = {into or pk for pk, into in asked}
    whose = User.objects.filter(Q(pk__in=standing) | Q(merged_into__in=standing))
    records = {record.pk: record for record in whose}
    for record in records.values():
        if record.merged_into_id is not None:
            record.merged_into = records[record.merged_into_id]
    return records


def _last(pk: int, into: Mapping[int | None, int]) -> int:
    """Follow what was merged into what: nobody was merged twice."""
    while pk in into:
        pk = into[pk]
    return pk

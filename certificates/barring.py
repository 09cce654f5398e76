"""Qualifications that were taken away from a person as a whole: nothing earns or clears until two registrars readmit."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from operations import clock

from .holding import Holding, owners_of
from .models import CertificateEvent, Readmission
from .state import EventRow, State, in_force

Kind, Reach = CertificateEvent.Kind, CertificateEvent.Reach


@dataclass(frozen=True)
class Bar:
    """`since`: when the qualification was taken away. `opens_at`: from when it may be earned again; None: not decided."""

    since: datetime
    recorded_at: datetime
    opens_at: datetime | None = None

    def stands(self, instant: datetime) -> bool:
        return self.opens_at is None or instant < self.opens_at


def taken_away[E: EventRow](events: Iterable[E], instant: datetime, known_at: datetime) -> E | None:
    """Return the event by which all of a qualification was taken away: the newest in force among these of one person
    and one qualification.
    """
    revoked = [event for event in in_force(events, instant, known_at) if _is_whole(event)]
    return max(revoked, key=lambda event: (event.recorded_at, event.pk), default=None)


def _is_whole(event: EventRow) -> bool:
    return event.kind == Kind.REVOKED and getattr(event, "reach", None) == Reach.QUALIFICATION


def bars_of(
    people: Collection[int], instant: datetime, *, known_at: datetime | None = None
) -> dict[tuple[int, str], Bar]:
    """Return them by person (pk) and code of the qualification, also those that a readmission has lifted. One query, and
    a second where there are any.
    """
    known = known_at or clock.now()
    owners = owners_of(people)
    rows = CertificateEvent.objects.filter(
        certificate__award__person__in=owners, kind__in=(Kind.REVOKED, Kind.REINSTATED)
    ).select_related("certificate__award__qualification_version__qualification")
    events: dict[tuple[int, str], list[CertificateEvent]] = defaultdict(list)
    for row in rows.defer("statement", "certificate__statement", "certificate__award__evidence"):
        award = row.certificate.award
        events[owners[award.person_id], award.qualification_version.qualification.code].append(row)
    found = {key: taken_away(own, instant, known) for key, own in events.items()}
    bars = {key: Bar(event.effective_at, event.recorded_at) for key, event in found.items() if event}
    return _with_readmissions(bars, owners, known) if bars else {}


def bar_of(
    events: Iterable[CertificateEvent],
    readmissions: Iterable[Readmission],
    instant: datetime,
    known_at: datetime,
) -> Bar | None:
    """Return the same from rows at hand of one person and qualification; readmissions in the order they were recorded."""
    event = taken_away(events, instant, known_at)
    if event is None:
        return None
    opened = [row.opens_at for row in readmissions if event.recorded_at <= row.recorded_at <= known_at]
    return Bar(event.effective_at, event.recorded_at, opened[-1] if opened else None)


def _with_readmissions(
    bars: dict[tuple[int, str], Bar], owners: Mapping[int, int], known_at: datetime
) -> dict[tuple[int, str], Bar]:
    rows = Readmission.objects.filter(person__in=owners, recorded_at__lte=known_at)
    for row in rows.select_related("qualification").order_by("recorded_at", "pk"):
        key = owners[row.person_id], row.qualification.code
        if key in bars and row.recorded_at >= bars[key].recorded_at:
            bars[key] = Bar(bars[key].since, bars[key].recorded_at, row.opens_at)
    return bars


def bars_of_person(
    person_pk: int, instant: datetime | None = None, holdings: Mapping[str, Sequence[Holding]] | None = None
) -> dict[str, Bar]:
    """Return what stands against earning, by code of the qualification; no query where none of `holdings` is revoked."""
    instant = instant or clock.now()
    if holdings is not None and not any(
        held.state is State.REVOKED for own in holdings.values() for held in own
    ):
        return {}
    found = bars_of([person_pk], instant)
    return {code: bar for (_person, code), bar in found.items() if bar.stands(instant)}

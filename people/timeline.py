"""A person's history on two clocks: what happened when, and when it was known."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_stubs_ext import StrOrPromise

from locales.dates import day_text
from operations import clock
from operations.history import Edit, Recorded

from . import merged_records
from .extensions import Event, registry
from .models import Leave, Posting, User
from .visibility import Visibility

LATE = timedelta(days=1)


def events_of(person: User, visibility: Visibility) -> list[Event]:
    """Return everything to be seen, in the order in which it happened; what corrects something stands after
    it.

    Also of the records that were merged into this one: their history is the person's.
    """
    records = merged_records.records_of(person)
    seen = Posting.objects.filter(visibility.postings(), user__in=records).select_related(
        "agency", "unit", "role"
    )
    events = _in_order(seen.edits(), records, _of_postings)
    leaves = Leave.objects.filter(user__in=records)
    events += [
        event
        for event in _in_order(leaves.edits(), records, _of_leave)
        if visibility.meets(event.at, event.until)
    ]
    for source in registry.events:
        events += source(person, visibility)
    return sorted(events, key=lambda event: event.place)


def _in_order[R: Recorded](
    edits: Sequence[Edit[R]], records: merged_records.Records, events_in: Callable[[Edit[R]], Iterable[Event]]
) -> list[Event]:
    """Return the events of each edit. What was withdrawn stood somewhere: what takes its place is not told
    before.
    """
    listed: list[Event] = []
    places: dict[int, datetime] = {}
    for edit in edits:
        before = max((places[row.pk] for row in edit.withdrawn), default=None)
        events = [] if merged_records.moves(edit, records) else list(events_in(edit))
        if merged_records.of_the_other(edit, records):
            events = [replace(event, title=merged_records.said_of_the_other(event.title)) for event in events]
        if before is not None:
            events = [replace(event, follows=max(event.at, before)) for event in events]
        listed += events
        last = max([event.place[0] for event in events], default=before or edit.at)
        places |= {row.pk: last for row in edit.recorded}
    return listed


def _of_postings(edit: Edit[Posting]) -> list[Event]:
    old, new = edit.withdrawn, edit.recorded
    if not old:
        return [_event(row.valid_from, edit, _posted(row), _where(row)) for row in new]
    if not new:
        return [
            _event(row.valid_from, edit, _("Taken back: %(what)s") % {"what": _where(row)}) for row in old
        ]
    if len(old) == 1 and (moved := _transfer(old[0], new)):
        return [_event(moved.valid_from, edit, _moved(old[0], moved))]
    if len(new) == 1 and (undone := _transfer(new[0], old)):
        said = _("Taken back: %(what)s") % {"what": _moved(new[0], undone)}
        return [_event(undone.valid_from, edit, said)]
    if len(old) == len(new) == 1 and _only_ended(old[0], new[0]):
        return [_event(_last_instant(new[0]), edit, _("Served until here"), _where(new[0]))]
    last, was = max(new, key=_start), max(old, key=_start)
    text = _("Was: %(was)s. Is: %(now)s.") % {"was": whole(was), "now": whole(last)}
    ended = last.valid_from == was.valid_from and last.valid_to not in (None, was.valid_to)
    return [_event(_last_instant(last) if ended else last.valid_from, edit, _("Corrected"), text)]


def _last_instant(row: Posting) -> datetime:
    """Return an instant on the last day of a posting that has an end."""
    assert row.valid_to is not None
    return row.valid_to - timedelta(microseconds=1)


def _start(row: Posting) -> datetime:
    return row.valid_from


def _transfer(old: Posting, new: Sequence[Posting]) -> Posting | None:
    """Return the posting that follows, where a change closed one and opened the next."""
    if len(new) != 2:
        return None
    first, second = sorted(new, key=_start)
    follows = first.valid_from == old.valid_from and first.valid_to == second.valid_from
    return second if follows and _what(first) == _what(old) else None


def _only_ended(old: Posting, new: Posting) -> bool:
    return (
        new.valid_to is not None
        and (old.valid_to is None or new.valid_to < old.valid_to)
        and (_what(old), old.valid_from) == (_what(new), new.valid_from)
    )


def _what(row: Posting) -> tuple[int, int, str | None]:
    return row.unit_id, row.role_id, row.service_number


def _posted(row: Posting) -> str:
    return _("Began to serve") if row.main else _("Began to serve as a second post")


def _where(row: Posting) -> str:
    return f"{row.unit.name}, {row.role.name}"


def whole(row: Posting) -> str:
    """Return a posting in words, with its days."""
    end = day_text(clock.last_day(row.valid_to)) if row.valid_to else _("until now")
    return f"{_where(row)}, {day_text(clock.first_day(row.valid_from))} – {end}"


def _moved(old: Posting, new: Posting) -> str:
    if old.unit_id != new.unit_id:
        return _("Transfer: %(was)s → %(now)s") % {"was": old.unit.name, "now": new.unit.name}
    if old.role_id != new.role_id:
        return _("Another role: %(was)s → %(now)s") % {"was": old.role.name, "now": new.role.name}
    return _("Another service number")


def _event(at: datetime, edit: Edit[Posting], title: str, text: str = "") -> Event:
    return Event(at=at, known_at=edit.at, title=title, text=text)


def _of_leave(edit: Edit[Leave]) -> Iterable[Event]:
    for row in edit.recorded:
        title = _("Leave, corrected") if edit.withdrawn else _("Leave")
        yield Event(at=row.valid_from, known_at=edit.at, title=title, until=row.valid_to)
    if not edit.recorded:
        for row in edit.withdrawn:
            yield Event(at=row.valid_from, known_at=edit.at, title=_("Leave, taken back"), until=row.valid_to)


@dataclass(frozen=True)
class TimelineRow:
    """An event as the page shows it."""

    event: Event
    number: int
    delay: str  # in words, empty where it was known in time

    @property
    def last_day(self) -> object:
        return clock.last_day(self.event.until) if self.event.until else None


def rows_of(events: Sequence[Event]) -> list[TimelineRow]:
    """Return the lines of the list, numbered in the order of the events."""
    return [TimelineRow(event, number, _delay(event)) for number, event in enumerate(events, 1)]


def _delay(event: Event) -> str:
    late = event.known_at - event.at
    if late < LATE:
        return ""
    days = (clock.first_day(event.known_at) - clock.first_day(event.at)).days
    return ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days} if days else ""


@dataclass(frozen=True)
class AsOf:
    """The state at an instant: as it was known then, and as it is known today."""

    at: datetime
    then: list[StrOrPromise]
    today: list[StrOrPromise]


def as_of(person: User, visibility: Visibility, instant: datetime) -> AsOf:
    return AsOf(
        instant, _states(person, visibility, instant, instant), _states(person, visibility, instant, None)
    )


def _states(
    person: User, visibility: Visibility, instant: datetime, known_at: datetime | None
) -> list[StrOrPromise]:
    if not visibility.covers(instant):
        return []
    records = merged_records.records_of(person)
    postings = Posting.objects.at(instant, known_at=known_at).filter(visibility.postings(), user__in=records)
    states: list[StrOrPromise] = [
        _where(row) for row in postings.select_related("unit", "role").order_by("pk")
    ]
    if states and Leave.objects.at(instant, known_at=known_at).filter(user__in=records).exists():
        states.append(_("on leave"))
    for source in registry.as_of:
        states += source(person, visibility, instant, known_at)
    return states

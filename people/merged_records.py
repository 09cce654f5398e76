"""Records that were merged into a person's: their history is read as the person's, and where it came from."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from locales.dates import day_text
from operations import clock
from operations.history import Edit

from .extensions import Card, CardLine, Event, registry
from .models import Posting, User
from .visibility import Visibility

type Records = Mapping[int, User]  # the person's own, and those merged into it, by primary key


def records_of(person: User) -> Records:
    """Return the merged records of a person, by one query."""
    return {record.pk: record for record in User.objects.records_of(person.pk)}


def moves(edit: Edit[Any], records: Records) -> bool:
    """Return whether a merging did this: rows withdrawn of the record that went, entered for the one that
    stays.

    It is told once, by `events`.
    """
    return any(_was_merged(records[row.user_id], edit) for row in edit.withdrawn)


def _was_merged(record: User, edit: Edit[Any]) -> bool:
    return record.merged_at is not None and record.merged_at <= edit.at


def of_the_other(edit: Edit[Any], records: Records) -> bool:
    rows = [*edit.withdrawn, *edit.recorded]
    return all(records[row.user_id].merged_into_id is not None for row in rows)


def said_of_the_other(title: StrOrPromise) -> str:
    return _("%(what)s (in the merged record)") % {"what": title}


def events(person: User, visibility: Visibility) -> list[Event]:
    return [
        Event(
            at=record.merged_at, known_at=record.merged_at, title=_("Another record was merged into this one"),
            text=record.get_full_name(),
        )
        for record in person.merged.exclude(merged_at=None)
        if record.merged_at and visibility.covers(record.merged_at)
    ]  # fmt: skip


def card(person: User, visibility: Visibility, by: User) -> Card:
    """Return a card of what stood in each merged record when it was merged, also where this one said
    otherwise.
    """
    records = list(person.merged.exclude(merged_at=None).order_by("merged_at", "pk"))
    postings = Posting.objects.filter(visibility.postings(), user__in=records).select_related(
        "unit", "role", "user"
    )
    stood: dict[int, list[Posting]] = {}
    for row in postings.order_by("valid_from"):
        if _stood_at_the_end(row) and visibility.meets(row.valid_from, row.valid_to):
            stood.setdefault(row.user_id, []).append(row)
    lines: list[CardLine] = []
    for record in records:
        if record.merged_at and (visibility.whole or record.pk in stood):
            day = _("merged on %(day)s") % {"day": day_text(record.merged_at)}
            lines += [CardLine(title=record.get_full_name(), text=day), *map(_line, stood.get(record.pk, ()))]
    return Card(title=_("Merged records"), lines=lines)


def _stood_at_the_end(row: Posting) -> bool:
    merged_at = row.user.merged_at
    return (
        merged_at is not None
        and row.recorded_at < merged_at
        and (row.withdrawn_at is None or row.withdrawn_at >= merged_at)
    )


def _line(row: Posting) -> CardLine:
    first = day_text(clock.first_day(row.valid_from))
    days = (
        f"{first} – {day_text(clock.last_day(row.valid_to))}"
        if row.valid_to
        else _("from %(day)s") % {"day": first}
    )
    return CardLine(title=row.unit.name, code=row.service_number or "", text=f"{row.role.name}, {days}")


registry.events.append(events)
registry.cards.append(card)

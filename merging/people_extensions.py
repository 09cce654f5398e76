"""Merging and taking over on the pages of people: where a merged record came from, and what waits for a second person."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from locales.dates import day_text
from operations import clock
from people import waits
from people.extensions import Card, CardLine, Event, HomeFigure, Link, registry
from people.figures import link_to
from people.models import Posting, User
from people.permissions import may
from people.permissions.records import EDIT, SEE
from people.visibility import Visibility
from people.waits import Waits, told

from .pending_proposals import seen_by
from .permissions import TAKE_OVER


def _events(person: User, visibility: Visibility) -> list[Event]:
    return [
        Event(
            at=record.merged_at, known_at=record.merged_at, title=_("Another record was merged into this one"),
            text=record.get_full_name(),
        )
        for record in person.merged.exclude(merged_at=None)
        if record.merged_at and visibility.covers(record.merged_at)
    ]  # fmt: skip


def _card(person: User, visibility: Visibility, by: User) -> Card:
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


def _to_decide(by: User) -> int:
    return sum(row["can_decide"] for row in seen_by(by))


def _proposals_wait(by: User) -> Waits | None:
    """Return merges and take-overs that `by` may decide."""
    if not may(by, SEE):
        return None
    mine = [row["proposal"].proposed_at for row in seen_by(by) if row["can_decide"]]
    return told(
        len(mine),
        min(mine, default=None),
        lambda number: ngettext(
            "%(number)d merge or take-over to decide", "%(number)d merges and take-overs to decide", number
        ),
        reverse("merging:proposals"),
        second=True,
    )


def _proposals_link(user: User) -> Link | None:
    if not may(user, EDIT):
        return None
    hint = _("Merging and taking over, also what you proposed yourself")
    return Link(text=_("Waiting for a second person"), href=reverse("merging:proposals"), hint=hint)


def _take_over_link(user: User) -> Link | None:
    if not may(user, TAKE_OVER):
        return None
    return Link(
        text=_("Take over from another agency"),
        href=reverse("merging:take_over"),
        hint=_("The other agency confirms"),
    )


registry.events.append(_events)
registry.cards.append(_card)
registry.home_links += [_proposals_link, _take_over_link]
waits.providers.append(_proposals_wait)
registry.figures.append(
    HomeFigure(
        code="proposals",
        text=lambda number: ngettext("waits for a second person", "wait for a second person", number),
        count=_to_decide,
        href=link_to("merging:proposals"),
        attention=True,
    )
)

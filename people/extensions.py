"""Extension points of the pages of people: cards, events, columns, filters, acts, figures, links.

They register when they are loaded; people itself knows no certificate and no clearance.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django_stubs_ext import StrOrPromise

from .models import Agency, User
from .visibility import Visibility


@dataclass(frozen=True, kw_only=True)
class CardLine:
    """One line of a card. `kind`: of the tag, as components/status_tag.html has them."""

    title: StrOrPromise
    text: StrOrPromise = ""
    code: str = ""  # in fixed width, before the text
    tag: StrOrPromise = ""
    kind: str = ""
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class Card:
    """A part of a person's page. Left out where it has neither lines nor words for having none.

    `today`: it says what holds now, and stands before all others.
    """

    title: StrOrPromise
    today: bool = False
    lines: Sequence[CardLine] = ()
    empty: StrOrPromise = ""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened (`at`, until `until`) and when it was known. `follows`: the place in the list
    where it stands later than it happened, because it corrects something that stands there.
    """

    at: datetime
    known_at: datetime
    title: StrOrPromise
    text: StrOrPromise = ""
    until: datetime | None = None
    follows: datetime | None = None

    @property
    def place(self) -> tuple[datetime, datetime]:
        return self.follows or self.at, self.known_at


@dataclass(frozen=True, kw_only=True)
class Cell:
    """The content of one cell of the list of people."""

    text: StrOrPromise = ""
    day: StrOrPromise = ""
    tag: StrOrPromise = ""
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A choice over the list. `narrow(people, value)` gives those who fit."""

    name: str
    label: StrOrPromise
    choices: Callable[[], Sequence[tuple[str, StrOrPromise]]]
    narrow: Callable[[QuerySet[User], str], QuerySet[User]]


@dataclass(frozen=True, kw_only=True)
class BulkAct:
    """Something to do with several people at once: a page at `url_name` that reads `chosen(request)`."""

    code: str
    text: StrOrPromise
    url_name: str


@dataclass(frozen=True, kw_only=True)
class HomeFigure:
    """A number on a coordinator's home. `count(user)`: by one query; None leaves the tile out.

    `text(number)`: what is counted, in the form that goes with the number.
    """

    code: str
    text: Callable[[int], str]
    count: Callable[[User], int | None]
    href: Callable[[User], str]
    attention: bool = False  # more than none asks to be looked at


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of figures for the whole country.

    `counts`: {agency (primary key): people}; `of`: the code of an earlier column, which is of none itself,
    whose people these are a part of.
    """

    code: str
    text: StrOrPromise
    counts: Mapping[int, int]
    of: str = ""


@dataclass(frozen=True, kw_only=True)
class Link:
    """A way to a page of another app."""

    text: StrOrPromise
    href: str
    hint: StrOrPromise = ""


@dataclass(frozen=True)
class HomePart:
    """A part of an agency's home: the template finds `context` as `part`."""

    template: str
    context: Mapping[str, Any]


@dataclass
class Registry:
    cards: list[Callable[[User, Visibility, User], Card | None]] = field(default_factory=list)
    events: list[Callable[[User, Visibility], Sequence[Event]]] = field(default_factory=list)
    # what held at an instant, going by what was known at another: a few words each
    as_of: list[Callable[[User, Visibility, datetime, datetime | None], Sequence[StrOrPromise]]] = field(
        default_factory=list
    )
    filters: list[Filter] = field(default_factory=list)
    columns: list[tuple[StrOrPromise, Callable[[Sequence[User]], Mapping[int, Cell]]]] = field(
        default_factory=list
    )
    bulk_acts: list[BulkAct] = field(default_factory=list)
    figures: list[HomeFigure] = field(default_factory=list)
    home_parts: list[Callable[[User, Agency], HomePart | None]] = field(default_factory=list)
    home_links: list[Callable[[User], Link | None]] = field(default_factory=list)
    person_links: list[Callable[[User, User, bool], Link | None]] = field(
        default_factory=list
    )  # the person, who reads, and may the reader change the person's service
    account_links: list[Callable[[User], Link | None]] = field(default_factory=list)
    waiting: list[Callable[[User], Link | None]] = field(
        default_factory=list
    )  # what else waits for two, on the page of positions
    country: list[Callable[[], Sequence[Column]]] = field(default_factory=list)  # one query a column


registry = Registry()

CHOSEN = "people_chosen"  # in the session: ids have no place in an address
MOST_CHOSEN = 500


def chosen(request: Any) -> QuerySet[User]:
    """Return the people ticked in the list, for a page of a bulk act. What the act may do to each, it asks
    itself.
    """
    ids = request.session.get(CHOSEN, [])
    return User.objects.people().filter(public_id__in=ids[:MOST_CHOSEN]).order_by("sort_name", "pk")


def mark_of(people: Iterable[User]) -> str:
    """Return the same mark for the same people: a page of a bulk act sends it along, and notices that others
    were ticked since.
    """
    return hashlib.sha256(" ".join(sorted(person.public_id for person in people)).encode()).hexdigest()

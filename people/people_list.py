"""The list of people: who is in it, what the filters find."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from locales.sorting import in_order
from locales.text import fold
from operations import clock
from operations.pagination import KeysetPage

from .extensions import registry
from .models import Agency, Leave, Posting, Unit, User
from .permissions import reach_of
from .permissions.holding import units_below
from .permissions.records import SEE
from .search import closeness, named

SERVING, AWAY, COMING, LEFT, NOWHERE = "serving", "away", "coming", "left", "nowhere"
STATES = [
    (SERVING, _("in service now")),
    (AWAY, _("on leave now")),
    (COMING, _("begin later")),
    (LEFT, _("have left")),
]
FOR_ALL = [(NOWHERE, _("without any posting"))]  # only who sees everybody sees them
ORDER = ("sort_name", "pk")
COUNTED_TO = 2000
FEW = 3000  # postings; measured with 100,000 people: docs/proof.md


@dataclass(frozen=True, kw_only=True)
class PeopleQuery:
    """The question to the list of people."""

    agency: Agency | None = None
    unit: Unit | None = None
    role: str = ""
    state: str = SERVING
    text: str = ""
    others: dict[str, str] = field(default_factory=dict)  # filters of other apps, by name


def people_of(by: User, query: PeopleQuery) -> QuerySet[User]:
    """Return those whom `by` may see and who fit, in the order of `order_of`."""
    reach = reach_of(by, SEE)
    people: QuerySet[User] = User.objects.current()
    postings = _postings(reach, query)
    now = clock.now()
    if query.state == NOWHERE and reach is None:
        people = people.exclude(pk__in=Posting.objects.known().values("user"))
    elif query.state == LEFT:
        here = {} if reach is None else {"agency__in": reach}
        still = Posting.objects.open_or_coming().filter(**here).values("user")
        people = people.filter(pk__in=postings.filter(valid_to__lte=now).values("user")).exclude(pk__in=still)
    elif query.state == COMING:
        people = people.filter(pk__in=postings.filter(valid_from__gt=now).values("user"))
    else:
        people = _holding(people, _at(postings, now))
        if query.state == AWAY:
            people = people.filter(pk__in=Leave.objects.at(now).values("user"))
    people = _named(people, query.text, postings)
    for each in registry.filters if shows_more(reach, query) else ():
        if value := query.others.get(each.name):
            people = each.narrow(people, value)
    return people.order_by(*order_of(query))


def order_of(query: PeopleQuery) -> tuple[str, ...]:
    """Return the order: by name; of those that a text finds, first those that are written as it is."""
    return ("closeness", *ORDER) if fold(query.text) else ORDER


def shows_more(reach: frozenset[int] | None, query: PeopleQuery) -> bool:
    """Return whether what other apps know of these people is shown: not to an agency that they have left."""
    return reach is None or query.state != LEFT


def _postings(reach: frozenset[int] | None, query: PeopleQuery) -> QuerySet[Posting]:
    queryset: QuerySet[Posting] = Posting.objects.filter(withdrawn_at=None)
    if query.unit is not None:
        queryset = queryset.filter(unit__in=units_below([query.unit.pk]))
    if query.agency is not None:
        queryset = queryset.filter(agency=query.agency)
    if reach is not None:
        queryset = queryset.filter(agency__in=reach)
    if query.role:
        queryset = queryset.filter(role__code=query.role)
    return queryset


def _at(postings: QuerySet[Posting], now: datetime) -> QuerySet[Posting]:
    return postings.filter(Q(valid_to=None) | Q(valid_to__gt=now), valid_from__lte=now)


def _holding(people: QuerySet[User], postings: QuerySet[Posting]) -> QuerySet[User]:
    """Filter to people with one of these postings.

    A few are fetched by their postings; of many, the names are read in order until a page is full.
    """
    if len(postings.order_by().values_list("pk")[: FEW + 1]) <= FEW:
        return people.filter(pk__in=postings.values("user"))
    return people.filter(Exists(postings.filter(user=OuterRef("pk"))))


def _named(people: QuerySet[User], text: str, postings: QuerySet[Posting]) -> QuerySet[User]:
    """Filter by parts of the name in any order, or by the beginning of the service number."""
    number = fold(text)
    if not number:
        return people
    numbered = postings.filter(folded_number__startswith=number)
    people = people.filter(named(text) | Q(pk__in=numbered.values("user")))
    return people.annotate(closeness=closeness(text))


def places(people: list[User], by: User, query: PeopleQuery) -> dict[int, Posting]:
    """Return the newest posting that fits of each of a page, in an agency that `by` sees. One query."""
    newest: dict[int, Posting] = {}
    postings = _postings(reach_of(by, SEE), query).filter(user__in=people)
    if query.state in (SERVING, AWAY):
        postings = _at(postings, clock.now())
    main_last = F("main").asc(nulls_first=True)
    for posting in postings.select_related("agency", "unit", "role").order_by(main_last, "valid_from", "pk"):
        newest[posting.user_id] = posting
    return newest


def number_of(by: User, query: PeopleQuery) -> int:
    return people_of(by, query).count()


def counted(by: User, query: PeopleQuery, page: KeysetPage) -> tuple[int, bool]:
    """Return how many are found, and whether there are more still: nobody waits until 100,000 are counted.

    A page that holds all of them is its own answer.
    """
    if not page.has_other_pages:
        return len(page.rows), False
    number = people_of(by, query).order_by()[: COUNTED_TO + 1].count()
    return min(number, COUNTED_TO), number > COUNTED_TO


def unit_choices(agency: Agency) -> list[tuple[str, str]]:
    """Return (public id, name) of the agency's units as a tree, each level set in by two spaces."""
    return [(unit.public_id, "\u2007\u2007" * depth + unit.name) for unit, depth in tree_of(agency)]


def tree_of(agency: Agency) -> list[tuple[Unit, int]]:
    """Return units with their depth, each before those below it, by name. One query."""
    below: dict[Any, list[Unit]] = {}
    for unit in in_order(Unit.objects.filter(agency=agency)):
        below.setdefault(unit.parent_id, []).append(unit)
    tree: list[tuple[Unit, int]] = []

    def walk(parent: int | None, depth: int) -> None:
        for unit in below.get(parent, ()):
            tree.append((unit, depth))
            walk(unit.pk, depth + 1)

    walk(None, 0)
    return tree

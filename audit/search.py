"""The search for entries of the audit trail."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from django.db.models import Q, QuerySet

from operations import clock
from operations.models import AuditEntry, AuditValue
from people.models import Posting, User
from people.search import closeness, named

MOST_PEOPLE = 200
ORDER = ("-at", "-pk")


@dataclass(frozen=True)
class Chosen:
    """A question to the trail. `people` are public ids, so that it can be kept without a name."""

    act: str = ""
    since: str = ""  # days, ISO 8601
    until: str = ""
    side: str = ""  # "about", "by", or both
    people: tuple[str, ...] | None = None  # None: anybody

    @classmethod
    def read(cls, kept: dict[str, Any]) -> Self:
        people = kept.get("people")
        return cls(**{**kept, "people": None if people is None else tuple(people)})

    def kept(self) -> dict[str, Any]:
        return asdict(self)


def people_named(text: str) -> tuple[str, ...]:
    """Return public ids of people whom a name, a service number or an id may mean; at most 200."""
    text = text.strip()
    known = Q(public_id=text) | Q(
        pk__in=Posting.objects.filter(service_number__iexact=text, withdrawn_at=None).values("user")
    )
    queryset = User.objects.people().filter(known | named(text))
    queryset = queryset.annotate(closeness=closeness(text)).order_by("closeness", "sort_name", "pk")
    return tuple(queryset.values_list("public_id", flat=True)[:MOST_PEOPLE])


def about(people: Sequence[str]) -> Q:
    """Return a condition for entries on these people, and entries that hold a value of theirs."""
    values = AuditValue.objects.filter(person_id__in=people).values("entry")
    return Q(subject_kind="user", subject_id__in=people) | Q(pk__in=values)


def matching(chosen: Chosen) -> QuerySet[AuditEntry]:
    entries = AuditEntry.objects.select_related("by")
    if chosen.act:
        entries = entries.filter(act=chosen.act)
    if chosen.since:
        entries = entries.filter(at__gte=clock.start_of(date.fromisoformat(chosen.since)))
    if chosen.until:
        entries = entries.filter(at__lt=clock.end_of(date.fromisoformat(chosen.until)))
    if chosen.people is not None:
        entries = entries.filter(_side(chosen.side, chosen.people))
    return entries


def _side(side: str, people: Sequence[str]) -> Q:
    by = Q(by__in=User.objects.filter(public_id__in=people).values("pk"))
    match side:
        case "about":
            return about(people)
        case "by":
            return by
        case _:
            return about(people) | by

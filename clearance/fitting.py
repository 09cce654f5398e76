"""Functions that fit where people serve: nobody is offered twenty where their units perform three."""

from collections.abc import Iterable

from django.db.models import QuerySet

from operations import clock
from people.models import Posting, User

from .evidence import requirements_at
from .models import DutyFunction
from .permissions import serving_where_asked


def performed(functions: Iterable[DutyFunction], serving: QuerySet[Posting]) -> list[DutyFunction]:
    """Return those that a role of these postings performs, and those that are for any role; all where nobody serves.

    Four queries at most, however many functions.
    """
    known = list(functions)
    roles = set(serving.values_list("role__code", flat=True).distinct())
    if not roles:
        return known
    rules = requirements_at(known, clock.now())
    return [
        each
        for each in known
        if each.pk not in rules or not rules[each.pk].roles or roles.intersection(rules[each.pk].roles)
    ]


def performed_where_asked(functions: Iterable[DutyFunction], by: User) -> list[DutyFunction]:
    """Return those that somebody performs who serves now in the units for which `by` may ask."""
    return performed(functions, Posting.objects.at(clock.now()).filter(serving_where_asked(by)))

"""Numbers of people by agency: columns of the figures for the whole country."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from operations import clock

from .extensions import Column, registry
from .models import Posting, User, of_current_people


def _known() -> QuerySet[Posting]:
    return Posting.objects.known().filter(of_current_people("user"))


def _counted(postings: QuerySet[Posting]) -> Mapping[int, int]:
    """Return {agency: people}."""
    counts = postings.order_by().values_list("agency").annotate(people=Count("user", distinct=True))
    return dict(counts)


def serving(among: Any = None, at: datetime | None = None) -> Mapping[int, int]:
    """Return {agency (primary key): how many serve there now, or served at an instant}, by one query; of these
    people (ids or a subquery) alone.
    """
    then = _known() & Posting.objects.at(at or clock.now())
    return _counted(then if among is None else then.filter(user__in=among))


SERVING = "serving"


def _former() -> QuerySet[Posting]:
    """Return postings of people who serve there neither now nor later."""
    still = Posting.objects.open_or_coming().filter(user=OuterRef("user"), agency=OuterRef("agency"))
    return _known().exclude(Exists(still))


def columns() -> list[Column]:
    signed_in = User.objects.filter(last_login__isnull=False).values("pk")
    return [
        Column(code=SERVING, text=_("serve there now"), counts=serving()),
        Column(code="former", text=_("served there before"), counts=_counted(_former())),
        Column(code="signed-in", text=_("have signed in"), counts=serving(signed_in), of=SERVING),
    ]


registry.country.append(columns)

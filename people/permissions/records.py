"""Permissions about records of people: who is who, who serves where, which units an agency has."""

from collections.abc import Collection

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from people.models import Agency, Posting, User

from .holding import Anyone, Position
from .table import Reach, register_permission, where_may

SEE, EDIT, POSTINGS = "people.see", "people.edit", "people.postings"
UNITS, EXPORT = "people.units", "people.export"

_LOOKING: dict[str, Reach] = {
    Position.COORDINATOR: Reach.AGENCY,
    Position.ADMINISTRATOR: Reach.EVERYWHERE,
    Position.AUDITOR: Reach.EVERYWHERE,
}
_CHANGING: dict[str, Reach] = {Position.COORDINATOR: Reach.AGENCY, Position.ADMINISTRATOR: Reach.EVERYWHERE}

register_permission(SEE, _("See the people of an agency, where they serve and when they are away"), _LOOKING)
register_permission(EXPORT, _("Download the list of people"), _LOOKING)
register_permission(EDIT, _("Add people and correct what is known of them"), _CHANGING)
register_permission(POSTINGS, _("Transfer people, end postings, enter leave"), _CHANGING)
register_permission(UNITS, _("Add, rename and move units"), _CHANGING)


def reach_of(by: Anyone, code: str) -> frozenset[int] | None:
    """Return agencies (primary keys) for the whole of which this person may do it; None: all. One query."""
    where = where_may(by, code)
    return None if where.everywhere else where.agencies


def agencies_where(by: Anyone, code: str) -> QuerySet[Agency]:
    """Return agencies for the whole of which this person may do it, in no order that a reader expects."""
    reach = reach_of(by, code)
    queryset: QuerySet[Agency] = Agency.objects.order_by("pk")
    return queryset if reach is None else queryset.filter(pk__in=reach)


def can_change_service(by: Anyone, people: Collection[User], agency: Agency) -> bool:
    """Return whether `by` may change where these people serve, or served, in the agency.

    Of a person who has left it the agency only reads what was: that is put right by somebody who sees to the
    records of the whole country.
    """
    reach = reach_of(by, POSTINGS)
    if reach is None:
        return True
    serve = Posting.objects.open_or_coming().filter(user__in=people, agency=agency).values("user").distinct()
    return agency.pk in reach and serve.count() == len({person.pk for person in people})


def can_post(by: Anyone, person: User, agency: Agency) -> bool:
    """Return whether `by` may post the person: known in no other agency. From there somebody is taken over
    by two.
    """
    reach = reach_of(by, POSTINGS)
    if reach is None:
        return True
    elsewhere = Posting.objects.known().filter(user=person).exclude(agency__in=reach)
    return agency.pk in reach and not elsewhere.exists()

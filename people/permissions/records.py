"""Permissions about records of people: who is who, who serves where, which units an agency has."""

from collections.abc import Collection, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from operations.proposals import register_act
from people.models import Agency, Posting, User

from .holding import Anyone, Position
from .table import Reach, register_permission, where_may

SEE, EDIT, POSTINGS = "people.see", "people.edit", "people.postings"
UNITS, EXPORT = "people.units", "people.export"
MERGE, TAKE_OVER, RELEASE = "people.merge", "people.take_over", "people.release"

_LOOKING: dict[str, Reach] = {
    Position.COORDINATOR: Reach.AGENCY,
    Position.ADMINISTRATOR: Reach.EVERYWHERE,
    Position.AUDITOR: Reach.EVERYWHERE,
}
_ASKING: dict[str, Reach] = {Position.COORDINATOR: Reach.AGENCY}
_CHANGING: dict[str, Reach] = {Position.COORDINATOR: Reach.AGENCY, Position.ADMINISTRATOR: Reach.EVERYWHERE}

for _act in (MERGE, TAKE_OVER):
    register_act(_act)
register_permission(SEE, _("See the people of an agency, where they serve and when they are away"), _LOOKING)
register_permission(EXPORT, _("Download the list of people"), _LOOKING)
register_permission(EDIT, _("Add people and correct what is known of them"), _CHANGING)
register_permission(POSTINGS, _("Transfer people, end postings, enter leave"), _CHANGING)
register_permission(UNITS, _("Add, rename and move units"), _CHANGING)
register_permission(MERGE, _("Propose or confirm that two records are one person"), _CHANGING)
register_permission(TAKE_OVER, _("Ask another agency for one of its people"), _ASKING)
register_permission(RELEASE, _("Confirm that another agency takes over one of the people"), _CHANGING)


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


type Pair = tuple[User, User]  # (the record that stays, the one that goes)


def can_merge(by: User, kept: User, gone: User) -> bool:
    """Return whether `by` may merge the two, never about oneself.

    A coordinator: two who never served outside the own agencies; else administrators.
    """
    return can_merge_each(by, [(kept, gone)])[0]


def can_merge_each(by: User, pairs: Sequence[Pair]) -> list[bool]:
    """Return the same for many pairs, by at most two queries."""
    reach = reach_of(by, MERGE)
    if reach is None:
        return [by not in pair for pair in pairs]
    served: dict[int, set[int]] = {person.pk: set() for pair in pairs for person in pair}
    postings = Posting.objects.known().filter(user__in=served).values_list("user", "agency")
    for user, agency in postings:
        served[user].add(agency)
    own = {user for user, agencies in served.items() if agencies and agencies <= reach}
    return [by not in pair and all(person.pk in own for person in pair) for pair in pairs]

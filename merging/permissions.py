"""Permissions to merge two records of one person, and to take somebody over from another agency."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from operations.proposals import register_act
from people.models import Posting, User
from people.permissions.holding import Position
from people.permissions.records import reach_of
from people.permissions.table import Reach, register_permission

MERGE = register_act("merging.merge")
TAKE_OVER = register_act("merging.take_over")
RELEASE = "merging.release"

_CHANGING: dict[str, Reach] = {Position.COORDINATOR: Reach.AGENCY, Position.ADMINISTRATOR: Reach.EVERYWHERE}

register_permission(MERGE, _("Propose or confirm that two records are one person"), _CHANGING)
register_permission(
    TAKE_OVER, _("Ask another agency for one of its people"), {Position.COORDINATOR: Reach.AGENCY}
)
register_permission(RELEASE, _("Confirm that another agency takes over one of the people"), _CHANGING)


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

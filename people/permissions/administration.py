"""Permissions of administrators about agencies and roles, and accounts that two must open; `None` is the
installation.
"""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models import Agency, Grant, User

from .holding import WITHOUT_SECOND_FACTOR, Position, holds, holds_everywhere
from .table import Reach, register_permission

ADMINISTRATOR: dict[str, Reach] = {Position.ADMINISTRATOR: Reach.EVERYWHERE}
READERS: dict[str, Reach] = {**ADMINISTRATOR, Position.AUDITOR: Reach.EVERYWHERE}

register_permission("people.see_agencies", _("See all agencies"), READERS)
register_permission("people.save_agency", _("Add and rename agencies"), ADMINISTRATOR)
register_permission("people.save_role", _("Add and rename roles"), ADMINISTRATOR)


def can_manage_accounts(by: User | None) -> bool:
    return by is None or holds_everywhere(by, Position.ADMINISTRATOR)


def guarded(person: User) -> bool:
    """Return whether the person was ever given a position that needs a second step.

    Then one administrator alone opens no way into the account. What has ended or not begun counts too, and
    so does a closed account: otherwise one would end the position, come in, and give it back.
    """
    return bool(guarded_among([person]))


def guarded_among(people: Iterable[User | int]) -> set[int]:
    """Return which of them (by primary key) are guarded, by one query.

    What was given to a record that was merged into theirs was given to them.
    """
    keys = {each if isinstance(each, int) else each.pk for each in people}
    given = Grant.objects.exclude(position__in=WITHOUT_SECOND_FACTOR)
    theirs = given.filter(Q(person__in=keys) | Q(person__merged_into__in=keys))
    return keys & {pk for row in theirs.values_list("person", "person__merged_into") for pk in row}


def can_manage_agency(by: User | None, agency: Agency) -> bool:
    """Return whether `by` manages its people, units and postings: an administrator, or the agency's own
    coordinator.
    """
    return can_manage_accounts(by) or holds(by, Position.COORDINATOR, agency=agency)

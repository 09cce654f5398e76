"""Changes: until when somebody is on duty. It lapses by itself, and is never assumed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from operations import audit, clock
from people.models import Posting, User

from . import permissions
from .models import OnDuty

LONGEST = timedelta(hours=24)


@transaction.atomic
def enter_on_duty(*, people: Iterable[User], until: datetime, by: User) -> int:
    """Enter each as on duty until an hour; return how many. One's own, or people of units `by` answers for. What
    stands so already is not entered again.

    PermissionDenied where one of them is neither; ValidationError where the hour is past, or over a day ahead.
    """
    now, people = clock.now(), _locked(people)
    _check(people, by)
    if not now < until <= now + LONGEST:
        raise ValidationError(_("Enter an hour within the next 24."))
    before = dict(OnDuty.objects.filter(person__in=people).values_list("person", "until"))
    for person in people:
        if before.get(person.pk) == until:
            continue
        OnDuty.objects.update_or_create(
            person=person, defaults={"until": until, "entered_by": by, "entered_at": now}
        )
        _record(person, before.get(person.pk), until, by)
    return len(people)


@transaction.atomic
def end_duty(*, people: Iterable[User], by: User) -> int:
    """Take the entries back that still run; return how many."""
    now, people = clock.now(), _locked(people)
    _check(people, by)
    ended = list(OnDuty.objects.filter(person__in=people, until__gt=now).select_related("person"))
    for entry in ended:
        _record(entry.person, entry.until, now, by)
    OnDuty.objects.filter(pk__in=[entry.pk for entry in ended]).update(
        until=now, entered_by=by, entered_at=now
    )
    return len(ended)


def _locked(people: Iterable[User]) -> list[User]:
    """Return them locked in one order: two who enter the same people at once come one after the other."""
    wanted = [person.pk for person in people]
    return list(User.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"))


def _check(people: list[User], by: User) -> None:
    served = Posting.objects.current().filter(user__in=people, user__is_active=True)
    reached = set(served.filter(permissions.serving_where_entered(by)).values_list("user", flat=True))
    own = set(served.filter(user=by.pk).values_list("user", flat=True))
    if any(person.pk not in reached | own for person in people):
        raise PermissionDenied(_("You enter who is on duty for yourself, or for people of your units."))


def _record(person: User, before: datetime | None, after: datetime, by: User) -> None:
    audit.record(
        by=by, act="clearance.enter_duty", subject_kind="user", subject_id=person.public_id,
        before={"on_duty_until": before.isoformat()} if before else None,
        after={"on_duty_until": after.isoformat()},
    )  # fmt: skip

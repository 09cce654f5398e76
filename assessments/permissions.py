"""Permission to take an attempt and to bring in cases. Only the person sees what they answered."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from people.models import Grant, User
from people.permissions import Reach, may, register_permission

from .models import Attempt

register_permission(
    "assessments.author", _("Bring in cases and exams"), {Grant.Position.TRAINER.value: Reach.EVERYWHERE}
)


def can_take(user: User, attempt: Attempt) -> bool:
    """See its pages, answer, close: also what one took under a record that was merged into one's own. No
    coordinator, trainer or other officer.
    """
    if attempt.person_id == user.pk:
        return user.is_active
    return can_take_of(user, attempt.person_id, attempt.person.merged_into_id)


def can_take_of(user: User, person_id: int, merged_into_id: int | None) -> bool:
    """`can_take` for an attempt of this person, whose record may have been merged into another."""
    return user.is_active and user.pk in {person_id, merged_into_id}


def can_close(by: User | None, attempt: Attempt, now: datetime) -> bool:
    """The person at any time; the installation itself once the time for answers is over."""
    if by is None:
        return (ends_at := attempt.ends_at()) is not None and ends_at <= now
    return can_take(by, attempt)


def can_author(by: User | None) -> bool:
    """Cases, families and blueprints: trainers, and the installation itself when it loads files."""
    return may(by, "assessments.author")

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
    if not user.is_active:
        return False
    return attempt.person_id == user.pk or attempt.person.merged_into_id == user.pk


def can_close(by: User | None, attempt: Attempt, now: datetime) -> bool:
    """The person at any time; the installation itself once the time for answers is over."""
    if by is None:
        return (ends_at := attempt.ends_at()) is not None and ends_at <= now
    return can_take(by, attempt)


def can_author(by: User | None) -> bool:
    """Cases, families and blueprints: trainers, and the installation itself when it loads files."""
    return may(by, "assessments.author")

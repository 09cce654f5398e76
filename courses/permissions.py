"""Permission to write courses, publish editions, and follow them. `None` is the installation itself."""

from django.utils.translation import gettext_lazy as _

from people.models import Grant, Posting, User
from people.permissions import Anyone, Reach, may, register_permission

Position = Grant.Position

register_permission(
    "courses.author",
    _("Write courses and save drafts"),
    {Position.TRAINER.value: Reach.EVERYWHERE, Position.REVIEWER.value: Reach.EVERYWHERE},
)
register_permission(
    "courses.publish", _("Publish an edition of a course"), {Position.TRAINER.value: Reach.EVERYWHERE}
)


def can_author(by: Anyone) -> bool:
    """Write and save drafts: trainers, and reviewers who correct them. A course belongs to no agency."""
    return may(by, "courses.author")


def can_publish(by: Anyone) -> bool:
    """Publish an edition of a course."""
    return may(by, "courses.publish")


def can_enrol(by: Anyone, person: User) -> bool:
    """Officers enrol themselves while they serve somewhere."""
    if by is None:
        return True
    return by == person and person.is_active and Posting.objects.current().filter(user=person).exists()

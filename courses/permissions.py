"""Who may write courses, publish editions, and follow them. `None` is the installation itself."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from people.models import Grant, Posting, User
from people.permissions import holds_everywhere

Position = Grant.Position
type Anyone = User | AbstractBaseUser | AnonymousUser | None


def can_author(by: Anyone) -> bool:
    """Write and save drafts: trainers, and reviewers who correct them. A course belongs to no agency."""
    return by is None or any(
        holds_everywhere(by, position) for position in (Position.TRAINER, Position.REVIEWER)
    )


def can_publish(by: Anyone) -> bool:
    """Publish an edition of a course."""
    return by is None or holds_everywhere(by, Position.TRAINER)


def can_enrol(by: Anyone, person: User) -> bool:
    """Officers enrol themselves while they serve somewhere."""
    if by is None:
        return True
    return by == person and person.is_active and Posting.objects.current().filter(user=person).exists()

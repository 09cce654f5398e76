"""Who may write what officers are measured against. `None` is the installation itself."""

from people.models import Grant, User
from people.permissions import holds


def can_write_standards(by: User | None) -> bool:
    return by is None or holds(by, Grant.Position.TRAINER)

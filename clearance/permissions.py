"""Who may ask for whom, who may see a decision, who sets the rules."""

from typing import Any

from django.db.models import Q, QuerySet

from people.models import Grant, Unit, User
from people.permissions import agencies_of, holds_everywhere, positions_of, scope_of, units_of

from .models import Decision

Position = Grant.Position


def units_asked_for(user: User) -> QuerySet[Unit]:
    """Units for whose officers this person may ask: a duty officer's with all below, a coordinator's agency."""
    units: QuerySet[Unit] = units_of(user, Position.DUTY_OFFICER, Position.COORDINATOR)
    return units


def serving_where_asked(user: User) -> Q:
    """A condition for postings: in those units."""
    return scope_of(user, Position.DUTY_OFFICER, Position.COORDINATOR).within("agency", "unit")


def can_ask(user: User) -> bool:
    """At all: opens the desk."""
    return bool(positions_of(user) & {Position.DUTY_OFFICER, Position.COORDINATOR})


def visible_to(user: User) -> QuerySet[Decision]:
    """One's own questions while one still asks for that agency; a coordinator's agency; an auditor's all."""
    if not user.is_active:
        return Decision.objects.none()
    if holds_everywhere(user, Position.AUDITOR):
        return Decision.objects.all()
    asked: Any = units_asked_for(user).values("agency")
    return Decision.objects.filter(
        Q(asked_by=user, agency__in=asked) | Q(agency__in=agencies_of(user, Position.COORDINATOR))
    )


def can_set_rules(by: User | None) -> bool:
    """`None` is the installation itself, loading the curriculum."""
    return by is None or holds_everywhere(by, Position.RULE_OWNER)

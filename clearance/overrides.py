"""Overrides as people read them: those to be reviewed first, and how many are late."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from operations import clock
from people.models import User
from people.names import name_of

from . import permissions
from .models import DecisionOverride


@dataclass(frozen=True, kw_only=True)
class OverrideRow:
    override: DecisionOverride
    officer: str
    leader: str
    reviewer: str
    late: bool
    can_review: bool


def listed(user: User) -> QuerySet[DecisionOverride]:
    """Return those the person sees: to be reviewed first, the oldest of them first; then the newest."""
    return (
        permissions.overrides_visible_to(user)
        .select_related(
            "decision__function",
            "decision__person__merged_into",
            "by__merged_into",
            "reviewed_by",
            "unit__agency",
        )
        .order_by(F("reviewed_at").desc(nulls_first=True), "review_until", "pk")
    )


def late(user: User, now: datetime | None = None) -> QuerySet[DecisionOverride]:
    """Return those nobody has reviewed in time."""
    return permissions.overrides_visible_to(user).filter(
        reviewed_at=None, review_until__lte=now or clock.now()
    )


def rows_of(user: User, overrides: list[DecisionOverride]) -> list[OverrideRow]:
    """In words: as many queries for one as for many."""
    now, reach = clock.now(), permissions.where_reviewed(user)
    return [
        OverrideRow(
            override=each,
            officer=name_of(each.decision.person) if each.decision.person else "",
            leader=name_of(each.by),
            reviewer=name_of(each.reviewed_by) if each.reviewed_by else "",
            late=each.reviewed_at is None and each.review_until <= now,
            can_review=each.reviewed_at is None
            and reach.reaches(each.unit.agency_id, each.unit_id)
            and not permissions.is_person(user, each.by)
            and not permissions.is_person(user, each.decision.person),
        )
        for each in overrides
    ]

"""Where a person stands in the assessments of courses: rules, open attempt, passed, when again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from assessments.models import Attempt, BlueprintVersion, Use
from operations import clock

from .reading import Item


@dataclass(frozen=True)
class Standing:
    """`rules` as a BlueprintVersion holds them; `closed` is the newest closed attempt."""

    use: str
    rules: dict[str, Any]
    open: Attempt | None
    closed: Attempt | None
    passed: Attempt | None

    @property
    def is_exam(self) -> bool:
        return self.use == Use.EXAM

    @property
    def retry_at(self) -> datetime | None:
        """From when a new attempt may begin, if that is still to come."""
        if self.closed is None or self.closed.closed_at is None or self.passed or not self.is_exam:
            return None
        hours = self.closed.blueprint_version.rules["retake_after_hours"]
        again = self.closed.closed_at + timedelta(hours=hours)
        return again if again > clock.now() else None

    @property
    def can_start(self) -> bool:
        return not (self.open or self.retry_at or (self.is_exam and self.passed))


def standings(person_pk: int | None, blueprints: Collection[int]) -> dict[int, Standing]:
    """Two queries for any number of blueprints (ids). Without a person: the rules alone."""
    versions = (
        BlueprintVersion.objects.filter(blueprint__in=blueprints)
        .select_related("blueprint")
        .order_by("number")
    )
    newest = {version.blueprint_id: version for version in versions}
    attempts: list[Attempt] = []
    if person_pk:
        found = Attempt.objects.filter(person=person_pk, blueprint__in=blueprints)
        attempts = list(found.select_related("blueprint_version").order_by("-started_at"))
    return {pk: _standing(version, attempts) for pk, version in newest.items()}


def passed_exams(person_pk: int, assessments: Sequence[Item]) -> set[int]:
    """Which of these the person has passed, as ids of pages. One query, none where no exam is among them."""
    exams = {item.blueprint_id: item.pk for item in assessments if item.use == Use.EXAM}
    if not exams:
        return set()
    passed = Attempt.objects.filter(person=person_pk, blueprint__in=exams, passed=True)
    return {exams[blueprint] for blueprint in passed.values_list("blueprint", flat=True)}


def _standing(version: BlueprintVersion, attempts: list[Attempt]) -> Standing:
    own = [attempt for attempt in attempts if attempt.blueprint_id == version.blueprint_id]
    closed = [attempt for attempt in own if attempt.closed_at]
    return Standing(
        use=version.blueprint.use,
        rules=version.rules,
        open=next((attempt for attempt in own if not attempt.closed_at), None),
        closed=max(closed, key=lambda attempt: attempt.closed_at, default=None),  # type: ignore[arg-type, return-value]  # all closed
        passed=next((attempt for attempt in closed if attempt.passed), None),
    )

"""State of a person in the assessments of courses: rules, open attempt, passed, when again."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from assessments.models import Attempt, BlueprintVersion, ExamRelease, Use
from assessments.readiness import attempts_used
from assessments.results import result_url
from operations import clock
from people.models import User

from .reading import Item

# Filled by certificates, which knows what a pass is still worth: (person, blueprints) -> the blueprints
# (ids) whose exam is to be taken again, though it was passed.
lapsed: list[Callable[[int, Collection[int]], set[int]]] = []


@dataclass(frozen=True)
class AssessmentState:
    """`version` holds the newest rules; `closed` is the newest attempt that the person closed, or time.

    `passed`: the newest pass that still counts; `lapsed`: there was one that does not any more. `needs_release`: the
    attempts are used up, and no assessor has released the next.
    """

    version: BlueprintVersion
    open: Attempt | None
    closed: Attempt | None
    passed: Attempt | None
    lapsed: bool = False
    needs_release: bool = False
    worked_through: bool = False  # a counting attempt in which every question was answered

    @property
    def rules(self) -> dict[str, Any]:
        rules: dict[str, Any] = self.version.rules
        return rules

    @property
    def is_exam(self) -> bool:
        return self.version.blueprint.use == Use.EXAM

    @property
    def retry_at(self) -> datetime | None:
        """From when a new attempt may begin, if that is still to come."""
        if self.closed is None or self.passed or not self.is_exam:
            return None
        again = self.closed.again_from()
        return again if again is not None and again > clock.now() else None

    @property
    def result_url(self) -> str:
        """Return the address of the attempt that counts, or of the newest; empty without one."""
        attempt = self.passed or self.closed
        return result_url(attempt) if attempt else ""

    @property
    def can_start(self) -> bool:
        return not (self.open or self.retry_at or self.needs_release or (self.is_exam and self.passed))


def assessment_states(person_pk: int | None, blueprints: Collection[int]) -> dict[int, AssessmentState]:
    """A few queries for any number of blueprints (ids). Without a person: the rules alone."""
    versions = (
        BlueprintVersion.objects.filter(blueprint__in=blueprints)
        .select_related("blueprint")
        .order_by("number")
    )
    newest = {version.blueprint_id: version for version in versions}
    attempts: list[Attempt] = []
    again: set[int] = set()
    if person_pk:
        queryset = Attempt.objects.taken_by(person_pk).filter(blueprint__in=blueprints)
        attempts = list(queryset.select_related("blueprint", "blueprint_version").order_by("-started_at"))
        passed = {attempt.blueprint_id for attempt in attempts if attempt.passed}
        again = set().union(*(ask(person_pk, passed) for ask in lapsed)) if passed else set()
    whole = set(
        Attempt.objects.filter(pk__in=[a.pk for a in attempts if a.counts])
        .answered()
        .values_list("pk", flat=True)
    )
    own: dict[int, list[Attempt]] = {pk: [] for pk in newest}
    for attempt in attempts:
        own[attempt.blueprint_id].append(attempt)
    used = [pk for pk, version in newest.items() if attempts_used(version.rules, own[pk])]
    waiting = set(used) - _released(person_pk, used)
    states = {pk: _state(version, own[pk], again, pk in waiting) for pk, version in newest.items()}
    return {
        pk: replace(state, worked_through=any(attempt.pk in whole for attempt in own[pk]))
        for pk, state in states.items()
    }


def _released(person_pk: int | None, blueprints: Collection[int]) -> set[int]:
    if not blueprints:
        return set()
    records = User.objects.records_of(person_pk)
    live = ExamRelease.objects.live().filter(person__in=records, blueprint__in=blueprints)
    return set(live.values_list("blueprint", flat=True))


def passed_exams(person_pk: int, assessments: Sequence[Item]) -> set[int]:
    """Return the ids of pages whose exam the person has passed. One query, none where none is an exam."""
    exams = {item.blueprint_id: item.pk for item in assessments if item.use == Use.EXAM}
    if not exams:
        return set()
    passed = Attempt.objects.taken_by(person_pk).filter(blueprint__in=exams, passed=True)
    return {exams[blueprint] for blueprint in passed.values_list("blueprint", flat=True)}


def _state(
    version: BlueprintVersion, own: Sequence[Attempt], again: Collection[int], needs_release: bool
) -> AssessmentState:
    closed = [attempt for attempt in own if attempt.counts]
    counts = version.blueprint_id not in again
    passed = next((attempt for attempt in closed if attempt.passed), None) if counts else None
    return AssessmentState(
        version=version,
        open=next((attempt for attempt in own if not attempt.closed_at), None),
        closed=max(closed, key=lambda attempt: attempt.closed_at, default=None),  # type: ignore[arg-type, return-value]  # all closed
        passed=passed,
        lapsed=not counts,
        needs_release=needs_release,
    )

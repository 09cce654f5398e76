"""State of a person in the assessments of courses: rules, open attempt, passed, when again."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypedDict, cast

from django.db.models import Exists, OuterRef
from django_stubs_ext import StrOrPromise, WithAnnotations

from assessments.models import Attempt, BlueprintVersion, ExamRelease, Use
from assessments.readiness import Readiness, attempts_used, readiness_of
from assessments.results import result_url
from operations import clock
from people.models import User

# Filled by certificates, which knows what a pass is worth: (person, {code of an exam: when it was last passed}) -> of
# each exam that earns something, whether it earns the person something now; in words why it is closed to them.
earning: list[Callable[[int, Mapping[str, datetime | None]], Mapping[str, bool | StrOrPromise]]] = []


@dataclass(frozen=True)
class AssessmentState:
    """`version` holds the newest rules; `closed` is the newest attempt that the person closed, or time.

    `passed`: the newest pass that still counts; `lapsed`: there was one that does not any more. `shut`: it was not
    passed and would earn nothing now. `closed_because`: why it is closed to the person, whatever they have passed.
    `needs_release`: the attempts are used up, and no assessor has released the next. `readiness`: of an exam
    that was failed, where the person stands before the next attempt.
    """

    version: BlueprintVersion
    open: Attempt | None
    closed: Attempt | None
    passed: Attempt | None
    lapsed: bool = False
    shut: bool = False
    closed_because: StrOrPromise = ""
    needs_release: bool = False
    readiness: Readiness | None = None
    worked_through: bool = False  # a counting attempt in which every question was answered

    @property
    def rules(self) -> dict[str, Any]:
        rules: dict[str, Any] = self.version.rules
        return rules

    @property
    def is_exam(self) -> bool:
        return _is_exam(self.version)

    @property
    def done(self) -> bool:
        """Return whether nothing is left of it: an exam that is passed, practice in which every question was answered."""
        return self.passed is not None if self.is_exam else self.worked_through

    @property
    def retry_at(self) -> datetime | None:
        """From when a new attempt may begin, if that is still to come."""
        if self.closed is None or self.passed or not self.is_exam:
            return None
        again = self.closed.again_from()
        return again if again is not None and again > clock.now() else None

    @property
    def lacks_cases(self) -> bool:
        """Return whether it was failed, and new cases are missing for longer than the days between two attempts."""
        return self.readiness is not None and self.readiness.lacks_cases

    @property
    def begins_at(self) -> datetime | None:
        """From when the next attempt may begin, if that is still to come: days have passed, there are new cases."""
        return self.readiness.begins_at if self.readiness else self.retry_at

    @property
    def waits(self) -> bool:
        """Return whether it was failed, and days, cases or an assessor stand before the next attempt."""
        failed = self.closed is not None and self.closed.passed is False and not self.passed
        return failed and not self.open and not self.shut and bool(self.needs_release or self.begins_at)

    @property
    def cases(self) -> int:
        """Return how many cases it draws."""
        return sum(pool["take"] for pool in self.rules["draw"])

    @property
    def result_url(self) -> str:
        """Return the address of the attempt that counts, or of the newest; empty without one."""
        attempt = self.passed or self.closed
        return result_url(attempt) if attempt else ""

    @property
    def can_start(self) -> bool:
        if self.open or self.closed_because:
            return False
        closed = self.retry_at or self.needs_release or self.shut or (self.is_exam and self.passed)
        return not closed


class _WorkedThrough(TypedDict):
    whole: bool  # it counts, and every question in it was answered


def assessment_states(person_pk: int | None, blueprints: Collection[int]) -> dict[int, AssessmentState]:
    """A few queries for any number of blueprints (ids). Without a person: the rules alone."""
    versions = (
        BlueprintVersion.objects.filter(blueprint__in=blueprints)
        .select_related("blueprint")
        .order_by("number")
    )
    newest = {version.blueprint_id: version for version in versions}
    taken = Attempt.objects.taken_by(person_pk) if person_pk else Attempt.objects.none()
    attempts = taken.filter(blueprint__in=blueprints).order_by("-started_at")
    attempts = attempts.select_related("blueprint", "blueprint_version")
    own: dict[int, list[Attempt]] = {pk: [] for pk in newest}
    answered = Attempt.objects.counting().answered().filter(pk=OuterRef("pk"))
    rows = attempts.annotate(whole=Exists(answered))
    whole = set()
    for attempt in cast("Iterable[WithAnnotations[Attempt, _WorkedThrough]]", rows):
        own[attempt.blueprint_id].append(attempt)
        if attempt.whole:
            whole.add(attempt.blueprint_id)
    used = [pk for pk, version in newest.items() if attempts_used(version.rules, own[pk])]
    waiting = set(used) - _released(person_pk, used)
    earns = _earns(person_pk, _passes(newest.values(), own))
    states = {
        pk: _state(version, own[pk], earns.get(version.blueprint.code), pk in waiting)
        for pk, version in newest.items()
    }
    return {
        pk: replace(state, worked_through=pk in whole, readiness=_readiness(state, person_pk))
        for pk, state in states.items()
    }


def _readiness(state: AssessmentState, person_pk: int | None) -> Readiness | None:
    """Five queries, and only where an exam was failed and nothing but days or cases stand before the next attempt."""
    failed = state.closed is not None and state.closed.passed is False and not state.passed
    if not failed or person_pk is None or state.open or state.needs_release or state.shut:
        return None
    return readiness_of(state.version, person_pk)


def _passes(
    versions: Iterable[BlueprintVersion], own: Mapping[int, Sequence[Attempt]]
) -> dict[str, datetime | None]:
    """Return, by code of each exam, when it was last passed. `own`: attempts by blueprint."""
    exams = {version.blueprint.code: own[version.blueprint_id] for version in versions if _is_exam(version)}
    return {
        code: max((each.closed_at for each in attempts if each.passed and each.closed_at), default=None)
        for code, attempts in exams.items()
    }


def _earns(person_pk: int | None, passes: Mapping[str, datetime | None]) -> dict[str, bool | StrOrPromise]:
    """Return which of these exams earn the person something now; no query where there is none."""
    found: dict[str, bool | StrOrPromise] = {}
    for ask in earning if person_pk and passes else ():
        found.update(ask(person_pk or 0, passes))
    return found


def _is_exam(version: BlueprintVersion) -> bool:
    return version.blueprint.use == Use.EXAM


def _released(person_pk: int | None, blueprints: Collection[int]) -> set[int]:
    if not blueprints:
        return set()
    records = User.objects.records_of(person_pk)
    live = ExamRelease.objects.live().filter(person__in=records, blueprint__in=blueprints)
    return set(live.values_list("blueprint", flat=True))


def _state(
    version: BlueprintVersion, own: Sequence[Attempt], earns: bool | StrOrPromise | None, needs_release: bool
) -> AssessmentState:
    """`earns`: whether it earns something now; None for what earns nothing ever."""
    closed = [attempt for attempt in own if attempt.counts]
    passed = next((attempt for attempt in closed if attempt.passed), None)
    lapsed = passed is not None and earns is True
    return AssessmentState(
        version=version,
        open=next((attempt for attempt in own if not attempt.closed_at), None),
        closed=max(closed, key=lambda attempt: attempt.closed_at, default=None),  # type: ignore[arg-type, return-value]  # all closed
        passed=None if lapsed else passed,
        lapsed=lapsed,
        shut=passed is None and earns is False,
        closed_because="" if earns is None or isinstance(earns, bool) else earns,
        needs_release=needs_release,
    )

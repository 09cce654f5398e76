"""The first rows of an attempt: its cases drawn, their first stages open, its end with extra time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any

from people.models import User

from .drawing import draw
from .frozen import content_of
from .models import Attempt, AttemptCase, BlueprintVersion, ExamRelease, ScenarioVersion, StageProgress, Use
from .readiness import Readiness, extra_percent, practice_sets, readiness_of
from .refusals import NotReady, ReleaseNeeded, TooEarly


@dataclass(frozen=True)
class BegunFrom:
    """The place an attempt is begun from, frozen with it: by another course than its rules name an exam earns nothing.

    `origin`: "enrolment:<public id>"; `requirements`: what was required beforehand, and how it was met.
    """

    origin: str
    course_code: str = ""
    edition_number: int | None = None
    requirements: Mapping[str, Any] = field(default_factory=dict)


def begin(*, version: BlueprintVersion, begun_from: BegunFrom, person: User, now: datetime) -> Attempt:
    """Draw and write the rows, in the caller's transaction.

    Raises ReleaseNeeded where the attempts are used up, TooEarly before the days between two have passed, NotReady
    where too few families are left.
    """
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # an answer key opens before it or after it
    readiness = readiness_of(version, person.pk)
    if readiness.needs_release:
        raise ReleaseNeeded
    if readiness.retry_at is not None:
        raise TooEarly(readiness.retry_at)
    if not readiness.sets:
        raise NotReady(readiness.opens_at, may_be_opened=readiness.could_repeat)
    attempt = Attempt.objects.create(
        person=person,
        blueprint_version=version,
        blueprint=version.blueprint,
        origin=begun_from.origin,
        course_code=begun_from.course_code,
        edition_number=begun_from.edition_number,
        requirements=dict(begun_from.requirements),
        release=_used(readiness),
        started_at=now,
        due_at=_due_at(version.rules["minutes"], person, now),
    )
    for position, case in enumerate(_drawn(readiness, version), start=1):
        row = AttemptCase.objects.create(attempt=attempt, position=position, version=case)
        first = content_of(case.sha256).stages[0]
        StageProgress.objects.create(attempt=attempt, case=row, stage_code=first.code, opened_at=now)
    return attempt


def _used(readiness: Readiness) -> ExamRelease | None:
    """The release by which the attempt begins, locked: who withdraws it meanwhile comes first or is too late."""
    if readiness.release is None or not readiness.uses_release:
        return None
    release = ExamRelease.objects.select_for_update().get(pk=readiness.release.pk)
    if release.withdrawn_at is not None:
        raise ReleaseNeeded
    return release


def _due_at(minutes: int | None, person: User, now: datetime) -> datetime | None:
    if minutes is None:
        return None
    return now + timedelta(minutes=minutes) * (100 + extra_percent(person.pk)) / 100


def _drawn(readiness: Readiness, version: BlueprintVersion) -> list[ScenarioVersion]:
    practice = version.blueprint.use == Use.PRACTICE
    sets = practice_sets(readiness) if practice else readiness.sets
    codes = draw(sets, readiness.bank.variants, readiness.met.cases, SystemRandom())
    return [readiness.bank.versions[code] for code in codes]

"""People who wait for an assessor's release of an exam: attempts are used up, or no new cases are left."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from operations import clock
from people.models import User

from .drawing import BarredFamily, families_of, opening, pools_of, possible_sets
from .models import Attempt, AttemptCase, BlueprintVersion, ExamRelease, KeySeen, Use
from .permissions import RELEASE, reached
from .readiness import EarlierCases, bank_of, bars_of

WHOSE = Coalesce("person__merged_into", "person")
MINUTE = 60


class Closed(NamedTuple):
    """A closed attempt (its primary key); whether it counts as failed."""

    attempt: int
    closed_at: datetime
    counted: bool


@dataclass(frozen=True)
class WaitingPerson:
    """The reasons to wait: `failed` attempts since the newest pass; `opens_at`, where new cases are missing till then."""

    attempt: int  # the newest (primary key)
    since: datetime  # it closed
    failed: int
    attempts_used: bool
    opens_at: datetime | None


def waiting(by: User, *, who_passed: bool = False) -> dict[int, WaitingPerson]:
    """Return those whom `by` may release now, by the primary key of their newest attempt.

    Nobody with an open attempt, nor who is released already. Who has passed is left out, for whom there are no new cases
    all the same, unless `who_passed`: a certificate may fall meanwhile. A few queries for any number of people.
    """
    versions = BlueprintVersion.objects.filter(blueprint__use=Use.EXAM).order_by("number")
    newest = {version.blueprint_id: version for version in versions.select_related("blueprint")}
    people = reached(by, RELEASE)
    taken: dict[tuple[int, int], list[Closed]] = {}
    rows = _not_passed(people).order_by("closed_at", "pk")
    for whose, blueprint, *closed in rows.values_list("whose", "blueprint", "pk", "closed_at", "counted"):
        taken.setdefault((whose, blueprint), []).append(Closed(*closed))
    if who_passed:
        taken = {**_passes(people), **taken}
    for busy in _begun_or_released(people):
        taken.pop(busy, None)
    barred = _barred({whose for whose, _blueprint in taken})
    opening_days = {blueprint: _OpeningDays(version, barred) for blueprint, version in newest.items()}
    found = {}
    for (whose, blueprint), attempts in taken.items():
        allowed = newest[blueprint].rules["attempts"]
        failed = sum(each.counted for each in attempts)
        used = allowed is not None and failed >= allowed
        opens_at = opening_days[blueprint].until(whose)
        last = attempts[-1]
        if used or opens_at is not None:
            found[last.attempt] = WaitingPerson(last.attempt, last.closed_at, failed, used, opens_at)
    return found


def number_waiting(by: User) -> tuple[int, datetime | None]:
    """Return how many wait for `by`, and since when the first does.

    Remembered for a minute, until `by` releases somebody: it is asked on every page, and looks at everybody who failed.
    """
    found: tuple[int, datetime | None] | None = cache.get(_key(by))
    if found is None:
        people = waiting(by).values()
        found = len(people), min((each.since for each in people), default=None)
        cache.set(_key(by), found, MINUTE)
    return found


def forget_number(by: User) -> None:
    cache.delete(_key(by))


def _key(by: User) -> str:
    return f"releases:{by.pk}"


def _not_passed(people: QuerySet[User]) -> QuerySet[Any]:
    """Attempts of these people closed since their newest pass, also under merged records; `counted` says which count."""
    passed = Attempt.objects.filter(blueprint=OuterRef("blueprint"), passed=True).filter(
        Q(closed_at__gt=OuterRef("closed_at")) | Q(closed_at=OuterRef("closed_at"), pk__gt=OuterRef("pk"))
    )
    counted = Exists(Attempt.objects.counting().filter(pk=OuterRef("pk")))
    return (
        Attempt.objects.filter(blueprint__use=Use.EXAM, closed_at__isnull=False)
        .exclude(passed=True)
        .annotate(whose=WHOSE, counted=counted)
        .filter(whose__in=people.values("pk"))
        .filter(~Exists(passed.filter(person=OuterRef("whose"))))
        .filter(~Exists(passed.filter(person__merged_into=OuterRef("whose"))))
    )


def _passes(people: QuerySet[User]) -> dict[tuple[int, int], list[Closed]]:
    """The newest pass of each in each exam, as an attempt of which nothing was failed since."""
    passed = Attempt.objects.filter(blueprint__use=Use.EXAM, passed=True).annotate(whose=WHOSE)
    rows = passed.filter(whose__in=people.values("pk")).order_by("closed_at", "pk")
    return {
        (whose, blueprint): [Closed(attempt, closed_at, counted=False)]
        for whose, blueprint, attempt, closed_at in rows.values_list("whose", "blueprint", "pk", "closed_at")
        if closed_at is not None
    }


def _begun_or_released(people: QuerySet[User]) -> Iterable[tuple[int, int]]:
    """(person, exam) of whoever of these waits for nothing: an attempt is open, or the next is released. Two queries."""
    for rows in (Attempt.objects.open().filter(blueprint__use=Use.EXAM), ExamRelease.objects.live()):
        theirs = rows.annotate(whose=WHOSE).filter(whose__in=people.values("pk"))
        yield from theirs.values_list("whose", "blueprint")


def _barred(people: Collection[int]) -> dict[int, list[BarredFamily]]:
    """By person, the families that no exam draws for them now; two queries."""
    drawn: dict[int, dict[str, datetime]] = {}
    keys: dict[int, dict[str, datetime]] = {}
    whose = Coalesce("attempt__person__merged_into", "attempt__person")
    cases = AttemptCase.objects.order_by().annotate(whose=whose).filter(whose__in=people)
    family = "version__scenario__family__code"
    for person, code, last in cases.values_list("whose", family).annotate(last=Max("attempt__started_at")):
        drawn.setdefault(person, {})[code] = last
    seen = KeySeen.objects.order_by().annotate(whose=WHOSE).filter(whose__in=people)
    for person, code, last in seen.values_list("whose", "family__code").annotate(last=Max("seen_at")):
        keys.setdefault(person, {})[code] = last
    now = clock.now()
    return {
        person: bars_of(EarlierCases({}, drawn.get(person, {}), keys.get(person, {})), now)
        for person in {*drawn, *keys}
    }


class _OpeningDays:
    """An exam, and for whom it has too few new cases."""

    def __init__(self, version: BlueprintVersion, barred: Mapping[int, list[BarredFamily]]) -> None:
        self._rules, self._barred = version.rules, barred
        self._bank, self._families = bank_of(version.rules), set(families_of(version.rules))
        self._open: dict[frozenset[str], bool] = {}

    def until(self, person: int) -> datetime | None:
        """Return from when there are cases for the person again; None where there are now, or never will be."""
        bars = [bar for bar in self._barred.get(person, ()) if bar.family in self._families]
        codes = frozenset(bar.family for bar in bars)
        pools = [pool.of(self._bank.variants) for pool in pools_of(self._rules)]
        asked = (pools, self._bank.outcomes, self._rules["outcomes"])
        if codes not in self._open:
            self._open[codes] = bool(possible_sets(*asked, codes))
        return None if self._open[codes] else opening(*asked, bars)

"""Earning a qualification: by which way and for which days, from rules, what a person holds, and exams passed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from assessments.models import Attempt
from operations import clock
from people.models import User

from . import rules, sources
from .barring import Bar, bars_of_person
from .holding import Holding, holdings_of, is_suspended, last_end
from .models import QualificationVersion
from .rules import EarningWay, QualificationRules, RulesInForce
from .sources import Shown, SourceQuestion

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Opening:
    """By which way somebody can earn a qualification now. `since`: what was shown after it counts. `end`: of the last
    one they hold or have held.
    """

    way: EarningWay
    since: datetime
    end: datetime | None


def opening(
    found: QualificationRules, holdings: Sequence[Holding], instant: datetime, bar: Bar | None = None
) -> Opening | None:
    """None where nothing can be earned: one is in force and not yet to be renewed, or is suspended, or all of it was
    taken away from the person. Whoever holds one that was only recognised earns it as for the first time, at any time.
    """
    if is_suspended(holdings) or (bar is not None and bar.stands(instant)):
        return None
    holdings = [held for held in holdings if not held.recognised]
    end = last_end(holdings)
    announced = [held.announced_at for held in holdings if held.announced_at and held.valid_to == end]
    if (
        announced and end is not None and instant < end
    ):  # changed rules end it: it is renewed from that word on
        return Opening(EarningWay.RENEWAL, min([found.opens_at(end), *announced]) - MOMENT, end)
    way = found.way(end, instant)
    if way is None:
        return None
    if way is EarningWay.RENEWAL and end is not None:
        return Opening(way, found.opens_at(end) - MOMENT, end)
    # What was shown longer ago than one holds is shown no more; what earned one before earns no second.
    oldest = clock.start_of(clock.add_months(clock.first_day(instant), -found.valid_months))
    return Opening(way, max([oldest, *(held.award.earned_at for held in holdings)]), end)


def open_to(person_pk: int, codes: Collection[str], instant: datetime) -> set[str]:
    """Return those of the qualifications (codes) that the person can earn by an exam now; no query where none is asked."""
    asked = [each for each in rules.in_force(instant, codes) if each.rules.exams()] if codes else []
    holdings = holdings_of(person_pk, instant) if asked else {}
    bars = bars_of_person(person_pk, instant, holdings)
    return {
        each.code
        for each in asked
        if opening(each.rules, holdings.get(each.code, ()), instant, bars.get(each.code))
    }


def days(found: QualificationRules, end: datetime | None, awarded_at: datetime) -> tuple[date, date]:
    """Return first and last day, both printed. Earned before the end of the last one, it begins where that ends."""
    first = clock.first_day(end if end is not None and end > awarded_at else awarded_at)
    return first, clock.add_months(first, found.valid_months) - timedelta(days=1)


@dataclass(frozen=True)
class Earned:
    version: QualificationVersion
    way: EarningWay
    days: tuple[date, date]
    shown: Sequence[tuple[str, Shown]]  # name of the source, and what shows that it is there

    @property
    def code(self) -> str:
        return self.version.qualification.code

    def evidence(self) -> dict[str, Any]:
        """As an award freezes it."""
        first, last = self.days
        return {
            "way": self.way.value,
            "days": {"first": first.isoformat(), "last": last.isoformat()},
            "shown": [{name: shown} for name, shown in self.shown],
        }


def earned_by(
    attempt: Attempt, person: User, *, passed_at: datetime, known: Collection[str]
) -> Iterator[Earned]:
    """Yield what a passed exam earns by the rules in force at its closing, alone or with what was shown before. `known`:
    codes of what it has earned already, which may earn others.
    """
    closed_at = attempt.closed_at
    assert closed_at is not None
    counts = {("exam", attempt.blueprint.code), *(("qualification", code) for code in known)}
    chosen = [
        each for each in rules.in_force(closed_at) if _names(each.rules) & counts and each.code not in known
    ]
    holdings = holdings_of(person.pk, passed_at) if chosen else {}
    bars = bars_of_person(person.pk, closed_at, holdings) if chosen else {}
    for each in chosen:
        now = opening(each.rules, holdings.get(each.code, ()), closed_at, bars.get(each.code))
        if now is None or not _names(each.rules, now.way) & counts:
            continue
        asked = SourceQuestion(person=person, instant=passed_at, since=now.since, attempt=attempt.public_id)
        if shown := _all_shown(each, now.way, asked):
            yield Earned(each.version, now.way, days(each.rules, now.end, passed_at), shown)


def _names(found: QualificationRules, way: EarningWay | None = None) -> set[tuple[str, str]]:
    """("exam", blueprint) and ("qualification", code) of what is needed, by one way or any."""
    chosen = found.sources(way) if way else (*found.first, *found.renewal)
    exams = {("exam", source.exam.blueprint) for source in chosen if source.exam}
    return exams | {("qualification", source.qualification) for source in chosen if source.qualification}


def _all_shown(each: RulesInForce, way: EarningWay, asked: SourceQuestion) -> list[tuple[str, Shown]]:
    """Return what shows each source; empty where one is not there, or nothing is asked."""
    found = []
    for source in each.rules.sources(way):
        shown = sources.kind_of(source.name).shown(source.value, asked)
        if shown is None:
            return []
        found.append((source.name, shown))
    return found

"""Exams that earn somebody something now: never shown, or to be shown again because what it earned ends soon."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from assessments.models import Marking
from locales.dates import day_text
from operations import clock
from people.models import User

from . import doubts, rules
from .barring import Bar, bars_of_person
from .earning import opening
from .holding import holdings_of
from .rules import RulesInForce


def earning(person_pk: int, exams: Mapping[str, datetime | None]) -> dict[str, bool | StrOrPromise]:
    """Return, for each of these exams that a qualification names, whether passing it earns the person something now; in
    words where all that it earns was taken away from them, or registrars have to decide first whether it stays.

    `exams`: code of the blueprint, and when the person last passed it. What was passed and waits for something else
    that is needed still counts, and so does what earned nothing to somebody who holds nothing.
    """
    now = clock.now()
    named = [each for each in rules.in_force(now) if exams.keys() & set(each.rules.blueprints())]
    holdings = holdings_of(person_pk, now) if named else {}
    bars = bars_of_person(person_pk, now, holdings)
    found: dict[str, bool] = {}
    for each in named:
        held = holdings.get(each.code, [])
        opened = opening(each.rules, held, now, bars.get(each.code))
        wanted = each.rules.blueprints(opened.way) if opened else []
        alone = opened is not None and len(each.rules.sources(opened.way)) == 1
        for blueprint in exams.keys() & set(each.rules.blueprints()):
            passed_at = exams[blueprint]
            counts = opened is not None and passed_at is not None and passed_at > opened.since
            earns = blueprint in wanted and not (counts and not (alone and held))
            found[blueprint] = found.get(blueprint, False) or earns
    undecided = _undecided(person_pk) if any(exams[code] is None for code in found) and holdings else set()
    return {
        code: earns or (_first_decided() if code in undecided else _why_not(code, named, bars))
        for code, earns in found.items()
    }


def _undecided(person_pk: int) -> set[str]:
    """Return the codes of exams that count no longer as passed, while registrars have not decided what follows."""
    theirs = doubts.waiting().filter(award__person__in=User.objects.records_of(person_pk)).values("marking")
    exams = Marking.objects.filter(public_id__in=theirs).values_list("attempt__blueprint__code", flat=True)
    return set(exams)


def _first_decided() -> StrOrPromise:
    return _(
        "Your last exam does not count, and registrars decide whether your certificate stays. "
        "Once they have decided, this page says whether you sit the exam again."
    )


def _why_not(
    blueprint: str, named: Iterable[RulesInForce], bars: Mapping[str, Bar]
) -> Literal[False] | StrOrPromise:
    """Return why an exam is closed to somebody from whom all that it earns was taken away; else False."""
    against = [bars.get(each.code) for each in named if blueprint in each.rules.blueprints()]
    standing = [bar for bar in against if bar is not None]
    return _why(standing) if standing and len(standing) == len(against) else False


def _why(bars: list[Bar]) -> StrOrPromise:
    days = [bar.opens_at for bar in bars if bar.opens_at is not None]
    if days:
        return _("The qualification was taken away from you. This exam opens for you again on %(day)s.") % {
            "day": day_text(min(days))
        }
    return _(
        "The qualification was taken away from you. This exam opens again when two registrars have readmitted you."
    )

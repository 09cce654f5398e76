"""Days from which certificates are renewed, by the rules in force."""

from collections.abc import Iterable
from datetime import date, datetime

from operations import clock

from . import chains, rules
from .models import Certificate
from .state import State, state_at


def opening_days(certificates: Iterable[Certificate], now: datetime) -> dict[int, date]:
    """Return, by primary key, from which day each valid one is renewed that nothing carries on; given is all that these
    people hold. One query. What was only recognised is not renewed but earned, at any time; while one is suspended none
    of its holder and qualification is renewed.
    """
    held = list(certificates)
    ends, shut = chains.ends(held, now), suspended_until(held, now)
    last = [
        each
        for each in held
        if each.pk in ends and ends[each.pk] == state_at(each, now).until and chains.whose(each) not in shut
    ]
    codes = {each.qualification_version.qualification.code for each in last}
    in_force = {each.code: each.rules for each in rules.in_force(now, codes)} if codes else {}
    found = {}
    for each in last:
        known = in_force.get(each.qualification_version.qualification.code)
        if known and known.renewal and not each.is_recognised:
            opens_at = known.opens_at(ends[each.pk])
            if each.rules_end_announced_at and ends[each.pk] == each.rules_end_at:
                opens_at = min(opens_at, each.rules_end_announced_at)
            found[each.pk] = clock.first_day(opens_at)
    return found


def suspended_until(certificates: Iterable[Certificate], now: datetime) -> dict[tuple[int, int], datetime]:
    """Return, by holder and qualification (`chains.whose`), when the last suspension ends of those that stand now: until
    then nothing is renewed (`earning.opening`).
    """
    found: dict[tuple[int, int], datetime] = {}
    for each in certificates:
        now_is = state_at(each, now)
        if now_is.state is State.SUSPENDED and now_is.until is not None:
            key = chains.whose(each)
            found[key] = max(now_is.until, found.get(key, now_is.until))
    return found

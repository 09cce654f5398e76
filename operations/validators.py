"""Limits of the days on which somebody begins or ends to serve, to hold a position or to be away.

A day outside is a year typed wrongly. Nobody still known began to serve before 1950; where somebody goes is ordered
at most a year ahead; an end more than five years ahead is not known but guessed, and then there is none yet.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from operations import clock

FIRST_YEAR = 1950
YEARS_TO_BEGIN, YEARS_TO_END = 1, 5


def beginning(day: date) -> None:
    """Refuse, in words, a first day that lies too far away."""
    _not_before(day)
    if day > _ahead(YEARS_TO_BEGIN):
        raise ValidationError(_("This day is too far away: at most one year ahead."))


def ending(day: date) -> None:
    """Refuse, in words, a last day that lies too far away."""
    _not_before(day)
    if day > _ahead(YEARS_TO_END):
        raise ValidationError(_("This day is too far away: at most five years ahead."))


def _not_before(day: date) -> None:
    if day.year < FIRST_YEAR:
        raise ValidationError(_("This day is too long ago: not before %(year)s.") % {"year": FIRST_YEAR})


def _ahead(years: int) -> date:
    return clock.add_months(clock.today(), 12 * years)

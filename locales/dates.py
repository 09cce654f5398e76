"""Days and instants in words, in Baku time and the active language."""

from datetime import date, datetime, time, timedelta

from babel.dates import format_date
from django.utils.timezone import localtime
from django.utils.translation import get_language

from .languages import DEFAULT_LANGUAGE, rules_of


def day_text(value: date | datetime) -> str:
    """24 noyabr 2026 · 24 November 2026 · 24 ноября 2026 г. (its last space does not break)"""
    day = localtime(value) if isinstance(value, datetime) else value
    return str(
        format_date(
            day,
            rules_of(get_language()).day,
            locale=get_language() or DEFAULT_LANGUAGE,
        )
    )


def instant_text(value: datetime) -> str:
    """24 noyabr 2026, 15:42"""
    return f"{day_text(value)}, {localtime(value):%H:%M}"


def end_text(value: datetime) -> str:
    """Until when: the last day where it ends with a day, else day and time."""
    local = localtime(value)
    return instant_text(value) if local.time() != time() else day_text(local.date() - timedelta(days=1))

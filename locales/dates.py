"""Days and instants in words, in Baku time and the active language."""

from datetime import date, datetime, time, timedelta

from babel.dates import format_date
from django.utils.timezone import localtime
from django.utils.translation import get_language

from .languages import DEFAULT_LANGUAGE, rules_of


def day_text(value: date | datetime, language: str | None = None) -> str:
    """24.11.2026, in English 24 November 2026; in the active language, unless another is named"""
    day = localtime(value) if isinstance(value, datetime) else value
    language = language or get_language() or DEFAULT_LANGUAGE
    return str(format_date(day, rules_of(language).day, locale=language))


def instant_text(value: datetime) -> str:
    """24.11.2026, 15:42"""
    return f"{day_text(value)}, {localtime(value):%H:%M}"


def end_text(value: datetime) -> str:
    """Until when: the last day where it ends with a day, else day and time."""
    local = localtime(value)
    return instant_text(value) if local.time() != time() else day_text(local.date() - timedelta(days=1))

"""Scheduled work of assessments."""

from datetime import datetime, timedelta

from operations.schedule import scheduled

from . import actions


@scheduled("assessments.close_overdue", every=timedelta(minutes=1))
def close_overdue(now: datetime) -> None:
    """An exam whose time is over is closed with what was saved, also if nobody comes back to it."""
    actions.close_overdue(now)

"""Scheduled work of clearance."""

from datetime import datetime, timedelta

from operations.schedule import scheduled

from . import actions_recall


@scheduled("clearance.recheck_all", every=timedelta(minutes=10))
def recheck_all(now: datetime) -> None:
    """Yeses of the last day that would be refused now are recalled, whether or not a signal told of the change."""
    actions_recall.recheck_all(by=None)

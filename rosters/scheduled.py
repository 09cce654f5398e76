"""Delete by the timetable what rosters leave behind."""

from datetime import datetime, time, timedelta

from operations.schedule import scheduled

from . import actions as rosters_actions


@scheduled("rosters.forget_old_rosters", every=timedelta(days=1), at=time(4))
def forget_old_rosters(now: datetime) -> None:
    rosters_actions.forget_old_rosters(now=now, by=None)

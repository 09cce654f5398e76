"""The values that every page of an open attempt shows."""

from assessments.models import Attempt, Use
from operations import clock
from operations.clock import BAKU


def frame(attempt: Attempt) -> dict[str, object]:
    """Context of every page of an open attempt: what it is, and the time that is left."""
    left = until = None
    if attempt.due_at is not None:
        left = int((attempt.due_at - clock.now()).total_seconds())
        until = f"{attempt.due_at.astimezone(BAKU):%H:%M}"
    return {
        "attempt": attempt,
        "exam": attempt.blueprint.use == Use.EXAM,
        "seconds_left": left,
        "minutes_left": left and -(-left // 60),
        "until": until,
    }

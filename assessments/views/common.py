"""What the pages of an attempt share."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from assessments import actions
from assessments.models import Attempt, Use
from assessments.permissions import can_take
from assessments.results import result_url
from operations import clock
from operations.clock import BAKU
from people.requests import OfficerRequest


def own(request: OfficerRequest, public_id: str) -> Attempt:
    """The attempt, for its person alone; 404 where there is none."""
    found = (
        Attempt.objects.filter(public_id=public_id).select_related("blueprint", "blueprint_version").first()
    )
    if found is None:
        raise Http404
    if not can_take(request.user, found):
        raise PermissionDenied(_("This attempt is not yours."))
    return found


def after(attempt: Attempt) -> HttpResponse:
    """Redirect to where a closed attempt is told of."""
    return redirect(result_url(attempt))


def elsewhere(request: OfficerRequest, attempt: Attempt) -> HttpResponse | None:
    """Return where an attempt leads that cannot be worked on any more; None while it can.

    Whoever comes back after the end finds it closed: it does not wait for the timetable.
    """
    now = clock.now()
    if attempt.closed_at is None and (ends_at := attempt.ends_at()) is not None and ends_at <= now:
        attempt = actions.close_attempt(attempt=attempt, by=request.user)
    if attempt.closed_at is not None:
        return after(attempt)
    if attempt.is_over(now):
        return render(request, "assessments/time_over.html", {"attempt": attempt})
    return None


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

"""Find a person's own attempt, and lead on from one that cannot be worked on any more."""

from functools import lru_cache

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from assessments import actions
from assessments.models import Attempt
from assessments.permissions import can_take
from assessments.refusals import ClockLeapt
from assessments.results import result_url
from operations import clock
from operations.prepared import PreparedObjects
from people.requests import OfficerRequest


def own(request: OfficerRequest, public_id: str) -> Attempt:
    """The attempt, for its person alone; 404 where there is none."""
    found = _attempts().objects(public_id)
    if not found:
        raise Http404
    [attempt] = found
    if not can_take(request.user, attempt):
        raise PermissionDenied(_("This attempt is not yours."))
    return attempt


@lru_cache(maxsize=1)
def _attempts() -> PreparedObjects[Attempt]:
    return PreparedObjects(Attempt.objects.filter(public_id=""), "blueprint", "blueprint_version")


def after(attempt: Attempt) -> HttpResponse:
    """Redirect to where a closed attempt is told of."""
    return redirect(result_url(attempt))


def elsewhere(request: OfficerRequest, attempt: Attempt) -> HttpResponse | None:
    """Return where an attempt leads that cannot be worked on any more; None while it can.

    Whoever comes back after the end finds it closed: it does not wait for the timetable.
    """
    now = clock.now()
    if attempt.closed_at is None and (ends_at := attempt.ends_at()) is not None and ends_at <= now:
        try:
            attempt = actions.close_attempt(attempt=attempt, by=request.user)
        except ClockLeapt as refusal:
            return clock_leapt(request, refusal)
    if attempt.closed_at is not None:
        return after(attempt)
    if attempt.is_over(now):
        return render(request, "assessments/time_over.html", {"attempt": attempt})
    return None


def clock_leapt(request: OfficerRequest, refusal: ClockLeapt) -> HttpResponse:
    return render(request, "assessments/clock_leapt.html", {"text": str(refusal)}, status=503)

"""Home: the first page for a stranger, what is due and under way for an officer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.new_sheets import new_for
from certificates.words import told
from clearance import overrides
from clearance.next_step import NextStep, newest_result, next_step_of
from clearance.overview import Overview, overview_of
from clearance.rereading import Rereading, rereading_of
from people.models import User
from people.permissions import SecondFactorNeeded
from people.waits import waits_here
from standards.models import Figure


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not isinstance(request.user, User):
        hotline = Figure.objects.filter(code="hotline").values_list("value", flat=True).first()
        return render(request, "pages/welcome.html", {"indexable": True, "hotline": hotline})
    overview = overview_of(request.user)
    language = get_language() or "az"
    step = next_step_of(overview, language)
    context = {
        "overview": overview,
        "waits": waits_here(request),
        "new_sheets": new_for(request.user),
        "step": step,
        "strengths": _strengths(overview, step, language),
        "held": [(held, *told(held.certificate, held.certificate_state)) for held in overview.held],
        "late_overrides": _late_overrides(request.user) if overview.tiles else 0,
        "is_empty": not (overview.tiles or _has_training(overview)),
        "has_training": _has_training(overview),
    }
    return render(request, "clearance/home.html", context)


def _has_training(overview: Overview) -> bool:
    """Return whether there is anything of one's own to show: whoever only works for others learns nothing here."""
    own = overview.courses or overview.held or overview.being_made or overview.attempts or overview.withdrawn
    duties = overview.due or overview.may
    return bool(own or duties or (overview.postings and not overview.tiles))


def _strengths(overview: Overview, step: NextStep | None, language: str) -> Rereading | None:
    """Return them as seen in the course of the next step, or where nothing was closed in it, in the one followed last."""
    if step and step.course and step.result:
        return rereading_of(step.course.course, step.result)
    for course in reversed(overview.courses):
        if result := newest_result(course, language):
            return rereading_of(course.course, result)
    return None


def _late_overrides(user: User) -> int:
    """Count overruled refusals that nobody reviewed in time; none in a browser that has shown no second factor."""
    try:
        return overrides.late(user).count()
    except SecondFactorNeeded:
        return 0

"""Home: the first page for a stranger, what is due and under way for an officer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certificates.words import told
from clearance.next_step import next_step_of
from clearance.overview import overview_of
from clearance.rereading import rereading_of
from people.models import User
from standards.models import Figure


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not isinstance(request.user, User):
        hotline = Figure.objects.filter(code="hotline").values_list("value", flat=True).first()
        return render(request, "pages/welcome.html", {"indexable": True, "hotline": hotline})
    overview = overview_of(request.user)
    step = next_step_of(overview, get_language() or "az")
    course = step.course if step else None
    context = {
        "overview": overview,
        "step": step,
        "strengths": rereading_of(course.course, step.result) if step and course and step.result else None,
        "held": [(held, *told(held.certificate, held.certificate_state)) for held in overview.held],
        "is_empty": not (overview.postings or overview.tiles or overview.courses or overview.held),
    }
    return render(request, "clearance/home.html", context)

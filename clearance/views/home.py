"""Home: the first page for a stranger, what is due and under way for an officer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certificates.words import told
from clearance.overview import overview_of
from people.models import User
from standards.models import Figure


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if not isinstance(request.user, User):
        hotline = Figure.objects.filter(code="hotline").values_list("value", flat=True).first()
        return render(request, "pages/welcome.html", {"indexable": True, "hotline": hotline})
    overview = overview_of(request.user)
    context = {
        "overview": overview,
        "held": [(held, *told(held.certificate, held.certificate_state)) for held in overview.held],
        "is_empty": not (overview.postings or overview.tiles or overview.courses or overview.held),
    }
    return render(request, "clearance/home.html", context)

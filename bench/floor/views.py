from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .models import Text


@login_required
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """Session, user, one object, one template."""
    context = {"text": Text.objects.get(pk=pk), "name": request.user.get_short_name()}
    return render(request, "bench/text.html", context)


def public(request: HttpRequest, pk: int) -> HttpResponse:
    """For nobody in particular: one object, one template."""
    return render(request, "bench/text.html", {"text": Text.objects.get(pk=pk)})

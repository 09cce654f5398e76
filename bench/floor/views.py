import json

from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from operations import clock
from people.models import Posting

from .models import Line, Said, Text


@login_required
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """Session, user, one object, one template."""
    context = {"text": Text.objects.get(pk=pk), "name": request.user.get_short_name()}
    return render(request, "bench/text.html", context)


def public(request: HttpRequest, pk: int) -> HttpResponse:
    """For nobody in particular: one object, one template."""
    return render(request, "bench/text.html", {"text": Text.objects.get(pk=pk)})


@login_required
def said(request: HttpRequest) -> HttpResponse:
    """Session, user, one bare insert of what was posted."""
    assert request.user.is_authenticated
    kept = Said.objects.create(value=json.loads(request.body))
    return JsonResponse({"kept": kept.pk})


class LineForm(forms.Form):
    who = forms.CharField(max_length=80)
    function = forms.CharField(max_length=20)


@login_required
@require_POST
def line(request: HttpRequest) -> HttpResponse:
    """Session, user; one form checked, one object found, one row written, one redirect."""
    form = LineForm(request.POST)
    if not form.is_valid():
        raise Http404
    with transaction.atomic():
        who = form.cleaned_data["who"]
        posting = Posting.objects.current().select_related("user").get(service_number=who)
        written = Line.objects.create(
            asked_by=request.user, person=posting.user, answer="cleared", asked_at=clock.now()
        )
    return redirect(f"/floor/line/{written.pk}/")

"""Requests for corrections, for who answers them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from operations.pagination import keyset
from people.models import Posting, User
from people.notification_text import how_told
from people.requests import OfficerRequest, recently_to_change
from people.views.guards import for_whom_may
from privacy.actions.corrections import NAME, answer_correction, name_waits
from privacy.forms import AnswerForm, CorrectionFilter
from privacy.models import ABOUT, CorrectionRequest
from privacy.permissions import ANSWER_CORRECTION, can_answer_correction, can_see_correction, seen_corrections

from .my_data import correction_rows

REFUSAL = gettext_lazy("Coordinators and administrators answer these requests.")
BY_STATE = {"": Q(outcome=None), "answered": Q(outcome__isnull=False), "all": Q()}


@require_safe
@for_whom_may(ANSWER_CORRECTION, refusal=REFUSAL)
def corrections(request: OfficerRequest) -> HttpResponseBase:
    """List requests of the agencies for which one answers; oldest first while they wait."""
    form = CorrectionFilter(request.GET)
    state = form.chosen()
    queryset = seen_corrections(request.user).filter(BY_STATE.get(state, Q(outcome=None)))
    order = ("asked_at", "pk") if not state else ("-asked_at", "-pk")
    page = keyset(queryset.select_related("person", "agency"), order=order, token=request.GET.get("page", ""))
    context = {
        "form": form, "state": state, "page": page, "rows": correction_rows(page.rows),
    }  # fmt: skip
    return render(request, "privacy/corrections.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@recently_to_change
def correction(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Show one request and its answer. Of another agency it is not found: that it exists is not told."""
    rows = CorrectionRequest.objects.select_related("person", "agency", "answered_by")
    asked = get_object_or_404(rows, public_id=public_id)
    if not can_see_correction(request.user, asked):
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            answer_correction(request=asked, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
            asked.refresh_from_db()
        else:
            messages.success(request, _("Answered.") + f" {how_told(asked.person)}")
            return redirect("privacy:corrections")
    return render(request, "privacy/correction.html", _one(request, asked, form))


def _one(request: OfficerRequest, asked: CorrectionRequest, form: AnswerForm) -> dict[str, Any]:
    return {
        "found": asked,
        "about": ABOUT.get(asked.about, asked.about),
        "serves": _serves(asked.person),
        "about_name": asked.about == NAME,
        "waits": name_waits(asked) if asked.outcome is None else None,
        "form": form,
        "can_answer": asked.outcome is None and can_answer_correction(request.user, asked),
        "crumbs": [{"text": _("Requests for corrections"), "href": reverse("privacy:corrections")}],
    }


def _serves(person: User) -> Posting | None:
    postings = Posting.objects.current().filter(user=person, main=True)
    return postings.select_related("unit", "role").first()

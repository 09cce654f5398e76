"""Overrides: a shift leader overrules a refusal; the list; somebody else reviews."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from clearance import actions_override, overrides, permissions
from clearance.forms_override import OverrideForm, ReviewForm
from clearance.models import Decision
from people.requests import OfficerRequest, signed_in
from people.views.guards import for_whom_may

from .desk import decision_page

PAGE = 25


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def override_decision(request: OfficerRequest, public_id: str) -> HttpResponse:
    """Overrule the refusal and lead back to its page, which says so; also what could not be done. Without a reason the
    page stands here, and its links to other languages lead back to it.
    """
    decision = get_object_or_404(Decision.objects.with_all(), public_id=public_id)
    if permissions.unit_to_override(request.user, decision) is None:
        raise PermissionDenied(
            _("Only a shift leader of the officer's unit overrules a refusal, and not their own.")
        )
    if request.method != "POST":
        return redirect("clearance:decision", public_id)
    form = OverrideForm(request.POST)
    if not form.is_valid():
        return decision_page(request, decision, form)
    try:
        actions_override.override(decision=decision, reason=form.cleaned_data["reason"], by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, _("Overruled. Somebody else reviews it within 72 hours."))
    return redirect("clearance:decision", public_id)


@require_safe
@for_whom_may(permissions.SEE_OVERRIDES)
def listed(request: OfficerRequest) -> HttpResponseBase:
    page = Paginator(overrides.listed(request.user), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": overrides.rows_of(request.user, list(page)),
        "late": overrides.late(request.user).count(),
        "section": "overrides",
    }
    return render(request, "clearance/overrides.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_whom_may(permissions.SEE_OVERRIDES)
def one(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """An override, and the review of it by somebody else."""
    override = get_object_or_404(overrides.listed(request.user), public_id=public_id)
    if request.method == "POST" and not permissions.can_review(request.user, override):
        raise PermissionDenied(
            _("An override is reviewed by somebody else: a coordinator, or another shift leader.")
        )
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions_override.review(override=override, finding=form.cleaned_data["finding"], by=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("Your finding is saved."))
        return redirect("clearance:override", public_id)
    [row] = overrides.rows_of(request.user, [override])
    return render(request, "clearance/override.html", {"row": row, "form": form, "section": "overrides"})

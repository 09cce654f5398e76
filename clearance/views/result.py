"""The result of an exam, for who sat it: never a question, an option or the answer key."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.models import Attempt, Use
from assessments.permissions import can_take
from certificates.models import Certificate
from certificates.words import told
from clearance.outcome import again_of, outcome_of
from people.requests import OfficerRequest, signed_in


@never_cache
@require_safe
@signed_in
def result(request: OfficerRequest, public_id: str) -> HttpResponse:
    """A script asks for JSON while the certificate is being made: {"ready": true} once it is there."""
    attempt = get_object_or_404(
        Attempt.objects.select_related("blueprint", "blueprint_version", "marking", "person"),
        public_id=public_id,
    )
    if not can_take(request.user, attempt):
        raise PermissionDenied(_("A result is shown only to the person who sat the exam."))
    if attempt.closed_at is None:
        return redirect("assessments:attempt", attempt.public_id)
    if attempt.blueprint.use == Use.PRACTICE:
        return redirect("assessments:feedback", attempt.public_id)
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        ready = Certificate.objects.finished().filter(award__cause=f"attempt:{attempt.public_id}").exists()
        return JsonResponse({"ready": ready})
    language = get_language() or "az"
    outcome = outcome_of(attempt, language)
    earned = outcome.earned
    state, kind = told(earned.certificate, earned.certificate_state) if earned else ("", "")
    context = {
        "outcome": outcome,
        "result": outcome.result,
        "again": again_of(outcome.begins_at, language),
        "state": state,
        "kind": kind,
    }
    return render(request, "clearance/result.html", context)

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
from certificates.holding import awards_of
from certificates.models import Certificate
from certificates.words import told
from clearance.outcome import again_of, outcome_of
from operations.requests import prefers_json
from people.notification_text import how_you_hear
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
    if prefers_json(request):
        awards = awards_of(attempt)
        finished = Certificate.objects.finished().filter(award__in=awards).count()
        return JsonResponse({"ready": bool(awards) and finished == len(awards)})
    language = get_language() or "az"
    outcome = outcome_of(attempt, language)
    earned = [(held, *told(held.certificate, held.certificate_state)) for held in outcome.earned]
    context = {
        "outcome": outcome,
        "result": outcome.result,
        "again": again_of(outcome.begins_at, language),
        "earned": earned,
        "how_you_hear": how_you_hear(request.user),
    }
    return render(request, "clearance/result.html", context)

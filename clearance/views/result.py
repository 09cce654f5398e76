"""The result of an exam, for who sat it: never a question, an option or the answer key."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.models import Attempt
from people.requests import OfficerRequest, signed_in


@never_cache
@require_safe
@signed_in
def result(request: OfficerRequest, public_id: str) -> HttpResponse:
    attempt = get_object_or_404(Attempt, public_id=public_id)
    if attempt.person_id != request.user.pk:
        raise PermissionDenied(_("A result is shown only to who sat the exam."))
    return redirect("clearance:home")

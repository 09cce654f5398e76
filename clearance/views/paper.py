"""An answer on paper."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from clearance import permissions
from clearance.models import Decision
from clearance.paper import NotOnPaper, paper_of
from operations.limits import limited
from people.requests import OfficerRequest, signed_in

LIMIT, WINDOW = 120, 3600  # pages an hour of one person: each takes a moment of the processor


@never_cache
@require_safe
@signed_in
def paper(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """One page of PDF, for whoever may see the decision."""
    decision = get_object_or_404(Decision.objects.with_all(), public_id=public_id)
    if not permissions.visible_to(request.user).filter(pk=decision.pk).exists():
        raise PermissionDenied(
            _("Only the person who asked, the agency's coordinator and auditors see a decision.")
        )
    if limited(f"paper:{request.user.public_id}", LIMIT, WINDOW):
        messages.error(request, _("Too many pages were made within an hour. Try again later."))
        return redirect("clearance:decision", public_id)
    try:
        made = paper_of(decision, by=request.user)
    except NotOnPaper:
        messages.error(request, _("This receipt could not be checked, so it is not put on paper."))
        return redirect("clearance:decision", public_id)
    response = HttpResponse(made, content_type="application/pdf")
    name = f"{_('answer')}-{public_id}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response

"""A person agrees to a new address, or does not."""

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from operations import clock
from people.actions.addresses import AddressRefused, decide_address
from people.models import AddressRequest
from people.requests import OfficerRequest, recently


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@recently
def address_request(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """Ask the person to agree to a new address. The link stands in a mail to the old one; another person
    does not find it.
    """
    asked = get_object_or_404(AddressRequest, public_id=public_id, person=request.user)
    if request.method == "POST" and request.POST.get("answer") in {"yes", "no"}:
        agreed = request.POST["answer"] == "yes"
        try:
            decide_address(request=asked, agreed=agreed, by=request.user)
        except AddressRefused as refusal:
            messages.error(request, str(refusal))
        else:
            message = _("Your address is changed.") if agreed else _("Your address stays as it is.")
            messages.success(request, message)
        return redirect("people:address_request", public_id)
    open_still = asked.outcome is None and asked.expires_at > clock.now()
    return render(request, "people/address_request.html", {"asked": asked, "open": open_still})

"""The holder's own certificates."""

import logging
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from operations import clock, files
from operations.codes import grouped
from people.requests import OfficerRequest, signed_in

from . import words
from .credentials.jsontext import write_json
from .models import Award, Certificate
from .proving import SUFFIX
from .state import state_at

log = logging.getLogger(__name__)
LATE = timedelta(minutes=10)  # a certificate takes seconds


@require_safe
@never_cache
@signed_in
def mine(request: OfficerRequest) -> HttpResponseBase:
    held = Certificate.objects.held_by(request.user).finished().with_all().order_by("-valid_from", "-pk")
    being_made = Award.objects.being_made().held_by(request.user).order_by("awarded_at")
    context = {
        "held": [summary(found) for found in held],
        "being_made": being_made.select_related("qualification_version__qualification"),
        "late": clock.now() - LATE,
        "section": "certificates",
    }
    return render(request, "certificates/mine.html", context)


def summary(certificate: Certificate) -> dict[str, Any]:
    """Return what lists show of a certificate. Expects `Certificate.objects.with_all()`."""
    certificate_state = state_at(certificate)
    state, tag = words.told(certificate, certificate_state)
    return {
        "certificate": certificate,
        "name": (certificate.bearer.names or {}).get("Latn", ""),
        "code": grouped(certificate.short_code),
        "state": state,
        "tag": tag,
        "certificate_state": certificate_state,
        "first_day": clock.first_day(certificate.valid_from),
        "last_day": clock.last_day(certificate.valid_to),
        "fragment": (certificate.bearer.qr_text or "").partition("#")[2],
    }


@require_safe
@never_cache
@signed_in
def document(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """The signed PDF, for its holder alone."""
    found = _held(request, public_id)
    row = found.documents.first()
    if row is None or row.sha256 is None:
        raise Http404
    try:
        content = files.read(row.sha256, SUFFIX)
    except files.Damaged as error:
        log.error("document damaged", extra={"certificate": public_id, "why": str(error)})
        messages.error(request, _("The file cannot be read just now. The operators have been told."))
        return redirect("certificates:mine")
    return HttpResponse(content, content_type="application/pdf", headers=_saved_as(found, "pdf"))


@require_safe
@never_cache
@signed_in
def credential(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """The Open Badges credential, for its holder alone."""
    found = _held(request, public_id)
    if found.bearer.credential is None:
        raise Http404
    content = write_json(found.bearer.credential)
    return HttpResponse(content, content_type="application/vc", headers=_saved_as(found, "json"))


def _held(request: OfficerRequest, public_id: str) -> Certificate:
    """Somebody else's certificate answers like one that does not exist."""
    held = Certificate.objects.held_by(request.user).finished().select_related("bearer")
    return get_object_or_404(held, public_id=public_id)


def _saved_as(found: Certificate, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{grouped(found.short_code)}.{ending}"'}

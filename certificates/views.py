"""The holder's own certificates."""

import logging
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from locales.languages import rules_of
from operations import clock, files, proposals
from operations.codes import grouped
from people.models import User
from people.requests import OfficerRequest, signed_in

from . import chains, documents, read_model, words
from .actions_appeals import is_open_to_appeal, last_day_of_appeal
from .actions_life import REINSTATE
from .checking import says_what_was_signed
from .credentials.jsontext import write_json
from .earning import open_to
from .models import Award, Certificate, CertificateDocument, EventAppeal
from .proving import SUFFIX
from .renewing import opening_days
from .state import CertificateState, State, state_at

log = logging.getLogger(__name__)
LATE = timedelta(minutes=10)  # a certificate takes seconds


@require_safe
@never_cache
@signed_in
def mine(request: OfficerRequest) -> HttpResponseBase:
    held = Certificate.objects.held_by(request.user).finished().with_all().order_by("-valid_from", "-pk")
    certificates = list(chains.with_neighbours(held))
    being_made = Award.objects.being_made().held_by(request.user).order_by("awarded_at")
    context = {
        "held": rows_of_holder(request.user, certificates),
        "being_made": being_made.select_related("qualification_version__qualification"),
        "late": clock.now() - LATE,
        "section": "certificates",
    }
    return render(request, "certificates/mine.html", context)


def rows_of_holder(holder: User, certificates: Sequence[Certificate]) -> list[dict[str, Any]]:
    """Return what the holder sees of each; given is all that they hold. Expects `Certificate.objects.with_all()`, and
    their neighbours.
    """
    now = clock.now()
    opening = opening_days(certificates, now)
    recognised = {code_of(each) for each in certificates if each.is_recognised}
    can_be_earned = open_to(holder.pk, recognised, now)
    return [
        {
            **summary(each),
            **_decisions(each),
            "neighbours": chains.neighbours(each),
            "opens_on": opening.get(each.pk),
            "exam_is_open": code_of(each) in can_be_earned,
        }
        for each in certificates
    ]


def code_of(certificate: Certificate) -> str:
    return certificate.qualification_version.qualification.code


def _decisions(certificate: Certificate) -> dict[str, Any]:
    """Return what was decided about it and can be appealed against, and what became of appeals."""
    events, now = list(certificate.events.all()), clock.now()
    appeals = [event.appeal for event in events if hasattr(event, "appeal")]
    return {
        "until": state_at(certificate).until,
        "appealable": [
            (event, words.APPEALS[event.kind], last_day_of_appeal(event))
            for event in events
            if is_open_to_appeal(event, events, now)
        ],
        "appeals": appeals,
        "upheld_waits": any(each.outcome == EventAppeal.Outcome.UPHELD for each in appeals)
        and proposals.waiting(act=REINSTATE, subject_id=certificate.public_id).exists(),
    }


def summary(certificate: Certificate) -> dict[str, Any]:
    """Return what lists show of a certificate. Expects `Certificate.objects.with_all()`."""
    certificate_state = state_at(certificate)
    state, tag = words.told(certificate, certificate_state)
    return {
        "certificate": certificate,
        "name": _name(certificate.bearer.names or {}),
        "code": grouped(certificate.short_code),
        "state": state,
        "tag": tag,
        "certificate_state": certificate_state,
        "first_day": clock.first_day(certificate.valid_from),
        "last_day": clock.last_day(certificate.valid_to),
        "rules_end_on": _rules_end_on(certificate, certificate_state),
        "fragment": (certificate.bearer.qr_text or "").partition("#")[2],
    }


def _name(names: Mapping[str, str]) -> str:
    """Return the name on the certificate, in the script of the reader's language where it has that; "" when erased."""
    return names.get(rules_of(get_language()).script) or names.get("Latn", "")


def _rules_end_on(certificate: Certificate, found: CertificateState) -> date | None:
    """Return the last day of one that changed rules end earlier than its days do, unless it is renewed."""
    end = certificate.rules_end_at
    if end is None or end >= certificate.valid_to or found.state not in (State.VALID, State.NOT_YET):
        return None
    return clock.last_day(end)


@require_safe
@never_cache
@signed_in
def document(
    request: OfficerRequest, public_id: str, layout: str = CertificateDocument.AT_ISSUE
) -> HttpResponseBase:
    """The signed PDF, for its holder alone."""
    found = _held(request, public_id)
    row = documents.newest(found, layout)
    if row is None or row.sha256 is None:
        raise Http404
    try:
        content = files.read(row.sha256, SUFFIX)
    except files.Damaged as error:
        return damaged(request, public_id, error, redirect("certificates:mine"))
    return pdf(found, layout, content)


def damaged(
    request: OfficerRequest, public_id: str, error: files.Damaged, back: HttpResponseRedirect
) -> HttpResponseRedirect:
    log.error("document damaged", extra={"certificate": public_id, "why": str(error)})
    messages.error(request, _("The file cannot be read just now. The operators have been told."))
    return back


def pdf(found: Certificate, layout: str, content: bytes) -> HttpResponse:
    """The file, named by the certificate's number, and by its languages where it is not the one made at issue."""
    ending = "pdf" if layout == CertificateDocument.AT_ISSUE else f"{layout}.pdf"
    return HttpResponse(content, content_type="application/pdf", headers=_saved_as(found, ending))


@require_safe
@never_cache
@signed_in
def credential(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """The Open Badges credential, for its holder alone."""
    found = _held(request, public_id)
    if found.bearer.credential is None:
        raise Http404
    kept = read_model.read(public_id)
    if kept is None or not says_what_was_signed(kept):
        log.error("credential differs from what was signed", extra={"certificate": public_id})
        messages.error(request, _("The file cannot be read just now. The operators have been told."))
        return redirect("certificates:mine")
    content = write_json(found.bearer.credential)
    return HttpResponse(content, content_type="application/vc", headers=_saved_as(found, "json"))


def _held(request: OfficerRequest, public_id: str) -> Certificate:
    """Somebody else's certificate answers like one that does not exist."""
    held = Certificate.objects.held_by(request.user).finished().select_related("bearer")
    return get_object_or_404(held, public_id=public_id)


def _saved_as(found: Certificate, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{grouped(found.short_code)}.{ending}"'}

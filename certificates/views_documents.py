"""One certificate on its holder's own page, and its files in each language, for the holder and for registrars."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from operations import files
from operations.requests import prefers_json
from people.requests import OfficerRequest, signed_in
from people.views.guards import for_whom_may

from . import actions_documents, chains
from .documents import files_of, is_being_made
from .forms_life import AsOfForm
from .models import Certificate, CertificateDocument
from .permissions import DOCUMENTS
from .register_page import as_of
from .views import damaged, pdf, rows_of_holder

FILES = "#files"  # the part of a page


@require_safe
@never_cache
@signed_in
def held(request: OfficerRequest, public_id: str) -> HttpResponseBase:
    """One of one's own: its state now or on a day, its files. Somebody else's answers like one that does not exist."""
    own = Certificate.objects.held_by(request.user).finished().with_all()
    certificate = get_object_or_404(own, public_id=public_id)
    if prefers_json(request):
        return JsonResponse({"ready": not is_being_made(certificate)})
    asked = AsOfForm(request.GET if "on" in request.GET else None)
    rows = rows_of_holder(request.user, list(chains.with_neighbours(own)))
    context = {
        "row": next(row for row in rows if row["certificate"] == certificate),
        "files": files_of(certificate),
        "as_of_form": asked,
        "as_of": as_of(certificate, asked),
        "crumbs": [{"text": _("My certificates"), "href": reverse("certificates:mine")}],
        "section": "certificates",
    }
    return render(request, "certificates/held_one.html", context)


@require_POST
@never_cache
@signed_in
def make(request: OfficerRequest, public_id: str, layout: str) -> HttpResponseBase:
    """The holder asks for a file in other languages."""
    own = Certificate.objects.held_by(request.user).finished()
    certificate = get_object_or_404(own, public_id=public_id)
    return _make(request, certificate, layout, back="certificates:held")


@require_POST
@for_whom_may(DOCUMENTS)
def make_for_holder(request: OfficerRequest, public_id: str, layout: str) -> HttpResponseBase:
    """A registrar asks for it."""
    certificate = get_object_or_404(Certificate.objects.finished(), public_id=public_id)
    return _make(request, certificate, layout, back="certificates:one")


def _make(request: OfficerRequest, certificate: Certificate, layout: str, *, back: str) -> HttpResponseBase:
    try:
        actions_documents.make_document(
            certificate=certificate, layout=CertificateDocument.Layout(layout), by=request.user
        )
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect(reverse(back, args=[certificate.public_id]) + FILES)


@require_POST
@for_whom_may(DOCUMENTS, delicate=True)
def take(request: OfficerRequest, public_id: str, layout: str) -> HttpResponseBase:
    """A registrar takes a file: a POST, because it leaves an entry in the audit trail."""
    certificate = get_object_or_404(Certificate.objects.finished(), public_id=public_id)
    chosen = CertificateDocument.Layout(layout)
    try:
        content = actions_documents.take_document(certificate=certificate, layout=chosen, by=request.user)
    except files.Damaged as error:
        return damaged(request, public_id, error, redirect("certificates:one", public_id))
    if content is None:
        raise Http404
    return pdf(certificate, layout, content)

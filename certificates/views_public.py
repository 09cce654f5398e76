"""Pages and documents for everybody. Whoever has only an id sees no name and no agency."""

import json
from collections.abc import Mapping
from functools import wraps
from typing import Any, Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from operations.addresses import client_address
from operations.limits import limited

from . import lists, signing, words
from .checking import examine
from .credentials import did, qr
from .credentials.codes import grouped
from .credentials.errors import ProofError
from .credentials.facts import CertificateFacts, utc_text
from .credentials.jsontext import write_json
from .forms import VerifyForm
from .models import Certificate
from .state import State

LIMIT, WINDOW = 120, 60  # views a minute from one address; an agency's whole network may sit behind it


class View(Protocol):
    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def rate_limited(view: View) -> View:
    """So that numbers cannot be tried out one after the other."""

    @wraps(view)
    def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if limited(f"public:{client_address(request)}", LIMIT, WINDOW):
            return HttpResponse(status=429, headers={"Retry-After": str(WINDOW)})
        return view(request, *args, **kwargs)

    return counted


def _find(**key: str) -> Certificate | None:
    return Certificate.objects.with_all().filter(**key).first()


def _not_known(request: HttpRequest) -> HttpResponse:
    """The same for an id that does not exist and one that could not."""
    context = {"form": VerifyForm(), "alternates": True}
    return render(request, "certificates/not_known.html", context, status=404)


@require_GET
@never_cache
@rate_limited
def certificate(request: HttpRequest, public_id: str) -> HttpResponse:
    found = _find(public_id=public_id)
    if found is None:
        return _not_known(request)
    examination = examine(found)
    context = {
        "certificate": found,
        "examination": examination,
        "facts": examination.facts,
        "signed": json.dumps(_for_the_script(found, examination.facts)),
        "qualification": localised(examination.facts.qualification_names) if examination.facts else "",
        "issuer": localised(examination.facts.issuer_names) if examination.facts else "",
        "code": grouped(found.short_code),
        "verdict": words.verdict(examination.standing),
        "checks": words.check_lines(examination),
        "framed": examination.standing is not None and examination.standing.state is State.VALID,
        "erased": found.bearer.names is None,
        "form": VerifyForm(),
        "section": "verify",
    }
    return render(request, "certificates/certificate.html", context)


def localised(texts: Mapping[str, str]) -> str:
    return texts.get(get_language() or "az", texts["az"])


def _for_the_script(found: Certificate, facts: CertificateFacts | None) -> dict[str, Any]:
    """What the QR token must agree with."""
    if facts is None:
        return {"id": found.public_id}
    return {
        "id": found.public_id,
        "qualification": facts.qualification_code,
        "from": utc_text(facts.valid_from),
        "until": utc_text(facts.valid_until),
        "revocation": [facts.revocation.list_number, facts.revocation.index],
        "suspension": [facts.suspension.list_number, facts.suspension.index],
    }


@require_GET
@rate_limited
def statement(request: HttpRequest, public_id: str) -> HttpResponse:
    """The signed statement: facts without a bearer."""
    found = _find(public_id=public_id)
    if found is None:
        return JsonResponse({"error": "not known"}, status=404)
    return _signed(found.statement, "application/json")


@require_POST
@never_cache
@rate_limited
def credential(request: HttpRequest, public_id: str) -> HttpResponse:
    """The full credential for whoever holds the paper: the part of the QR code after # in the body."""
    found = _find(public_id=public_id)
    fragment = request.POST.get("token", "").strip()
    if found is None or not _opens(fragment, found):
        return JsonResponse({"error": "not known"}, status=404)
    if found.bearer.credential is None:
        return JsonResponse({"error": "erased"}, status=410)
    return _signed(found.bearer.credential, "application/vc")


def _opens(fragment: str, found: Certificate) -> bool:
    try:
        token = qr.read_fragment(fragment)
        qr.verify_token(token, public_id=found.public_id, keyring=signing.keyring())
    except ProofError:
        return False
    return True


@require_http_methods(["GET", "POST"])
@rate_limited
def verify(request: HttpRequest) -> HttpResponse:
    """A number by GET, a pasted link by POST; leads to the certificate's page."""
    data = request.POST if request.method == "POST" else request.GET if "q" in request.GET else None
    form = VerifyForm(data)
    if data is not None and form.is_valid():
        kind, value = form.cleaned_data["q"]
        found = _find(public_id=value) if kind == "id" else _find(short_code=value)
        if found is None:
            return _not_known(request)
        return redirect(reverse("certificates_public:certificate", args=[found.public_id]))
    context = {"form": form, "indexable": data is None, "section": "verify"}
    return render(request, "certificates/verify.html", context)


@require_GET
def status_list(request: HttpRequest, number: int) -> HttpResponse:
    found = lists.current(number)
    if found is None or found.credential is None:
        return JsonResponse({"error": "not known"}, status=404)
    response = _signed(found.credential, "application/vc")
    response.headers["Cache-Control"] = f"public, max-age={int(lists.COPY_LIFE.total_seconds()) // 12}"
    return response


@require_GET
@cache_control(public=True, max_age=3600)
def did_document(request: HttpRequest) -> HttpResponse:
    document = did.did_document(settings.BASE_URL, signing.keyring().public_keys)
    return _signed(document, "application/did+json")


def _signed(document: Any, content_type: str) -> HttpResponse:
    """Canonical bytes, for verifiers in any browser."""
    return HttpResponse(
        write_json(document), content_type=content_type, headers={"Access-Control-Allow-Origin": "*"}
    )

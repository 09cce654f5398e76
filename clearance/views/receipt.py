"""The public receipt: function, answer, instant. No person, no agency; verified at each view."""

from io import BytesIO
from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from certificates.credentials.receipt import MEDIA_TYPE
from certificates.views_public import rate_limited
from clearance import receipts, receipts_override, words
from clearance.models import Decision
from operations import canonical, clock


def _found(public_id: str) -> Decision:
    """Unknown and malformed ids get the same plain answer."""
    decision = Decision.objects.with_all().filter(public_id=public_id).first()
    if decision is None:
        raise Http404
    return decision


@never_cache
@require_safe
@rate_limited()
def receipt(request: HttpRequest, public_id: str) -> HttpResponse:
    decision = _found(public_id)
    reading = receipts.read(decision)
    context: dict[str, Any] = {
        "public_id": decision.public_id,
        "url": receipts.url_of(decision.public_id),
        "reading": reading,
        "key": decision.key,
        "checked_at": clock.now(),
        "last_day": words.whole_day(reading.until),
        "did": settings.ISSUER_DID,
    }
    context["recalled_at"] = decision.recall.at if hasattr(decision, "recall") else None
    override = getattr(decision, "override", None)
    context["overridden"] = override if override and receipts_override.read(override) else None
    if reading.claims is not None:
        names = reading.claims["function"]["name"]
        context["function"] = names.get(get_language()) or names["az"]
        context["verdict"] = words.VERDICTS[reading.claims["answer"]]
        context |= words.beside(reading.claims)
    return render(request, "clearance/receipt.html", context)


@require_safe
@rate_limited()
def receipt_bytes(request: HttpRequest, public_id: str) -> HttpResponse:
    """COSE_Sign1, as signed: anybody checks it with the keys in /.well-known/did.json."""
    response = HttpResponse(bytes(_found(public_id).receipt), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="receipt-{public_id}.cose"'
    return response


@never_cache
@require_safe
@rate_limited(document=True)
def receipt_json(request: HttpRequest, public_id: str) -> HttpResponse:
    """Return what the receipt says, for people who do not read CBOR; `verified` tells whether it still holds."""
    found = _found(public_id)
    claims = receipts.read(found).claims
    return JsonResponse(
        {
            "verified": claims is not None,
            "key": found.key,
            "claims": claims,
            **_recall_json(found),
            **_override_json(found),
        },
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )


def _recall_json(found: Decision) -> dict[str, Any]:
    """Return the time of a recall, where there is one; not the reasons, which tell of the person."""
    return {"recalled_at": canonical.plain(found.recall.at)} if hasattr(found, "recall") else {}


def _override_json(found: Decision) -> dict[str, Any]:
    """The claims of an override's receipt, where there is one."""
    override = getattr(found, "override", None)
    if override is None:
        return {}
    claims = receipts_override.read(override)
    return {"override": {"verified": claims is not None, "key": override.key, "claims": claims}}


@require_safe
@rate_limited()
def override_bytes(request: HttpRequest, public_id: str) -> HttpResponse:
    """COSE_Sign1 of an override, as signed."""
    override = getattr(_found(public_id), "override", None)
    if override is None:
        raise Http404
    response = HttpResponse(bytes(override.receipt), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="override-{public_id}.cose"'
    return response


@require_safe
@rate_limited()
def receipt_qr(request: HttpRequest, public_id: str) -> HttpResponse:
    """The address of the receipt as a QR code."""
    picture = segno.make(receipts.url_of(_found(public_id).public_id), error="m")
    drawn = BytesIO()
    picture.save(drawn, kind="svg", scale=4, border=3, light="#ffffff", xmldecl=False)
    return HttpResponse(drawn.getvalue(), content_type="image/svg+xml")

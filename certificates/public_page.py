"""The public page's words and markup. What does not change between two views is rendered and compressed once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import re_accepts_gzip
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from locales.dates import instant_text
from operations.codes import grouped
from operations.compression import KeptText

from . import words
from .checking import Examination
from .credentials.facts import CertificateFacts, utc_text
from .forms import VerifyForm
from .read_model import Kept
from .state import State

NO_INSTANT = datetime.min.replace(tzinfo=UTC)
WHEN = "<!-- when -->"  # stands in certificates/certificate.html
COOKIES = {settings.SESSION_COOKIE_NAME, "messages"}  # who sends one of them may see another frame
NOBODY: dict[str, object] = {"person": None, "nav": [], "messages": []}  # of base.html
MOST_KEPT = 500  # pages of some 17 KB, and compressed 5


@dataclass(frozen=True, kw_only=True)
class FactsShown:
    code: str
    qualification: str
    qualification_code: str
    first_day: date
    last_day: date
    issuer: str
    legal_baseline: date
    edition: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """All that the page says but the instant: no name, no agency. `examination` is without instant and facts."""

    language: str
    public_id: str
    erased: bool
    for_the_script: str  # JSON
    examination: Examination
    facts: FactsShown | None


_rendered: dict[Shown, KeptText] = {}


def shown(kept: Kept, examination: Examination) -> Shown:
    facts = examination.facts
    return Shown(
        language=get_language() or "az",
        public_id=kept.public_id,
        erased=facts is not None and kept.erased,
        for_the_script=json.dumps(_for_the_script(kept.public_id, facts)),
        examination=replace(examination, at=NO_INSTANT, facts=None),
        facts=_facts_shown(facts) if facts else None,
    )


def _facts_shown(facts: CertificateFacts) -> FactsShown:
    return FactsShown(
        code=grouped(facts.code),
        qualification=_localised(facts.qualification_names),
        qualification_code=facts.qualification_code,
        first_day=facts.first_day,
        last_day=facts.last_day,
        issuer=_localised(facts.issuer_names),
        legal_baseline=facts.legal_baseline,
        edition=facts.edition,
    )


def _localised(texts: Mapping[str, str]) -> str:
    return texts.get(get_language() or "az", texts["az"])


def _for_the_script(public_id: str, facts: CertificateFacts | None) -> dict[str, object]:
    """Return the facts that the QR token must agree with."""
    if facts is None:
        return {"id": public_id}
    return {
        "id": public_id,
        "qualification": facts.qualification_code,
        "from": utc_text(facts.valid_from),
        "until": utc_text(facts.valid_until),
        "revocation": [facts.revocation.list_number, facts.revocation.index],
        "suspension": [facts.suspension.list_number, facts.suspension.index],
    }


def respond(request: HttpRequest, kept: Kept, examination: Examination) -> HttpResponse:
    """The page with the instant of this check. For visitors without a cookie of ours that could change
    it, the rest is rendered once and kept in the memory of the process for as long as nothing it says changes.
    """
    page = shown(kept, examination)
    if settings.DEBUG or request.META.get("QUERY_STRING") or COOKIES & request.COOKIES.keys():
        return HttpResponse(_render(request, page).replace(WHEN, _when(examination.at)))
    text = _rendered.get(page) or KeptText.around(WHEN, _render(request, page))
    if page not in _rendered and len(_rendered) >= MOST_KEPT:
        _rendered.clear()
    _rendered[page] = text  # never read back: another thread may clear at any moment
    if not re_accepts_gzip.search(request.headers.get("Accept-Encoding", "")):
        return HttpResponse(text.filled(_when(examination.at)))
    response = HttpResponse(text.gzipped(_when(examination.at)), headers={"Content-Encoding": "gzip"})
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _render(request: HttpRequest, page: Shown) -> str:
    certificate_state = page.examination.certificate_state
    context = {
        "page": page,
        "facts": page.facts,
        "verdict": words.verdict(certificate_state),
        "checks": words.check_lines(page.examination),
        "framed": certificate_state is not None and certificate_state.state is State.VALID,
        "form": VerifyForm(),
        "section": "verify",
    }
    return render_to_string("certificates/certificate.html", context, request)


def respond_unchecked(request: HttpRequest) -> HttpResponse:
    """The page for when the register cannot be asked: neither database nor session is looked at, so nobody is
    signed in on it.
    """
    context = {
        **NOBODY,
        "verdict": words.verdict(None),
        "text": _("The register cannot be read just now."),
        "form": VerifyForm(),
        "section": "verify",
    }
    html = render_to_string("certificates/not_checked.html", context, request)
    headers = {"Retry-After": "60", "Cache-Control": "no-store"}
    return HttpResponse(html, status=503, headers=headers)


def _when(instant: datetime) -> str:
    text = _("%(instant)s (Baku time)") % {"instant": instant_text(instant)}
    return format_html(
        '<time datetime="{}"><b>{}</b></time>', localtime(instant).isoformat("T", "seconds"), text
    )

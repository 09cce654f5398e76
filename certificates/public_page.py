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
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from locales.dates import instant_text
from operations import clock
from operations.codes import grouped
from operations.compression import KeptText

from . import words
from .checking import Examination
from .credentials.facts import CertificateFacts, utc_text
from .forms import VerifyForm
from .read_model import Kept
from .state import State

CLOCK_BEHIND = gettext_lazy(
    "The server's clock is behind what is already recorded, so it cannot say what holds now."
)
BEING_ENDED = gettext_lazy(
    "The rules of this certificate have changed. Unless it was renewed, its end is being recorded now."
)
NOT_PROVED = gettext_lazy("The certificate has not been verified as a whole since it was issued.")
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
    law_confirmed_on: date | None
    edition: str
    criteria: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """All that the page says but the instant: no name, no agency. `examination` is without instant and facts."""

    language: str
    public_id: str
    erased: bool
    for_the_script: str  # JSON
    examination: Examination
    facts: FactsShown | None
    rules_end_on: date | None = None
    left_on: date | None = None


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
        rules_end_on=_rules_end_on(kept, examination),
        left_on=clock.first_day(kept.left_at) if kept.left_at else None,
    )


def _rules_end_on(kept: Kept, examination: Examination) -> date | None:
    """Return the last day of a valid one that changed rules end earlier than its days do, unless it is renewed."""
    found = examination.certificate_state
    if kept.rules_end_at is None or found is None or found.state is not State.VALID:
        return None
    return clock.last_day(kept.rules_end_at) if kept.rules_end_at < kept.valid_to else None


def is_being_ended(kept: Kept, examination: Examination) -> bool:
    """Return whether the instant has come at which changed rules end a valid one, and the event is not recorded yet."""
    found, end = examination.certificate_state, kept.rules_end_at
    return found is not None and found.state is State.VALID and end is not None and end <= examination.at


def _facts_shown(facts: CertificateFacts) -> FactsShown:
    return FactsShown(
        code=grouped(facts.code),
        qualification=_localised(facts.qualification_names),
        qualification_code=facts.qualification_code,
        first_day=facts.first_day,
        last_day=facts.last_day,
        issuer=_localised(facts.issuer_names),
        legal_baseline=facts.legal_baseline,
        law_confirmed_on=facts.law_confirmed_on,
        edition=facts.edition if facts.of_a_course else "",
        criteria=_localised(facts.criteria),
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
    verdict = words.verdict(certificate_state, page.facts.criteria if page.facts else "", page.left_on)
    if page.examination.slow is None:
        verdict = replace(verdict, text=str(NOT_PROVED))
    context = {
        "page": page,
        "facts": page.facts,
        "verdict": verdict,
        "checks": words.check_lines(page.examination),
        "framed": certificate_state is not None and certificate_state.state is State.VALID,
        "form": VerifyForm(),
        "section": "verify",
    }
    return render_to_string("certificates/certificate.html", context, request)


def respond_unchecked(request: HttpRequest, text: StrOrPromise = "") -> HttpResponse:
    """The page for when the register cannot be asked, or (`text`) what it says not be relied on: neither database nor
    session is looked at, so nobody is signed in on it.
    """
    context = {
        **NOBODY,
        "verdict": words.verdict(None),
        "text": text or _("The register cannot be read just now."),
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

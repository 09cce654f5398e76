"""Pages and documents for everybody. Whoever has only an id sees no name and no agency."""

import json
import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from locales.languages import DEFAULT_LANGUAGE, LANGUAGES
from operations import clock_guard, waiting
from operations.addresses import client_address
from operations.limits import limited
from people.models import Agency

from . import lists, public_page, read_model, signing
from .checking import examine_kept, says_what_was_signed
from .credentials import did, qr
from .credentials.errors import ProofError
from .credentials.jsontext import write_json
from .credentials.keyfiles import KeysRefused
from .forms import ID, VerifyForm
from .models import Certificate, StatusList

log = logging.getLogger(__name__)
PATIENCE = 2.0  # seconds to wait for a database that is locked
LIMIT, WINDOW = 600, 60  # requests a minute from one address: a whole agency may sit behind it
NOBODY = "-" * 22  # shaped like an id, and nobody's
DAY = 86_400  # seconds

type View = Callable[..., HttpResponse]


def rate_limited(*, document: bool = False) -> Callable[[View], View]:
    """Against trying numbers one after the other and against wearing the server out. Who asked for a document
    is told in JSON.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not limited(f"certificates:{client_address(request)}", LIMIT, WINDOW):
                return view(request, *args, **kwargs)
            headers = {"Retry-After": str(WINDOW)}
            if document:
                headers["Cache-Control"] = "no-store"
                return JsonResponse({"error": "too many requests"}, status=429, headers=headers)
            return HttpResponse(status=429, headers=headers)

        return counted

    return decorate


def says_when_unchecked(*, document: bool = False) -> Callable[[View], View]:
    """Answer in words that it could not be checked where the database is away, locked or cannot be read, or the
    keys are not in order, never with a guess, and soon.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                with waiting.at_most(PATIENCE):
                    return view(request, *args, **kwargs)
            except (DatabaseError, KeysRefused):
                log.exception("a certificate could not be checked")
            if document:
                return _not_checked()
            return public_page.respond_unchecked(request)

        return checked

    return decorate


def for_any_site(view: View) -> View:
    """Scripts of every site may read the answer, also that there is none: verifiers run in browsers."""

    @wraps(view)
    def shared(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    return shared


def _key(public_id: str) -> str:
    """Return what to ask the database for: the same one question, whether or not this could be an id."""
    return public_id if ID.fullmatch(public_id) else NOBODY


def _not_known(request: HttpRequest, typed: str = "") -> HttpResponse:
    """The same for what does not exist and for what could not; `typed` stands in the form again."""
    context = {"form": VerifyForm(initial={"q": typed}), "section": "verify"}
    return render(request, "certificates/not_known.html", context, status=404)


@require_safe
@never_cache
@rate_limited()
@says_when_unchecked()
def certificate(request: HttpRequest, public_id: str) -> HttpResponse:
    found = read_model.read(_key(public_id))
    if found is None:
        return _not_known(request)
    examination = examine_kept(found)
    if examination.certificate_state is None:  # perhaps it was read while it was being changed
        found = read_model.read(_key(public_id)) or found
        examination = examine_kept(found)
    if examination.clock_behind:
        return public_page.respond_unchecked(request, public_page.CLOCK_BEHIND)
    if public_page.is_being_ended(found, examination):
        return public_page.respond_unchecked(request, public_page.BEING_ENDED)
    return public_page.respond(request, found, examination)


@require_safe
@for_any_site
@rate_limited(document=True)
@says_when_unchecked(document=True)
def statement(request: HttpRequest, public_id: str) -> HttpResponse:
    """The signed statement: facts without a bearer. It never changes."""
    statement_text = (
        Certificate.objects.filter(public_id=_key(public_id)).values_list("statement", flat=True).first()
    )
    if statement_text is None:
        return _no_document()
    return _signed(statement_text, "application/json", max_age=DAY)


@csrf_exempt  # it changes nothing and asks no session: the token is the right, and its holder has no cookie of ours
@require_POST
@never_cache
@for_any_site
@rate_limited(document=True)
@says_when_unchecked(document=True)
def credential(request: HttpRequest, public_id: str) -> HttpResponse:
    """The full credential for whoever holds the paper: `token` is the text of the QR code, or its part after #.

    Never another one than was signed.
    """
    found = read_model.read(_key(public_id))
    fragment = request.POST.get("token", "").rpartition("#")[2].strip()
    if found is None or not _opens(fragment, found.public_id):
        return _no_document()
    if found.erased:
        return JsonResponse({"error": "erased"}, status=410)
    if not says_what_was_signed(found):
        return _not_checked()
    return _signed(json.loads(found.bearer__credential or ""), "application/vc")


def _opens(fragment: str, public_id: str) -> bool:
    try:
        qr.verify_token(qr.read_fragment(fragment), public_id=public_id, keyring=signing.keyring())
    except ProofError:
        return False
    return True


@csrf_exempt  # a question without consequence: visitors get no cookie, and other sites may ask it
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@rate_limited()
@says_when_unchecked()
def verify(request: HttpRequest) -> HttpResponse:
    """A number by GET or POST, a pasted link by POST; leads to the certificate's page."""
    if clock_guard.is_behind():
        return public_page.respond_unchecked(request, public_page.CLOCK_BEHIND)
    asked = request.POST if request.method == "POST" else request.GET if "q" in request.GET else None
    form = VerifyForm(asked)
    if form.is_valid():
        kind, value = form.cleaned_data["q"]
        key = {"public_id": value} if kind == "id" else {"short_code": value}
        public_id = Certificate.objects.filter(**key).values_list("public_id", flat=True).first()
        if public_id is None:
            return _not_known(request, form["q"].value())
        return redirect("certificates_public:certificate", public_id)
    context = {"form": form, "indexable": asked is None, "section": "verify"}
    return render(request, "certificates/verify.html", context)


@require_safe
@for_any_site
@rate_limited(document=True)
@says_when_unchecked(document=True)
def status_list(request: HttpRequest, number: int) -> HttpResponse:
    """A status list, as current as it can be."""
    row = StatusList.objects.filter(number=number).first()
    if row is None:
        return _no_document()
    shown = lists.current(row)
    return _signed(shown.credential, "application/vc", max_age=int(lists.COPY_LIFE.total_seconds()) // 12)


@require_safe
@rate_limited(document=True)
@says_when_unchecked(document=True)
def agencies(request: HttpRequest, language: str) -> HttpResponse:
    """All agencies by their Azerbaijani name, as QR codes say it, in another language: the same for everybody, so that
    nobody asks for one. Of two that share it none: the code does not say which was meant.
    """
    if language not in LANGUAGES:
        return _no_document()
    named = Agency.objects.order_by("pk").values_list(f"name_{DEFAULT_LANGUAGE}", f"name_{language}")
    found: dict[str, set[str]] = {}
    for signed, shown in named:
        found.setdefault(signed, set()).add(shown or "")
    names = {signed: shown for signed, each in found.items() if len(each) == 1 for shown in each if shown}
    response = JsonResponse(names, json_dumps_params={"ensure_ascii": False})
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@require_safe
@for_any_site
@rate_limited(document=True)
def did_document(request: HttpRequest) -> HttpResponse:
    """The issuer's public keys, retired ones too. No database is asked."""
    try:
        document = did.did_document(settings.BASE_URL, signing.keyring().public_keys)
    except KeysRefused:
        log.exception("the public keys could not be read")
        return _not_checked()
    return _signed(document, "application/did+json", max_age=3600)


def _signed(document: Any, content_type: str, *, max_age: int | None = None) -> HttpResponse:
    """Canonical bytes."""
    response = HttpResponse(write_json(document), content_type=content_type)
    if max_age is not None:
        response.headers["Cache-Control"] = f"public, max-age={max_age}"
    return response


def _no_document() -> HttpResponse:
    return JsonResponse({"error": "not known"}, status=404, headers={"Cache-Control": "no-store"})


def _not_checked() -> HttpResponse:
    headers = {"Cache-Control": "no-store", "Retry-After": str(WINDOW)}
    return JsonResponse({"error": "could not be checked"}, status=503, headers=headers)

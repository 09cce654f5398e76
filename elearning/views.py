"""The way in, the standing pages, and the pages of what went wrong."""

import sys
from collections.abc import Callable

from allauth.account.views import logout
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_http_methods, require_safe

from operations.requests import prefers_json
from people.permissions import positions_of
from standards.models import Figure

from .context import bare_page
from .guides import GUIDES, guides_for, read


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """Leads to /az/, /en/ or /ru/: the language that LanguageMiddleware found (?lang=, cookie, browser)."""
    return redirect(f"/{translation.get_language()}/")


def standing_page(template: str) -> Callable[[HttpRequest], HttpResponse]:
    """A view of a page that is the same for everybody."""

    @require_safe
    def view(request: HttpRequest) -> HttpResponse:
        return render(request, template, {"indexable": True})

    return view


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    hotline = Figure.objects.filter(code="hotline").values_list("value", flat=True).first()
    guides = guides_for(positions_of(request.user), translation.get_language())
    return render(request, "pages/help.html", {"indexable": True, "hotline": hotline, "guides": list(guides)})


@require_safe
def guide_page(request: HttpRequest, guide: str) -> HttpResponse:
    """A guide of docs/guides in the reader's language. None tells a secret, so that everybody may read each."""
    if guide not in GUIDES:
        raise Http404
    shown = read(guide, translation.get_language())
    return render(request, "pages/guide.html", {"indexable": True, "guide": shown})


def not_offered(request: HttpRequest) -> HttpResponse:
    """An address of a library for something that this product does not offer."""
    raise Http404


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cms_logout(request: HttpRequest) -> HttpResponse:
    """Sign out of the editor by POST; a link leads to the page that asks, and leaves cookie and session alone."""
    return logout(request) if request.method == "POST" else redirect("account_logout")


def _refused(request: HttpRequest, status: int, in_short: str, **context: object) -> HttpResponse:
    """Our page, or a line of JSON where a script asked for it."""
    if prefers_json(request):
        return JsonResponse({"error": in_short}, status=status)
    return render(request, f"{status}.html", context, status=status)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _refused(request, 400, _("This request cannot be read."))


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Shows the words of the exception: they are written for the person who is refused."""
    return _refused(request, 403, _("You may not do this."), words=str(exception))


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _refused(request, 404, _("There is no such page."))


@requires_csrf_token
def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _refused(request, 429, _("Too many attempts. Wait a little."))


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "csrf_failure.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks neither the database nor the session: they may be what failed. 503 where the database gave no answer in
    time: the same step succeeds once it does.
    """
    away = isinstance(sys.exception(), OperationalError | InterfaceError)
    status, headers = (503, {"Retry-After": "30"}) if away else (500, {})
    found = getattr(request, "LANGUAGE_CODE", None)
    with translation.override(found or translation.get_language_from_request(request, check_path=True)):
        page = render_to_string("500.html", {**bare_page(request), "status": status})
    return HttpResponse(page, status=status, headers=headers)

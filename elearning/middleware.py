"""Middleware for every answer: content policy, language, our page where one was refused, compression."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from django.middleware.csp import ContentSecurityPolicyMiddleware
from django.middleware.gzip import GZipMiddleware
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.csp import CSP
from django.utils.deprecation import MiddlewareMixin

from . import views

NUL = "\0"
TEXTS = {
    "application/vc",
    "application/javascript",
    "application/xml",
    "image/svg+xml",
}  # besides text/* and JSON
# Wagtail's editor writes styles and small scripts into its pages; it still asks nobody outside.
CMS_POLICY = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "font-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "media-src": [CSP.SELF],
    "frame-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.SELF],  # the preview beside the editor
}


def _in_cms(request: HttpRequest) -> bool:
    return request.path_info.startswith("/cms/")


def _is_text(response: HttpResponseBase) -> bool:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
    return kind.startswith("text/") or kind.endswith("json") or kind in TEXTS


def _is_page(response: HttpResponseBase) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")


class CompressionMiddleware(GZipMiddleware):
    """Compress texts, with Django's random padding (BREACH). Files that are compressed already, and answers
    sent piece by piece, stay as they are; static files lie compressed before WhiteNoise.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not _is_text(response):
            return response
        return super().process_response(request, response)


class ContentPolicyMiddleware(ContentSecurityPolicyMiddleware):
    """The strict policy of the settings everywhere, a policy of its own for /cms/."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if _in_cms(request) and not hasattr(response, "_csp_config"):
            response._csp_config = CMS_POLICY  # type: ignore[attr-defined]  # as csp_override does
        return super().process_response(request, response)


class LanguageMiddleware(LocaleMiddleware):
    """The language of a page: its prefix; without one ?lang=, then the cookie, then the browser's.

    The cookie keeps the language last read, so that printed addresses answer in it.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        chosen = request.GET.get("lang")
        if chosen in dict(settings.LANGUAGES) and not self._prefix(request):
            translation.activate(chosen)
            request.LANGUAGE_CODE = chosen

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response = super().process_response(request, response)
        if _in_cms(request):
            return response
        if not self._prefix(request):
            patch_vary_headers(response, ["Cookie"])
        if _is_page(response) and request.method == "GET":
            self._remember(request, response)
        return response

    @staticmethod
    def _prefix(request: HttpRequest) -> str | None:
        return translation.get_language_from_path(request.path_info)

    @staticmethod
    def _remember(request: HttpRequest, response: HttpResponseBase) -> None:
        """Sets the cookie only where the next address without prefix would answer otherwise."""
        if translation.get_language_from_request(request) == request.LANGUAGE_CODE:
            return
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            request.LANGUAGE_CODE,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


class OwnPageMiddleware(MiddlewareMixin):
    """A page for somebody who is signed in is kept by no browser and no proxy, unless its view says otherwise:
    after signing out on a computer that others use nothing comes back.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
        if signed_in and _is_page(response) and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class KeepableMiddleware(MiddlewareMixin):
    """Refuses, once for all addresses, what PostgreSQL cannot keep or look for: text with a NUL byte.

    Nobody types one. An address with one is not found, like any that does not exist; a value is answered with
    400; a cookie with one is none.
    """

    def process_request(self, request: HttpRequest) -> None:
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if NUL not in value}

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        if NUL in request.path_info:
            raise Http404
        try:
            sent = [request.GET, request.POST]
            escaped = request.content_type == "application/json" and rb"\u0000" in request.body
        except UnreadablePostError as error:
            raise BadRequest("The request broke off.") from error
        texts = (text for data in sent for name, values in data.lists() for text in (name, *values))
        if escaped or any(NUL in text for text in texts):
            raise BadRequest("A value has a NUL byte.")


class RefusalMiddleware(MiddlewareMixin):
    """Dresses an empty "429 Too Many Requests" of any view as our page; its headers stay."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code != 429 or not isinstance(response, HttpResponse) or response.content:
            return response
        page = views.too_many_requests(request)
        for name, value in response.headers.items():
            page.headers.setdefault(name, value)
        return page

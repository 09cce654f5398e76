"""Rules for holders of positions: a second factor in every browser, and a new sign-in where the session is
too old.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.contrib.auth.middleware import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_from_path

from operations.requests import prefers_json
from people.models import User
from people.permissions import SecondFactorNeeded
from people.reauthentication import second_factor_shown

from . import session_limits
from .second_factor import has_second_factor

# Pages on which one signs in, sets the second factor up, or reads for help.
OPEN = ("account/", "people/account/", "help/", "privacy/", "accessibility/")
# Of the pages of the second step: those that ask for it, and the list that leads to them.
ASKING = {"mfa_index", "mfa_authenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn",
          "mfa_login_webauthn", "mfa_trust"}  # fmt: skip


def open_without(path: str) -> bool:
    """Return whether the address answers without a second factor: printed ones always; of the others those
    that begin with OPEN.
    """
    language = get_language_from_path(path)
    if language is None:
        return not path.startswith("/cms/")
    return path.removeprefix(f"/{language}/").startswith(OPEN)


class PositionMiddleware(MiddlewareMixin):
    """Marks the person of the request, nobody where the session is over; leads to the second factor where
    people.permissions asked for it.

    The marks cost no query: they are read from the session when the person is first looked at.
    """

    def process_request(self, request: HttpRequest) -> None:
        request.user = SimpleLazyObject(lambda: self._marked(request))  # type: ignore[assignment]  # as Django's

    @staticmethod
    def _marked(request: HttpRequest) -> object:
        user = get_user(request)
        if isinstance(user, User):
            if reason := session_limits.over(request, user):
                session_limits.end(request, reason)
                return AnonymousUser()
            request.person = user  # type: ignore[attr-defined]  # read by process_response
            user.reads_only = request.method in {"GET", "HEAD"}
            if not second_factor_shown(request, user):
                user.second_factor = "not asked" if open_without(request.path_info) else "missing"
        return user

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Ask for the second factor before factors and recovery codes are changed or read.

        A browser that signed in by the password alone, before there was one, would set up one of its own.
        """
        match = request.resolver_match
        name = (match.url_name if match else None) or ""
        if not name.startswith("mfa_") or name in ASKING:
            return None
        user = request.user
        if isinstance(user, User) and user.second_factor != "shown" and has_second_factor(user):
            return self._lead(request)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return self._lead(request) if isinstance(exception, SecondFactorNeeded) else None

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Lead on from a page whose menu was asked for and could not show what the position opens."""
        if (person := getattr(request, "person", None)) is not None:
            session_limits.note(request, person)
        if getattr(request, "second_factor_needed", False) and response.status_code == 200:
            return self._lead(request)
        return response

    @staticmethod
    def _lead(request: HttpRequest) -> HttpResponse:
        known = isinstance(request.user, User) and has_second_factor(request.user)
        where = reverse("mfa_reauthenticate" if known else "mfa_index")
        if prefers_json(request):
            return JsonResponse({"error": "second factor needed", "where": where}, status=403)
        back = request.get_full_path() if request.method == "GET" else "/"
        request.session["after_second_factor"] = back
        return HttpResponseRedirect(f"{where}?next={quote(back)}")

"""Guards of the pages of people."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_stubs_ext import StrOrPromise

from people.permissions import may
from people.requests import OfficerRequest, recently, recently_to_change, signed_in

type OfficerView = Callable[..., HttpResponseBase]


def for_whom_may(
    code: str, *, delicate: bool = False, refusal: StrOrPromise = gettext_lazy("You may not do this.")
) -> Callable[[OfficerView], OfficerView]:
    """Open a page to people who may do this somewhere; the browser never keeps it.

    `delicate` asks for the password or second factor again. `refusal`: what anybody else is told.
    """
    asked = recently if delicate else signed_in

    def decorated(view: OfficerView) -> OfficerView:
        @never_cache
        @asked
        @wraps(view)
        def checked(request: OfficerRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not may(request.user, code):
                raise PermissionDenied(str(refusal))
            return view(request, *args, **kwargs)

        return checked

    return decorated


def for_whom(code: str) -> Callable[[OfficerView], OfficerView]:
    """Open a page to people who may do this somewhere. Where exactly, the page asks."""
    refusal = gettext_lazy("This page is for coordinators, administrators and auditors.")
    return for_whom_may(code, refusal=refusal)


def form_for(code: str) -> Callable[[OfficerView], OfficerView]:
    """Open a form to people who may do this somewhere; sending it asks for the password or second factor again."""

    def decorated(view: OfficerView) -> OfficerView:
        return require_http_methods(["GET", "HEAD", "POST"])(for_whom(code)(recently_to_change(view)))

    return decorated

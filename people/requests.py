"""Typed requests: behind `signed_in` the user is one of our people, never anonymous."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, cast

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from operations.requests import SignedInRequest

from .models import User
from .reauthentication import proved_recently, too_long_ago


class OfficerRequest(SignedInRequest):
    user: User


def signed_in[**P](
    view: Callable[Concatenate[OfficerRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Lead a stranger to the sign-in page and back here afterwards."""

    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path())
        return view(cast(OfficerRequest, request), *args, **kwargs)

    update_wrapper(checked, view)
    return checked


def recently_to_change[**P](
    view: Callable[Concatenate[OfficerRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Do as `recently` for what is sent; to read the page, as `signed_in`."""
    reading, changing = signed_in(view), recently(view)

    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return (changing if request.method == "POST" else reading)(request, *args, **kwargs)

    update_wrapper(checked, view)
    return checked


def recently[**P](
    view: Callable[Concatenate[OfficerRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Ask for the password or the second factor again where the last time is older than a quarter of an
    hour.

    For delicate steps; a stranger is led as by `signed_in`. What was sent is done after the answer.
    """

    @signed_in
    def checked(request: OfficerRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not proved_recently(request):
            if not get_adapter().get_reauthentication_methods(request.user):
                raise too_long_ago()
            raise ReauthenticationRequired  # allauth's middleware leads to the question, and back
        return view(request, *args, **kwargs)

    update_wrapper(checked, view)
    return checked

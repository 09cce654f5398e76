"""Typed requests: behind `signed_in` the user is one of our people, never anonymous."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from operations.requests import SignedInRequest

from .models import User


class OfficerRequest(SignedInRequest):
    user: User


def signed_in[**P](
    view: Callable[Concatenate[OfficerRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Leads a stranger to the sign-in page and back here afterwards."""

    def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path())
        return view(cast(OfficerRequest, request), *args, **kwargs)

    update_wrapper(checked, view)
    return checked

"""Types of requests, so that no anonymous user reaches an action unseen; what a script asks of a page."""

from collections.abc import Callable
from functools import update_wrapper
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


class SignedInRequest(HttpRequest):
    """A request behind `login_required`. Apps to the right narrow `user` by their own subclass."""

    user: "AbstractBaseUser"  # type: ignore[assignment]  # narrower than Django's union with AnonymousUser


def prefers_json(request: HttpRequest) -> bool:
    """Return whether a script asks this page for how far something is, and no browser for the page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def posted_from(
    page: str, *names: str
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Take what the form of a page sends; a GET leads to that page. `names`: parameters that both addresses have.

    For what may answer with a page, a question or a refusal: its language switch asks for the address by GET.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        posting: Callable[..., HttpResponseBase] = require_POST(view)

        def answer(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method in ("GET", "HEAD"):
                return redirect(reverse(page, kwargs={name: kwargs[name] for name in names}))
            return posting(request, *args, **kwargs)

        return update_wrapper(answer, view)

    return decorate

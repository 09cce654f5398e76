"""Types of requests, so that no anonymous user reaches an action unseen; what a script asks of a page."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


class SignedInRequest(HttpRequest):
    """A request behind `login_required`. Apps to the right narrow `user` by their own subclass."""

    user: "AbstractBaseUser"  # type: ignore[assignment]  # narrower than Django's union with AnonymousUser


def prefers_json(request: HttpRequest) -> bool:
    """Return whether a script asks this page for how far something is, and no browser for the page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"

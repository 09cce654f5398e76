"""Lists that are filtered by their address and searched by what the session keeps."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from .requests import SignedInRequest


def asked_for(request: SignedInRequest, *, kept_as: str) -> dict[str, Any]:
    """Return the filters in the address and, as `q`, what was `searched` for; `?all` forgets it."""
    if "all" in request.GET:
        request.session.pop(kept_as, None)
    return {**request.GET.dict(), "q": request.session.get(kept_as, "")}


def searched(request: SignedInRequest, *, kept_as: str, chosen: dict[str, str], page: str) -> HttpResponse:
    """Keep what was searched for in the session and the filters in the address: a name has no place there."""
    request.session[kept_as] = chosen.pop("q", "")
    filters = urlencode({name: value for name, value in chosen.items() if value})
    return redirect(reverse(page) + (f"?{filters}" if filters else ""))

"""Lists that are filtered by their address and searched by what the session keeps.

A search is applied only where the address says that there is one: a link of the menu or a number that leads to
the list shows what it promises, whatever was searched for before.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from .requests import SignedInRequest

MARK = "searched"  # in the address, or among what is sent, where the session keeps what was searched for


def searched_text(request: SignedInRequest, *, kept_as: str) -> str:
    """Return what the session keeps for this page; empty where its address or form names no search."""
    return str(request.session.get(kept_as, "")) if MARK in (request.POST or request.GET) else ""


def asked_for(request: SignedInRequest, *, kept_as: str) -> dict[str, Any]:
    """Return the filters in the address and, as `q`, what was `searched` for; `?all` forgets it."""
    if "all" in request.GET:
        request.session.pop(kept_as, None)
    return {**request.GET.dict(), "q": searched_text(request, kept_as=kept_as)}


def searched(
    request: SignedInRequest, *, kept_as: str, chosen: dict[str, str], page: str, more: bool = False
) -> HttpResponse:
    """Keep what was searched for in the session and the filters in the address: a name has no place there.

    `more`: whether the session keeps something else of this search.
    """
    request.session[kept_as] = text = chosen.pop("q", "")
    return redirect(address(page, chosen, marked=bool(text) or more))


def address(page: str, filters: Mapping[str, str], *, marked: bool) -> str:
    """Return the address of the list with these filters, and with what was searched for where it is `marked`."""
    kept = {name: value for name, value in filters.items() if value and name != "q"}
    query = urlencode({**kept, **({MARK: "yes"} if marked else {})})
    return reverse(page) + (f"?{query}" if query else "")


def search_chip(text: str, filters: Mapping[str, str], *, page: str) -> dict[str, str] | None:
    """Return what was searched for with the address of the list without it; None where nothing was."""
    return {"text": text, "href": address(page, filters, marked=False)} if text else None

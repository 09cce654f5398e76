"""In which agency? Asked before every act of somebody who may act in several."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from locales.sorting import in_order
from people.models import Agency
from people.requests import OfficerRequest

from .breadcrumbs import to_list


def asked_among(request: OfficerRequest, agencies: Iterable[Agency]) -> Agency | None:
    """Return the agency chosen by `?agency=`, or the only one; None where it is still to be chosen."""
    known, asked = list(agencies), request.GET.get("agency", "")
    return next((agency for agency in known if agency.public_id == asked or len(known) == 1), None)


def choose_agency(
    request: OfficerRequest, agencies: Iterable[Agency], crumbs: Sequence[dict[str, Any]] = ()
) -> HttpResponse:
    """Return the page that leads to the same address with one of the agencies."""
    context = {
        "agencies": in_order(agencies),
        "crumbs": crumbs or [to_list(request)],
    }
    return render(request, "people/choose_agency.html", context)

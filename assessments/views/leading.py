"""The next address of a form, told to the script that sent it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse

from people.requests import OfficerRequest


def leading[**P](
    view: Callable[Concatenate[OfficerRequest, P], HttpResponse],
) -> Callable[Concatenate[OfficerRequest, P], HttpResponse]:
    """Answer {"next": address} instead of a redirect to whoever accepts JSON alone: fetch hides the address."""

    @wraps(view)
    def answered(request: OfficerRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        asked = request.method == "POST" and request.headers.get("Accept") == "application/json"
        if asked and isinstance(response, HttpResponseRedirect):
            return JsonResponse({"next": response.url})
        return response

    return answered

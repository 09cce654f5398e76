"""The real addresses, and some that break or refuse."""

from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from elearning.urls import *  # noqa: F403
from elearning.urls import urlpatterns as real

from .examples import TEMPLATE, context


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


def refused(request: HttpRequest, status: int) -> HttpResponse:
    if status == 403:
        raise PermissionDenied
    return HttpResponse(status=status)


def examples(request: HttpRequest) -> HttpResponse:
    """Every component on one page, with a form that was sent empty."""
    return HttpResponse(engines["django"].from_string(TEMPLATE).render(context(), request))


urlpatterns = [
    path("broken/", broken),
    *i18n_patterns(
        path("broken/", broken), path("refused/<int:status>/", refused), path("examples/", examples)
    ),
    *real,
]

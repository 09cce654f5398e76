"""The real addresses, and some that break or refuse."""

from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import path

from elearning.urls import *  # noqa: F403
from elearning.urls import urlpatterns as real

from .examples import TEMPLATE, context


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


def away(request: HttpRequest) -> HttpResponse:
    raise OperationalError("database is locked")


def refused(request: HttpRequest, status: int) -> HttpResponse:
    if status == 403:
        raise PermissionDenied
    return HttpResponse(status=status)


def examples(request: HttpRequest) -> HttpResponse:
    """Every component on one page, with a form that was sent empty."""
    return HttpResponse(engines["django"].from_string(TEMPLATE).render(context(), request))


def drawn(request: HttpRequest, name: str) -> HttpResponse:
    """A template of ours with nothing to fill it."""
    return render(request, name)


urlpatterns = [
    path("broken/", broken),
    *i18n_patterns(
        path("broken/", broken),
        path("away/", away),
        path("refused/<int:status>/", refused),
        path("examples/", examples),
        path("drawn/<path:name>", drawn),
    ),
    *real,
]

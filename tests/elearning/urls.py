"""The real addresses, and one that breaks."""

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.urls import path

from elearning.urls import *  # noqa: F403
from elearning.urls import urlpatterns as real


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


urlpatterns = [path("broken/", broken), *i18n_patterns(path("broken/", broken)), *real]

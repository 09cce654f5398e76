import os

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import include, path


def by_another_host(request: HttpRequest) -> HttpResponse:
    """As ministries do it: the known address leads to the host that really signs people in."""
    address = request.build_absolute_uri("/identity/o/authorize?" + request.META["QUERY_STRING"])
    return HttpResponseRedirect(address.replace(os.environ["PROVIDER_FRONT"], os.environ["PROVIDER_REAL"]))


urlpatterns = [
    path("front", by_another_host),
    path("", include("allauth.idp.urls")),
    path("accounts/", include("allauth.account.urls")),
]

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from operations.outbox import enqueue

from .errands import KIND


def order(request: HttpRequest, key: str) -> HttpResponse:
    enqueue(KIND, key)
    return HttpResponse("promised")


urlpatterns = [path("order/<key>", order), path("", include("operations.urls_public"))]

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from operations import jobs
from operations.models import Job
from operations.outbox import enqueue

from . import chunks
from .errands import KIND


def order(request: HttpRequest, key: str) -> HttpResponse:
    enqueue(KIND, key)
    return HttpResponse("promised")


def order_job(request: HttpRequest, key: str) -> HttpResponse:
    """Order again where no answer came: one key, one job."""
    if not Job.objects.filter(subject_id=key).exists():
        jobs.start(kind=chunks.KIND, by=None, subject_id=key, total=chunks.ROWS)
    return HttpResponse("promised")


urlpatterns = [
    path("order/<key>", order),
    path("order-job/<key>", order_job),
    path("", include("operations.urls_public")),
]

"""Addresses for load balancers and monitoring."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from . import health


@never_cache
def livez(request: HttpRequest) -> JsonResponse:
    """Answer that the process lives. Asks no database: a load balancer may call it every second."""
    return JsonResponse({"alive": True})


@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all is well, else 503; each check with "ok" or what is wrong."""
    problems = health.recent_problems()
    ready = not any(problems.values())
    answer = {"ready": ready, "checks": {name: words or "ok" for name, words in problems.items()}}
    return JsonResponse(answer, status=200 if ready else 503, json_dumps_params={"ensure_ascii": False})

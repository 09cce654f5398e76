"""Each request has an id in the logs, and is named by its route: what stands in an address may be
a secret or point at a person.
"""

from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware as StructlogMiddleware


class RequestMiddleware(StructlogMiddleware):
    @staticmethod
    def format_request(request: HttpRequest) -> str:
        match = request.resolver_match
        return f"{request.method} /{match.route}" if match else f"{request.method} (no such address)"

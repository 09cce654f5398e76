"""The link that waits between the provider's word and the person's own: kept in the session for some
minutes.
"""

from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from operations import clock
from people.models import User

from .configuration import OpenIDConnect, Saml

KEY = "people_sign_on_waiting"
MINUTES = 15


@dataclass(frozen=True)
class Waiting:
    """A provider's name for somebody (`subject`) that is to be linked to the account of `person`."""

    provider: str
    subject: str
    person: str  # public id
    next: str
    at: float


def await_existing_sign_in(
    request: HttpRequest, provider: OpenIDConnect | Saml, subject: str, person: User, state: dict[str, Any]
) -> str:
    """Keep what is to be linked, and return the address of the page that asks."""
    moment = clock.real_now().timestamp()
    waiting = Waiting(provider.id, subject, person.public_id, state.get("next") or "", moment)
    request.session[KEY] = asdict(waiting)
    return reverse("accounts:link_sign_on")


def waiting_in(request: HttpRequest) -> Waiting | None:
    kept = request.session.get(KEY)
    if kept is None:
        return None
    waiting = Waiting(**kept)
    return waiting if clock.real_now().timestamp() - waiting.at < MINUTES * 60 else None


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)

"""Sessions that end before their week is over: of whoever can do the most harm with them.

Who holds such a position is signed out twelve hours after signing in, and after an hour without a request. The
session itself remembers when, and the person of a request comes with the live grants: looking costs no query.
"""

import time
from typing import Literal

from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from people.models import Grant, User
from people.reauthentication import first_proof

type Reason = Literal["long", "idle"]

Position = Grant.Position
SHORT_SESSION = {Position.ADMINISTRATOR, Position.REGISTRAR, Position.RULE_OWNER, Position.BREAK_GLASS}
LONGEST, IDLE = 12 * 60 * 60, 60 * 60  # seconds
NOTED_EVERY = 60  # seconds: a request is noted in the session at most so often
SINCE, SEEN = "signed_in_at", "seen_at"
WORDS = {
    "long": _(
        "You were signed out: with your position you must sign in again after 12 hours. What was "
        "saved is kept."
    ),
    "idle": _(
        "You were signed out: with your position a session ends after 60 minutes without activity. What "
        "was saved is kept."
    ),
}


def begin(request: HttpRequest) -> None:
    """Note in the session when it begins."""
    request.session[SINCE] = time.time()


def over(request: HttpRequest, user: User) -> Reason | None:
    """Return why the session is over; None while it is not, and for who holds no such position."""
    if not _ends_early(user):
        return None
    since = request.session.get(SINCE) or first_proof(request, user)
    if time.time() - since > LONGEST:
        return "long"
    return "idle" if time.time() - request.session.get(SEEN, since) > IDLE else None


def end(request: HttpRequest, reason: Reason) -> None:
    """Sign this browser out, and say why on the next page."""
    request.session.flush()
    messages.warning(request, WORDS[reason], fail_silently=True)


def note(request: HttpRequest, user: User) -> None:
    """Note in the session that the person was here, where it may end early."""
    session = request.session
    if SESSION_KEY not in session or not _ends_early(
        user
    ):  # signed out by this very request, or needs no note
        return
    if time.time() - session.get(SEEN, session.get(SINCE, 0)) > NOTED_EVERY:
        session[SEEN] = time.time()


def _ends_early(user: User) -> bool:
    return any(position in SHORT_SESSION for position, _agency, _unit in user.live_grants or ())

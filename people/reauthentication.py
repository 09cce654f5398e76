"""Reauthentication: when this browser last showed who sits at it, and whether by a second factor.

Read from what allauth notes in the session at each step of signing in and of asking again.
"""

import time
from typing import Any

from allauth.account.authentication import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
)
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from .allauth_internals import record_authentication
from .models import User

BY_PROVIDER = "socialaccount"  # the method of a record: an agency's own sign-in
SECOND_FACTORS = frozenset({"mfa"})  # the method of a record: app, passkey or recovery code


class TooLongAgo(PermissionDenied):
    """Raised when nothing of the person can be asked again here: neither password nor second factor."""


def second_factor_shown(request: HttpRequest, user: User) -> bool:
    """Return whether this browser showed a second factor since it signed in."""
    return any(record.get("method") in SECOND_FACTORS for record in get_authentication_records(request, user))


def proved_recently(request: HttpRequest) -> bool:
    """Return whether the person signed in, or was asked again, within the last quarter of an hour.

    What an agency's provider said is none: its own session may be a week old.
    """
    user = request.user
    if not isinstance(user, User):
        return False
    records: list[dict[str, Any]] = get_authentication_records(request, user)
    own = [record for record in records if record.get("method") != BY_PROVIDER]
    newest = max((float(record.get("at", 0)) for record in own), default=0.0)
    return time.time() - newest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def first_proof(request: HttpRequest, user: User) -> float:
    """Return when this browser first proved who sits at it, in seconds since 1970; 0 where it is not known."""
    return min(
        (float(record.get("at", 0)) for record in get_authentication_records(request, user)), default=0.0
    )


def note_second_factor(request: HttpRequest, user: User, kind: str) -> None:
    """Note that a factor that was just set up has been shown with it."""
    record_authentication(request, user, "mfa", type=kind)


def forget_second_factor(request: HttpRequest) -> None:
    """Forget what was shown with a second factor: none is left."""
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY, [])
    kept = [record for record in records if record.get("method") not in SECOND_FACTORS]
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept


def too_long_ago() -> TooLongAgo:
    return TooLongAgo(_("You signed in some time ago. Sign out, sign in again, and repeat this step."))

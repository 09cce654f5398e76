"""What allauth tells about signing in; each receiver calls one action or notes one thing."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.dispatch import receiver
from django.http import HttpRequest

from . import actions, mail_sign_in, proof  # noqa: F401 - its notices are registered
from .models import User


@receiver(authenticator_added)
def on_factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **more: Any) -> None:
    actions.note_second_factor(person=user, kind=authenticator.type, change="added", by=user)
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        proof.note_second_factor(request, user, authenticator.type)


@receiver(authenticator_removed)
def on_factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **more: Any) -> None:
    actions.note_second_factor(person=user, kind=authenticator.type, change="removed", by=user)


@receiver(authenticator_reset)
def on_codes_made_anew(request: HttpRequest, user: User, authenticator: Authenticator, **more: Any) -> None:
    actions.note_second_factor(person=user, kind=authenticator.type, change="reset", by=user)

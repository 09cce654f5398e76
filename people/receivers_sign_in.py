"""What allauth tells about signing in; each receiver calls one action or notes one thing."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.dispatch import receiver
from django.http import HttpRequest

from . import actions, mail_sign_in, proof  # noqa: F401 - its notices are registered
from .models import User
from .second_factor import has_second_factor


@receiver(authenticator_added)
def on_factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **more: Any) -> None:
    actions.note_second_factor(person=user, kind=authenticator.type, change="added", by=user)
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        proof.note_second_factor(request, user, authenticator.type)


@receiver(authenticator_removed)
def on_factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **more: Any) -> None:
    """Who has none left has shown none: a position given later opens nothing before there is another."""
    actions.note_second_factor(person=user, kind=authenticator.type, change="removed", by=user)
    if not has_second_factor(user):
        proof.forget_second_factor(request)
        end_other_sessions(request, user)


@receiver(authenticator_reset)
def on_codes_made_anew(request: HttpRequest, user: User, authenticator: Authenticator, **more: Any) -> None:
    actions.note_second_factor(person=user, kind=authenticator.type, change="reset", by=user)


@receiver(password_changed)
@receiver(password_set)
@receiver(password_reset)
def on_password_chosen(request: HttpRequest, user: User, **more: Any) -> None:
    actions.note_password(person=user, by=user)

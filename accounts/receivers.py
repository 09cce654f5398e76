"""Receivers of signals of allauth and people; each calls one action or notes one thing."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from merging.signals import person_merged
from people import reauthentication
from people.models import Grant, User
from people.signals import address_changed, position_given

from . import mail_sign_in, session_limits  # noqa: F401 - its notices are registered
from .actions.invitations import end_invitations
from .actions.passwords import note_password
from .actions.second_factor import note_second_factor
from .models import Invitation
from .second_factor import has_second_factor


@receiver(user_logged_in)
def on_signed_in(request: HttpRequest, **more: Any) -> None:
    session_limits.begin(request)


@receiver(authenticator_added)
def on_factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **more: Any) -> None:
    note_second_factor(person=user, kind=authenticator.type, change="added", by=user)
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        reauthentication.note_second_factor(request, user, authenticator.type)


@receiver(authenticator_removed)
def on_factor_removed(request: HttpRequest, user: User, authenticator: Authenticator, **more: Any) -> None:
    """Note that a factor was removed.

    Where none is left, none counts as shown: a position given later opens nothing before there is another.
    """
    note_second_factor(person=user, kind=authenticator.type, change="removed", by=user)
    if not has_second_factor(user):
        reauthentication.forget_second_factor(request)
        sessions = UserSession.objects.filter(user=user)
        get_adapter().end_sessions([session for session in sessions if not session.is_current()])


@receiver(authenticator_reset)
def on_codes_made_anew(request: HttpRequest, user: User, authenticator: Authenticator, **more: Any) -> None:
    note_second_factor(person=user, kind=authenticator.type, change="reset", by=user)


@receiver(password_changed)
@receiver(password_set)
@receiver(password_reset)
def on_password_chosen(request: HttpRequest, user: User, **more: Any) -> None:
    note_password(person=user, by=user)


@receiver(address_changed, sender=User)
def on_address_changed(sender: type[User], person: User, by: User | None, **more: Any) -> None:
    """End the invitation by mail: its link went to the address that holds no more."""
    end_invitations(person=person, way=Invitation.Way.MAIL, by=by)


@receiver(position_given, sender=User)
def on_position_given(sender: type[User], grant: Grant, by: User, **more: Any) -> None:
    """End printed codes: whoever printed one that is still open could come in as the holder."""
    end_invitations(person=grant.person, way=Invitation.Way.SHEET, by=by)


@receiver(person_merged, sender=User)
def on_person_merged(sender: type[User], gone: User, by: User, **more: Any) -> None:
    end_invitations(person=gone, by=by)

"""Erasure of signing in: addresses, factors, sessions of libraries."""

from importlib import import_module
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.translation import gettext_lazy as _

from people.models import User

from .erasure import Erasure, ErasureStage


def erase(erasure: Erasure) -> None:
    people = erasure.people
    erasure.remove(EmailAddress.objects.filter(user__in=people), _("Your e-mail addresses"))
    for app, model, text in (
        ("mfa", "Authenticator", _("Your second step and recovery codes")),
        ("usersessions", "UserSession", _("Where you were signed in")),
        ("socialaccount", "SocialAccount", _("Your agency's sign-in")),
    ):
        if apps.is_installed(f"allauth.{app}"):
            rows: Any = apps.get_model(app, model)._default_manager.filter(user__in=people)
            erasure.remove(rows, text)
    if erasure.stage is ErasureStage.DRY:
        return  # reading every session is for the errand alone
    sessions = _sessions_of(people)
    erasure.files(_("Your sessions"), [lambda key=key: _end(key) for key in sessions])  # type: ignore[misc]  # mypy cannot type the default


def _sessions_of(people: list[User]) -> list[str]:
    """Return keys of sessions in which one of these is signed in. They say so only once they are decoded."""
    keys = {str(person.pk) for person in people}
    sessions = Session.objects.iterator(chunk_size=1000)
    return [session.session_key for session in sessions if session.get_decoded().get(SESSION_KEY) in keys]


def _end(key: str) -> None:
    import_module(settings.SESSION_ENGINE).SessionStore(key).delete()

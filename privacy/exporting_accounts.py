"""Export of signing in, to the person it is about: addresses, factors, sessions."""

from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.utils.translation import gettext_lazy as _

from .export import Export
from .exporting_people import SECRET


def export_rows(export: Export) -> None:
    shown: Any = {"email": _("e-mail address"), "verified": _("verified"), "primary": _("primary")}
    addresses = EmailAddress.objects.filter(user__in=export.people).order_by("pk")
    export.rows(addresses, _("Your e-mail addresses"), shown)
    shown = {"type": _("kind"), "created_at": _("since"), "last_used_at": _("last used")}
    _of_library(export, "mfa", "Authenticator", _("Your second step"), shown, {"data": SECRET})
    shown = {
        "ip": _("network address"), "user_agent": _("browser"), "created_at": _("since"),
        "last_seen_at": _("last seen"),
    }  # fmt: skip
    withheld = {"session_key": SECRET}
    _of_library(export, "usersessions", "UserSession", _("Where you are signed in"), shown, withheld)
    shown = {"provider": _("sign-in"), "uid": _("known there as"), "last_login": _("last signed in")}
    _of_library(export, "socialaccount", "SocialAccount", _("Your agency's sign-in"), shown, {})


def _of_library(export: Export, app: str, model: str, title: Any, shown: Any, without: Any) -> None:
    """Add a model of allauth, where this installation uses that part of it."""
    if apps.is_installed(f"allauth.{app}"):
        rows = apps.get_model(app, model)._default_manager.filter(user__in=export.people).order_by("pk")
        export.rows(rows, title, shown, without=without)

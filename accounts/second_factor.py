"""The second step of signing in: a code from an app, a passkey, or a recovery code.

Secrets of apps and seeds of recovery codes are kept encrypted with a key made from Django's secret key.
"""

import base64
import hashlib
import time
from collections.abc import Iterable
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.encoding import force_bytes
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from operations import qr
from people.models import Grant, User
from people.permissions.holding import WITHOUT_SECOND_FACTOR

RIGHT_FOR = 30 * (2 * settings.MFA_TOTP_TOLERANCE + 2)  # seconds in which a code could be used again
STANDING = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes only stand in for them


def has_second_factor(user: User) -> bool:
    return bool(with_second_factor([user]))


def with_second_factor(people: Iterable[User]) -> set[int]:
    """Return which of them (by primary key) have one, by one query."""
    factors = Authenticator.objects.filter(user__in=people, type__in=STANDING)
    return set(factors.values_list("user", flat=True))


def needs_second_factor(user: User) -> bool:
    """Return whether this person holds a position that is not open without a second factor."""
    return Grant.objects.live().filter(person=user).exclude(position__in=WITHOUT_SECOND_FACTOR).exists()


@transaction.atomic
def use_up_code(user: User, code: str) -> bool:
    """Return whether the code opens for the first time; from then on it opens nothing, in no process.

    Kept beside the app's secret while it could be right, as a hash. A recovery code is used up by allauth.
    """
    factor = Authenticator.objects.select_for_update(no_key=True).filter(
        user=user, type=Authenticator.Type.TOTP
    )
    app = factor.first()
    if app is None:
        return True
    now, mark = (
        time.time(),
        salted_hmac("accounts.used-code", f"{user.pk}:{code}", algorithm="sha256").hexdigest(),
    )
    recent = [(used, at) for used, at in app.data.get("used", []) if now - at < RIGHT_FOR]
    if mark in dict(recent):
        return False
    app.data["used"] = [*recent, (mark, now)]
    app.save(update_fields=["data"])
    return True


def _cipher() -> MultiFernet:
    keys = [force_bytes(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    digests = [hashlib.blake2b(b"second factor:" + key, digest_size=32).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("Your position needs a second step: set up another one first."),
        "cannot_generate_recovery_codes": _("Set up the second step first."),
        "incorrect_code": _("This code is not right, or it is too old"),
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return "Nişanə" if settings.SECURE else f"Nişanə ({settings.HOST})"

    def build_totp_svg(self, url: str) -> str:
        return qr.drawing(url)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Return whether the factor may go: people who need a second factor keep one."""
        others = Authenticator.objects.filter(user=authenticator.user, type__in=STANDING)
        return others.exclude(pk=authenticator.pk).exists() or not needs_second_factor(authenticator.user)

    def generate_authenticator_name(self, user: User, type: Any) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Key %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return the site's own host from the settings, whatever a request claims."""
        return {"id": settings.HOST.partition(":")[0], "name": "Nişanə"}

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return {**entity, "display_name": user.get_short_name()}

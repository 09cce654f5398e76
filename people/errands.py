"""Mails of signing in, sent by the worker: the page answers as fast whether or not an account exists."""

from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from operations import clock
from operations.models import Errand
from operations.outbox import Step, enqueue, register

from .models import User
from .trail import export  # noqa: F401 - its job is registered

RESET_MAIL = "people.reset_mail"


def send_reset_mail(person: User) -> None:
    """Promise the mail. The link is made when it is sent: no secret waits in the database."""
    moment = int(clock.real_now().timestamp())
    enqueue(RESET_MAIL, f"{person.public_id}:{moment}", person=person.public_id)


def _send(errand: Errand) -> None:
    person = User.objects.filter(public_id=errand.payload["person"], is_active=True).first()
    address = EmailAddress.objects.filter(user=person, primary=True, verified=True).first()
    if person is None or address is None:
        return
    with translation.override(person.language):
        context: dict[str, Any] = {
            "user": person,
            "email": address.email,
            "password_reset_url": _link(person),
        }
        message = get_adapter().render_mail("account/email/password_reset_key", address.email, context)
        message.send()


def _link(person: User) -> str:
    token = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    parts = {"uidb36": user_pk_to_url_str(person), "key": token}
    return f"{settings.BASE_URL}{reverse('account_reset_password_from_key', kwargs=parts)}"


register(RESET_MAIL, Step("send", prepare=_send))

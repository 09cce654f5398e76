"""The letter that asks an address whether it is meant."""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from operations import mail
from operations.models import Errand
from operations.outbox import Step, register

from .actions.sign_ups import MAIL
from .models import SignUpRequest

SALT = "people.sign_up"


def _send(errand: Errand) -> None:
    found = SignUpRequest.objects.filter(public_id=errand.payload["request"], outcome=None, confirmed_at=None)
    if (request := found.first()) is None:
        return
    token = signing.dumps(request.public_id, salt=SALT)
    with translation.override(request.language):
        link = settings.BASE_URL + reverse("people_sign_up_confirm", kwargs={"token": token})
    message = mail.letter(
        "people/mail/sign_up", {"link": link}, subject=_("Confirm your address"), to=request.email,
        language=request.language, message_id=errand.key.replace(":", "."),
    )  # fmt: skip
    try:
        mail.hand_over(message)
    except mail.MailRefused:
        return  # an address that takes no mail lets nobody in


register(MAIL, Step("sent", prepare=_send))

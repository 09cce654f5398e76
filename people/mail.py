"""What people writes to people. Subjects name no person and no reason."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from operations.models import Notice
from operations.notices import register_notice


def _sign_on(notice: Notice) -> dict[str, Any]:
    return {"link": settings.BASE_URL + reverse("people:sign_on")}


register_notice(
    "people.sign_on_linked",
    subject=_("A new way into your account"),
    template="people/mail/sign_on_linked",
    context=_sign_on,
)

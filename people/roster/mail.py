"""What a roster writes to people."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from operations.models import Notice
from operations.notices import register_notice
from people.models import AddressRequest


def _request(notice: Notice) -> dict[str, Any]:
    asked = AddressRequest.objects.get(public_id=notice.subject_id)
    return {
        "link": settings.BASE_URL + reverse("people:address_request", args=[asked.public_id]),
        "last_day": asked.expires_at,
    }


register_notice(
    "people.address_request",
    subject=_("Your agency asks about your address"),
    template="people/mail/address_request",
    context=_request,
)

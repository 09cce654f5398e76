"""Letters of certificates. Subjects name no person, qualification or reason."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from operations.models import Notice
from operations.notices import register_notice


def _context(notice: Notice) -> dict[str, Any]:
    return {"link": f"{settings.BASE_URL}/{get_language() or 'az'}/certificates/"}


def _to_decide(notice: Notice) -> dict[str, Any]:
    return {"link": settings.BASE_URL + reverse("certificates:doubts")}


register_notice(
    "certificates.issued",
    subject=_("Your certificate is ready"),
    template="certificates/mail/issued.html",
    context=_context,
)
register_notice(
    "certificates.in_doubt",
    subject=_("A certificate waits for your decision"),
    template="certificates/mail/in_doubt.html",
    context=_to_decide,
)
register_notice(
    "certificates.revoked",
    subject=_("A notice about a certificate of yours"),
    template="certificates/mail/revoked.html",
    context=_context,
)

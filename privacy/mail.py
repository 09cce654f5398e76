"""Letters to people about their own data. Subjects name no person and no reason."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from operations.models import Notice
from operations.notices import register_notice

from .wording import DECLINED


def _context(notice: Notice) -> dict[str, Any]:
    return {
        "link": f"{settings.BASE_URL}{reverse('privacy:my_data')}",
        "reason": DECLINED.get(notice.threshold, ""),
    }


register_notice("privacy.erased", subject=_("Your data is erased"), template="privacy/mail/erased.html")
register_notice(
    "privacy.erasure_declined",
    subject=_("An answer about your data"),
    template="privacy/mail/erasure_declined.html",
    context=_context,
    may_wait=True,
)
register_notice(
    "privacy.correction_asked",
    subject=_("A request for a correction waits"),
    template="privacy/mail/correction_asked.html",
    context=lambda notice: {
        "link": f"{settings.BASE_URL}{reverse('privacy:correction', args=[notice.subject_id])}"
    },
    may_wait=True,
)
register_notice(
    "privacy.correction_answered",
    subject=_("An answer about your record"),
    template="privacy/mail/correction_answered.html",
    context=_context,
    may_wait=True,
)

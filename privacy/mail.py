"""Letters to people about their own data. Subjects name no person and no reason."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from operations.models import Notice
from operations.notices import register_notice
from people.mail import link_to, to_subject

from .wording import DECLINED


def _context(notice: Notice) -> dict[str, Any]:
    return {
        "link": link_to("privacy:my_data"),
        "reason": DECLINED.get(notice.threshold, ""),
    }


register_notice("privacy.erased", subject=_("Your data is erased"))
register_notice(
    "privacy.erasure_declined",
    subject=_("An answer about your data"),
    context=_context,
    may_wait=True,
)
register_notice(
    "privacy.correction_asked",
    subject=_("A request for a correction waits"),
    context=to_subject("privacy:correction"),
    may_wait=True,
)
register_notice(
    "privacy.correction_answered",
    subject=_("An answer about your record"),
    context=_context,
    may_wait=True,
)

"""Letters to rule owners and auditors about requirements. Subjects name none."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from locales.dates import day_text, instant_text
from operations.models import Notice, Proposal
from operations.notices import register_notice

from .actions_rules import first_day_of
from .models import DutyFunction


def _context(notice: Notice) -> dict[str, Any]:
    proposal = Proposal.objects.get(public_id=notice.subject_id)
    function = DutyFunction.objects.get(public_id=proposal.subject_id)
    return {
        "function": function.name,
        "day": day_text(first_day_of(proposal)),
        "until": instant_text(proposal.expires_at),
        "link": settings.BASE_URL + reverse("clearance:requirement", args=[function.public_id]),
    }


for _kind, _subject in (
    ("requirement_proposed", _("A requirement is proposed")),
    ("requirement_changed", _("A requirement has changed")),
):
    register_notice(
        f"clearance.{_kind}", subject=_subject, template=f"clearance/mail/{_kind}.html", context=_context
    )

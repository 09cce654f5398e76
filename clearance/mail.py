"""Letters to rule owners and auditors about requirements, to duty officers about what they are asked. Subjects name none."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from certificates.models import CertificateEvent
from locales.dates import day_text, instant_text
from operations.codes import grouped
from operations.models import Notice, Proposal
from operations.notices import register_notice
from people.mail import link_to, to_subject
from standards.actions_rules import first_day_of

from .models import DecisionOverride, DutyFunction


def _of_rules(notice: Notice) -> dict[str, Any]:
    proposal = Proposal.objects.get(public_id=notice.subject_id)
    function = DutyFunction.objects.filter(public_id=proposal.subject_id).first()
    return {
        "function": function.name if function else proposal.payload["names"][get_language() or "az"],
        "day": day_text(first_day_of(proposal)),
        "until": instant_text(proposal.expires_at),
        "link": link_to("clearance:requirement", function.public_id)
        if function
        else link_to("clearance:requirements"),
    }


def _of_override(notice: Notice) -> dict[str, Any]:
    override = DecisionOverride.objects.select_related("unit").get(public_id=notice.subject_id)
    return {
        "unit": override.unit.name,
        "until": instant_text(override.review_until),
        "link": link_to("clearance:override", override.public_id),
    }


def _of_loss(notice: Notice) -> dict[str, Any]:
    """Return the way to ask about whose certificate it was; of many that changed rules end, to the desk."""
    event = CertificateEvent.objects.select_related("certificate").filter(public_id=notice.subject_id).first()
    desk = link_to("clearance:desk")
    return {
        "link": f"{desk}?who={grouped(event.certificate.short_code)}" if event else desk,
        "several": event is None,
    }


for _kind, _subject, _about in (
    ("requirement_proposed", _("A requirement is proposed"), _of_rules),
    ("requirement_changed", _("A requirement has changed"), _of_rules),
    ("overridden", _("An overruled refusal waits for your review"), _of_override),
    ("recalled", _("An answer was recalled"), to_subject("clearance:decision")),
):
    register_notice(f"clearance.{_kind}", subject=_subject, context=_about)
# Certificates tell of it, and where one asks is known here.
register_notice(
    "certificates.lost",
    subject=_("A notice about somebody in your units"),
    context=_of_loss,
    template="clearance/mail/lost.html",
)

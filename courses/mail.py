"""Letters about editions: to reviewers who may confirm one, to the trainer to whom one was sent back."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from locales.dates import day_text
from operations.models import Notice, Proposal
from operations.notices import register_notice
from people.mail import link_to

from .edition_proposals import PROPOSED, SENT_BACK, course_of
from .models import EditionRemark


def _about(notice: Notice) -> dict[str, Any]:
    """Its subject is the proposal."""
    proposal = Proposal.objects.get(public_id=notice.subject_id)
    return {
        "course": course_of(proposal).heading,
        "reason": proposal.payload["reason"],
        "pages": len(proposal.payload["pages"]),
        "remarks": EditionRemark.objects.filter(proposal=proposal).count(),
        "day": day_text(proposal.expires_at),
        "link": link_to("courses_cms:proposal", proposal.public_id),
    }


register_notice(PROPOSED, subject=_("An edition of a course waits for a reviewer"), context=_about)
register_notice(SENT_BACK, subject=_("Your edition of a course was sent back"), context=_about)

"""Letters to people about positions and addresses. Subjects name no person, position or reason."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from locales.dates import day_text, end_text, instant_text
from locales.text import written_name
from operations.models import Notice, Proposal
from operations.notices import register_notice

from .actions.registrars import position_of
from .models import AddressRequest, Grant, User


def link_to(name: str, *parts: str) -> str:
    return f"{settings.BASE_URL}{reverse(name, args=parts)}"


def to_page(name: str) -> Callable[[Notice], dict[str, Any]]:
    """Return the context of letters that lead to this page."""
    return lambda notice: {"link": link_to(name)}


def to_subject(name: str) -> Callable[[Notice], dict[str, Any]]:
    """Return the context of letters that lead to what they are about, on this page of it."""
    return lambda notice: {"link": link_to(name, notice.subject_id)}


def _of_grant(notice: Notice) -> dict[str, Any]:
    """Return the position in words; for a third person also the holder's name."""
    grant = Grant.objects.select_related("person", "agency", "unit").get(public_id=notice.subject_id)
    return {
        "position": grant.get_position_display(),
        "area": str(grant.unit or grant.agency or ""),
        "until": end_text(grant.ends_at) if grant.ends_at else "",
        "reason": grant.reason,
        "whose": name_for_reader(grant.person, notice),
        "link": link_to("home"),
        "list_link": link_to("people:grants"),
    }


def _of_proposal(notice: Notice) -> dict[str, Any]:
    proposal = Proposal.objects.get(public_id=notice.subject_id)
    person = User.objects.get(public_id=proposal.subject_id)
    return {
        "whose": name_for_reader(person, notice),
        "until": instant_text(proposal.expires_at),
        "link": link_to("people:registrar_proposal", proposal.public_id),
    }


def _of_nomination(notice: Notice) -> dict[str, Any]:
    proposal = Proposal.objects.get(public_id=notice.subject_id)
    return {**_of_proposal(notice), "position": position_of(proposal).label}


def name_for_reader(person: User, notice: Notice) -> str:
    reader = notice.person
    return written_name(person, reader.language if isinstance(reader, User) else "az")


for _kind, _subject, _context in (
    ("position_given", _("Your positions changed"), _of_grant),
    ("position_ended", _("Your positions changed"), _of_grant),
    ("registrar_proposed", _("Something waits for a second person"), _of_nomination),
    ("registrar_made", _("Who may act has changed"), _of_grant),
    ("registrar_ended", _("Who may act has changed"), _of_grant),
    ("break_glass", _("Security notice: emergency access"), _of_grant),
):
    register_notice(f"people.{_kind}", subject=_subject, context=_context)


def _request(notice: Notice) -> dict[str, Any]:
    asked = AddressRequest.objects.get(public_id=notice.subject_id)
    return {
        "link": link_to("people:address_request", asked.public_id),
        "day": day_text(asked.expires_at),
    }


register_notice(
    "people.address_request",
    subject=_("Your agency asks about your address"),
    context=_request,
)

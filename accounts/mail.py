"""Letters about accounts and ways of signing in. Subjects name no person and no reason."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from locales.dates import instant_text
from operations.models import Notice, Proposal
from operations.notices import register_notice
from people.mail import link_to, name_for_reader, to_page
from people.models import User


def _reset_proposed(notice: Notice) -> dict[str, Any]:
    proposal = Proposal.objects.get(public_id=notice.subject_id)
    person = User.objects.get(public_id=proposal.subject_id)
    return {
        "whose": name_for_reader(person, notice),
        "until": instant_text(proposal.expires_at),
        "link": link_to("accounts:reset_proposal", proposal.public_id),
    }


def _own_proposal(notice: Notice) -> dict[str, Any]:
    """Return the context of what is proposed about the reader; the link leads to the own account."""
    proposal = Proposal.objects.get(public_id=notice.subject_id)
    return {"until": instant_text(proposal.expires_at), "link": link_to("accounts:account")}


for _kind, _subject, _context in (
    ("sign_on_linked", _("A new way into your account"), to_page("accounts:sign_on")),
    ("reset_proposed", _("Something waits for a second person"), _reset_proposed),
    ("own_reset_proposed", _("A change of your sign-in is proposed"), _own_proposal),
    ("account_opened", _("Your account is open again"), to_page("account_login")),
):
    register_notice(f"accounts.{_kind}", subject=_subject, context=_context)

"""Letters about changes of one's own sign-in: one template, in the words of each change."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_lazy as _

from locales.dates import instant_text
from operations.models import Notice
from operations.notices import register_notice
from people.mail import link_to

from .devices import described

# By the last part of the name that allauth gives its letter, or ours.
CHANGES = {
    "password_changed": _("Your password was changed."),
    "password_set": _("Your password was changed."),
    "password_reset": _("Your password was chosen anew, with a link from an e-mail."),
    "totp_activated": _("An app was set up for the second step."),
    "totp_deactivated": _("The app for the second step was removed."),
    "recovery_codes_generated": _("New recovery codes were made. The old ones no longer work."),
    "webauthn_added": _("A passkey was added."),
    "webauthn_removed": _("A passkey was removed."),
    "second_factor_reset": _(
        "An administrator removed your second step, for example after a lost device. Your password stays."
    ),
    "new_device": _("Your account was opened in a browser that it had not been opened in before."),
}


def _context(notice: Notice) -> dict[str, Any]:
    change = notice.kind.removeprefix("accounts.")
    device = ""
    if change == "new_device":
        session = UserSession.objects.filter(pk=notice.subject_id).first()
        device = described(session.user_agent) if session is not None else ""
    return {
        "what": CHANGES[change],
        "device": device,
        "moment": instant_text(notice.created_at),
        "link": link_to("accounts:account"),
        "reset": link_to("account_reset_password"),
    }


for _change in CHANGES:
    register_notice(
        f"accounts.{_change}",
        subject=_("A new browser") if _change == "new_device" else _("A change of your sign-in"),
        template="accounts/mail/sign_in.html",
        context=_context,
    )

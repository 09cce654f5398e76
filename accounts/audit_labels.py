"""Names, in the audit trail, of what accounts does."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from audit.values import name_values
from operations.notices import Rhythm
from operations.trail import Subject, name_acts, name_reasons, name_subject

from .models import Invitation, WhyReset

name_acts(
    {
        "accounts.set_password": gettext_lazy("Password set"),
        "accounts.propose_reset": gettext_lazy("Removal of the second step proposed"),
        "accounts.confirm_reset": gettext_lazy("Removal of the second step confirmed"),
        "accounts.decline_reset": gettext_lazy("Removal of the second step declined"),
        "accounts.withdraw_reset": gettext_lazy("Proposal to remove the second step withdrawn"),
        "accounts.close_account": gettext_lazy("Account closed"),
        "accounts.open_account": gettext_lazy("Account opened again"),
        "accounts.sign_out": gettext_lazy("Signed out everywhere"),
        "accounts.second_factor": gettext_lazy("Second step changed"),
        "accounts.reset_second_factor": gettext_lazy("Second step removed"),
        "accounts.choose_notice_rhythm": gettext_lazy("Choice of when letters come"),
        "accounts.invite": gettext_lazy("Invited"),
        "accounts.send_invitation_again": gettext_lazy("Invitation sent again"),
        "accounts.print_invitation": gettext_lazy("Invitation printed"),
        "accounts.print_new_sheet": gettext_lazy("Sheet for a forgotten password printed"),
        "accounts.use_new_sheet": gettext_lazy("Password replaced by a sheet"),
        "accounts.revoke_invitation": gettext_lazy("Invitation revoked"),
        "accounts.accept_invitation": gettext_lazy("Invitation accepted"),
        "accounts.found": gettext_lazy("First registrars and administrator made"),
        "accounts.link_sign_on": gettext_lazy("Sign-on of the agency linked"),
        "accounts.unlink_sign_on": gettext_lazy("Sign-on of the agency unlinked"),
        "accounts.refuse_sign_on": gettext_lazy("Sign-on of the agency refused"),
    }
)
name_reasons(
    [f"accounts.{act}_reset" for act in ("propose", "confirm", "decline", "withdraw")]
    + ["accounts.reset_second_factor", "accounts.sign_out"],
    dict(WhyReset.choices),
)
name_subject("invitations", gettext_lazy("invitations"))
name_subject(
    "installation",
    gettext_lazy("installation"),
    lambda ids: {subject_id: Subject(_("installation")) for subject_id in ids},
)
name_values(
    "change",
    {
        "added": pgettext_lazy("second step", "added"),
        "removed": pgettext_lazy("second step", "removed"),
        "reset": pgettext_lazy("second step", "made anew"),
    },
)
name_values(
    "kind",
    {
        "totp": gettext_lazy("code from an app"),
        "webauthn": gettext_lazy("passkey"),
        "recovery_codes": gettext_lazy("recovery codes"),
    },
)
name_values("rhythm", dict(Rhythm.choices))
name_values("way", dict(Invitation.Way.choices))

"""Forms of invitations, first sign-in, letters and second steps."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from operations.form_fields import one_of
from operations.notices import Rhythm

from .models import Invitation, WhyReset
from .passwords import LENGTH

STATES = [
    ("", pgettext_lazy("invitations", "all")),
    ("waiting", pgettext_lazy("invitations", "waiting")),
    ("refused", pgettext_lazy("invitations", "not delivered")),
    ("expired", pgettext_lazy("invitations", "expired")),
    ("used", pgettext_lazy("invitations", "accepted")),
    ("revoked", pgettext_lazy("invitations", "withdrawn")),
]
WAYS = [
    ("", _("By e-mail; on a printed sheet where no address is known")),
    (Invitation.Way.SHEET, _("On a printed sheet for everybody")),
]


class SheetForm(forms.Form):
    number = forms.CharField(
        label=_("Service number"), max_length=30, error_messages={"required": _("Enter your service number")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )  # fmt: skip
    code = forms.CharField(
        label=_("Code from the sheet"), max_length=40,
        error_messages={"required": _("Enter the code from the sheet")},
        widget=forms.TextInput(
            attrs={"class": "code", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )  # fmt: skip


class NewPasswordForm(forms.Form):
    password1 = forms.CharField(
        label=_("New password"), strip=False, error_messages={"required": _("Enter a new password")},
        help_text=LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    password2 = forms.CharField(
        label=_("New password, once more"), strip=False,
        error_messages={"required": _("Enter the new password once more")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned and {"password1", "password2"} <= cleaned.keys():
            if cleaned["password1"] != cleaned["password2"]:
                self.add_error("password2", ValidationError(_("The two passwords differ")))
        return cleaned


class InvitationFilter(forms.Form):
    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)


class InviteForm(forms.Form):
    way = forms.ChoiceField(label=_("How"), choices=WAYS, required=False, widget=forms.RadioSelect)


class LettersForm(forms.Form):
    rhythm = forms.ChoiceField(
        label=_("Letters that can wait"),
        choices=Rhythm.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose when letters come."),
            "invalid_choice": _("Choose when letters come."),
        },
    )


class SecondFactorResetForm(forms.Form):
    reason = one_of(WhyReset.choices, label=_("Reason category"), missing=_("Choose a reason from the list."))

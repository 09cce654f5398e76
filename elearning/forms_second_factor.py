"""The forms of the second step, in our words."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.second_factor import use_up_code
from operations.limits import counted_together
from people.allauth_internals import passkeys
from people.models import User

from .forms import say

CODE = _("Code")
_HINT = _("Six figures from the app, or one of your recovery codes")


def _say_code(field: forms.Field, hint: Any = "", *, first: bool = False) -> None:
    """`first`: the page is there for the code alone, so that one types without looking for the field."""
    say(field, CODE, _("Enter the code"), hint)
    field.widget.attrs.update({"class": "code", "spellcheck": "false", "autocomplete": "one-time-code"})
    if first:
        field.widget.attrs["autofocus"] = True


class _OnceForm:
    """A code opens once, also within the minute and a half in which it is right. While wrong ones cannot be
    counted by all processes together, none is looked at.
    """

    user: Any
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        if not counted_together():
            raise forms.ValidationError(
                _("Codes cannot be checked just now. Try again in a few minutes, or use a passkey.")
            )
        code: str = super().clean_code()  # type: ignore[misc]  # allauth's form is the other base
        if not use_up_code(self.user, "".join(code.split())):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(_OnceForm, base_forms.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self.fields["code"], _HINT, first=not self.is_bound)


class CodeAgainForm(_OnceForm, base_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self.fields["code"], _HINT, first=not self.is_bound)


class ActivateForm(ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_code(self.fields["code"], _("The six figures that the app shows now"))
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class SignInByPasskeyForm(passkey_forms.LoginWebAuthnForm):
    def clean_credential(self) -> Authenticator:
        """A key that is nobody's costs as much as somebody's."""
        credential = self.cleaned_data["credential"]
        passkeys.parse_authentication_response(credential)
        try:
            person = passkeys.extract_user_from_response(credential)
        except forms.ValidationError:
            person = User(pk=0)
        return passkeys.complete_authentication(person, credential)


class AddPasskeyForm(passkey_forms.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)  # the browser is asked for a key that can do both
        say(
            self.fields["name"], _("Name of the key"), _("Enter a name"), _("So that you know it again later")
        )
        self.fields["name"].required = True
        self.fields["name"].max_length = 60
        self.fields["name"].widget.attrs.update(autocomplete="off", maxlength=60)


class RenamePasskeyForm(passkey_forms.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["name"], _("Name of the key"), _("Enter a name"))
        self.fields["name"].widget.attrs.update(autocomplete="off", maxlength=60)

"""The forms of signing in, in our words: labels, hints and what to do when something is missing.

What they check and change stays allauth's.
"""

from typing import TYPE_CHECKING, Any

from allauth.account import forms as allauth_forms
from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

type Words = "str | _StrPromise"

EMAIL = _("E-mail address")
PASSWORD = _("Password")
LENGTH = _("At least 12 characters. Three or four words of your own are easier to remember than symbols.")


def say(field: forms.Field, label: Words, missing: Words, hint: Words = "") -> None:
    """Puts our words on a field; a placeholder would vanish as soon as one types."""
    field.label = label
    field.help_text = hint
    field.error_messages["required"] = missing
    field.widget.attrs.pop("placeholder", None)


def _say_email(field: forms.Field, hint: Words = "") -> None:
    say(field, EMAIL, _("Enter your e-mail address"), hint)
    field.error_messages["invalid"] = _("Enter the address in full, for example ad.soyad@qurum.example")
    field.widget.attrs.update(autocomplete="username", spellcheck="false", inputmode="email")


def _say_new_passwords(form: forms.Form) -> None:
    say(form.fields["password1"], _("New password"), _("Enter a new password"), LENGTH)
    say(form.fields["password2"], _("New password, once more"), _("Enter the new password once more"))


class SignInForm(allauth_forms.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_email(self.fields["login"])
        say(self.fields["password"], PASSWORD, _("Enter your password"))


class AskResetForm(allauth_forms.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_email(self.fields["email"], _("The one your agency gave us"))


class ResetForm(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_new_passwords(self)


class ChangeForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["oldpassword"], _("Current password"), _("Enter your current password"))
        _say_new_passwords(self)


class SetForm(allauth_forms.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_new_passwords(self)


class AskAgainForm(allauth_forms.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["password"], PASSWORD, _("Enter your password"))


class EmailCodeForm(allauth_forms.ConfirmEmailVerificationCodeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self.fields["code"], _("Code from the e-mail"), _("Enter the code from the e-mail"))
        self.fields["code"].widget.attrs.update({"class": "code", "spellcheck": "false"})
